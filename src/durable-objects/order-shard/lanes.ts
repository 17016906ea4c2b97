/** A shard's lanes: one for each SKU that its orders have business with. */
import type { SkuCommand, SkuOutcomes } from "../../domain/inventory/commands.ts";
import type { SkuObjects } from "../sku-inventory/sku-objects.ts";
import { withinTime } from "../../adapters/outage/within-time.ts";
import { Lane, type CommandOf } from "./lane.ts";
import { Unanswered } from "./unanswered.ts";

/** Commands that may wait for one SKU before new orders of it are refused: at its 1,000 a second, a second of waiting. */
export const MAX_WAITING_COMMANDS = 1_000;
/**
 * And for all SKUs of a shard: a SKU that hangs must not close the others. A command is 1 KB at the most (its longest part, the orders
 * a browser has a right to, is bounded by a cookie), so this bounds the memory too.
 */
const MAX_WAITING_IN_ALL = 10_000;
/** A call that has not answered by then has failed; each of its commands may be repeated. */
const CALL_TIMEOUT_MS = 5_000;
/** Lanes kept though nothing waits in them. */
const MAX_IDLE_LANES = 1_000;

export class Lanes {
  readonly #skuObject: SkuObjects;
  readonly #clock: () => number;
  readonly #lanes = new Map<string, Lane>();
  readonly #unanswered: Unanswered;

  constructor(skuObject: SkuObjects, clock: () => number) {
    this.#skuObject = skuObject;
    this.#clock = clock;
    this.#unanswered = new Unanswered(clock);
  }

  /** Until then (epoch ms) no order is told "sold out" without asking: a former instance may have left holds that this one cannot know. */
  askUntil(at: number): void {
    this.#unanswered.anyUntil(at);
  }

  /** Whether new orders are to be turned away for a moment. What orders need is sent all the same. */
  isFull(skus: readonly string[]): boolean {
    if (skus.some((sku) => (this.#lanes.get(sku)?.waiting ?? 0) >= MAX_WAITING_COMMANDS)) return true;
    let waiting = 0;
    for (const lane of this.#lanes.values()) waiting += lane.waiting;
    return waiting >= MAX_WAITING_IN_ALL;
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
        withinTime(this.#skuObject(sku).run(commands), CALL_TIMEOUT_MS, `SKU ${sku} did not answer in time`),
      clock: this.#clock,
      unanswered: {
        add: (orderId) => {
          this.#unanswered.add(sku, orderId);
        },
        has: (orderId) => this.#unanswered.has(sku, orderId),
      },
    });
    this.#lanes.set(sku, lane);
    return lane;
  }

  #dropIdle(): void {
    for (const [sku, lane] of this.#lanes) if (lane.isIdle) this.#lanes.delete(sku);
  }
}
