/** A shard's lanes: one for each SKU that its orders have business with. */
import type { SkuCommand, SkuOutcomes } from "../../domain/inventory/commands.ts";
import type { SkuObjects } from "../sku-inventory/sku-objects.ts";
import { withDeadline } from "../deadline.ts";
import { Lane, type CommandOf } from "./lane.ts";

/**
 * Commands that may wait in all lanes of a shard before new orders are refused: at a SKU's 1,000 a second, a second of waiting. A
 * command is 1 KB at the most (its longest part, the orders a browser has a right to, is bounded by a cookie), so this is a
 * megabyte too.
 */
export const MAX_WAITING_COMMANDS = 1_000;
/** A call that has not answered by then has failed; each of its commands may be repeated. */
const CALL_TIMEOUT_MS = 5_000;
/** Lanes kept though nothing waits in them. */
const MAX_IDLE_LANES = 1_000;

export class Lanes {
  readonly #skuObject: SkuObjects;
  readonly #clock: () => number;
  readonly #lanes = new Map<string, Lane>();

  constructor(skuObject: SkuObjects, clock: () => number) {
    this.#skuObject = skuObject;
    this.#clock = clock;
  }

  /** Whether new orders are to be turned away for a moment. What orders need is sent all the same. */
  isFull(skus: readonly string[]): boolean {
    let waiting = skus.length;
    for (const lane of this.#lanes.values()) waiting += lane.waiting;
    return waiting > MAX_WAITING_COMMANDS;
  }

  /** @throws as `Lane.send` */
  send<Kind extends SkuCommand["kind"]>(sku: string, command: CommandOf<Kind>): Promise<SkuOutcomes[Kind]> {
    return this.#laneOf(sku).send<Kind>(command);
  }

  #laneOf(sku: string): Lane {
    const known = this.#lanes.get(sku);
    if (known !== undefined) return known;
    if (this.#lanes.size >= MAX_IDLE_LANES) this.#dropIdle();
    // A stub for each call: one that has seen its object fail stays broken.
    const lane = new Lane({
      call: async (commands) =>
        withDeadline(this.#skuObject(sku).run(commands), CALL_TIMEOUT_MS, `SKU ${sku}`),
      clock: this.#clock,
    });
    this.#lanes.set(sku, lane);
    return lane;
  }

  #dropIdle(): void {
    for (const [sku, lane] of this.#lanes) if (lane.isIdle) this.#lanes.delete(sku);
  }
}
