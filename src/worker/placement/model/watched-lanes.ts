/**
 * An instance's lanes, watched: the production lanes, or weaker ones where one of their defences is off. What a watcher can promise
 * of them is checked here, whichever they are.
 */
import { Lanes, MAX_WAITING_COMMANDS } from "../../../durable-objects/order-shard/lanes.ts";
import type { CommandOf } from "../../../durable-objects/order-shard/lane.ts";
import type { CommandResult } from "../../../durable-objects/sku-inventory/sku-inventory.ts";
import { withinTime } from "../../../adapters/outage/within-time.ts";
import type { SkuObjects } from "../../../durable-objects/sku-inventory/sku-objects.ts";
import type { SkuCommand, SkuOutcomes } from "../../../domain/inventory/commands.ts";
import { ASK_AFTER_MS } from "../../../domain/inventory/rules.ts";
import { RESERVE_WITHIN_MS } from "../../../domain/order/placing.ts";
import type { Defence } from "./defences.ts";
import { OneQueueLanes } from "./one-queue-lanes.ts";

const MAX_COMMANDS_PER_CALL = 200;
const CALL_TIMEOUT_MS = 5_000;

export interface WatchedLanesDeps {
  readonly off: ReadonlySet<Defence>;
  readonly clock: () => number;
  /** Rings after so many ms. */
  readonly timer: (ms: number, ring: () => void) => void;
  /** A call on its way to a SKU. */
  readonly call: (sku: string, commands: readonly SkuCommand[]) => Promise<CommandResult[]>;
  readonly onBroken: (promise: string) => void;
}

type AnyLanes = Pick<Lanes, "send" | "isFull" | "askUntil">;

export class WatchedLanes {
  readonly #deps: WatchedLanesDeps;
  readonly #lanes: AnyLanes;
  readonly #releases: AnyLanes;
  /** Commands that have not left, by SKU. */
  readonly #waiting = new Map<string, Set<SkuCommand>>();
  /** What a lane was shown in place of a command. */
  readonly #shown = new WeakMap<SkuCommand, SkuCommand>();

  constructor(deps: WatchedLanesDeps) {
    this.#deps = deps;
    const { off, clock } = deps;
    const make = (): AnyLanes => {
      const call = (sku: string, commands: readonly SkuCommand[]) => this.#call(sku, commands);
      if (off.has("ordersFirst"))
        return new OneQueueLanes((sku, commands) => withinTime(call(sku, commands), CALL_TIMEOUT_MS, sku));
      const skuObject = (sku: string) => ({ run: (commands: readonly SkuCommand[]) => call(sku, commands) });
      const frozenAt = clock();
      return new Lanes(skuObject as unknown as SkuObjects, off.has("soldOutFor") ? () => frozenAt : clock);
    };
    this.#lanes = make();
    // Lanes that never hear of a release do not ask again after it.
    this.#releases = off.has("askAfterRelease") ? make() : this.#lanes;
  }

  isFull(skus: readonly string[]): boolean {
    return !this.#deps.off.has("laneBound") && this.#lanes.isFull(skus);
  }

  askUntil(at: number): void {
    if (this.#deps.off.has("successorAsks")) return;
    for (const lanes of [this.#lanes, this.#releases]) lanes.askUntil(at);
  }

  async send<Kind extends SkuCommand["kind"]>(
    sku: string,
    command: CommandOf<Kind>,
  ): Promise<SkuOutcomes[Kind]> {
    const { off, onBroken } = this.#deps;
    const waiting = this.#waiting.get(sku) ?? new Set();
    this.#waiting.set(sku, waiting);
    waiting.add(command);
    if (command.kind === "reserve" && waiting.size > MAX_WAITING_COMMANDS)
      onBroken(`more than ${MAX_WAITING_COMMANDS} commands wait for ${sku}, and one more order was let in`);
    try {
      if (off.has("neverShed") && command.kind !== "reserve" && this.#lanes.isFull([sku]))
        throw new Error("shed");
      const lanes = command.kind === "release" ? this.#releases : this.#lanes;
      return await lanes.send<Kind>(sku, this.#asShown(command));
    } catch (fault) {
      // A reserve may have waited until it was too late; what orders need never is.
      if (command.kind !== "reserve" && waiting.has(command))
        onBroken(`${command.kind} was refused by its own shard`);
      throw fault;
    } finally {
      waiting.delete(command);
    }
  }

  /** Without `reserveInTime` a lane does not see how old a reserve is. */
  #asShown<Command extends SkuCommand>(command: Command): Command {
    if (command.kind !== "reserve" || !this.#deps.off.has("reserveInTime")) return command;
    const shown = { ...command, askAt: Infinity };
    this.#shown.set(shown, command);
    return shown;
  }

  async #call(sku: string, left: readonly SkuCommand[]): Promise<CommandResult[]> {
    const { off, call, timer } = this.#deps;
    const commands = left.map((command) => this.#shown.get(command) ?? command);
    this.#leave(sku, commands);
    const answer = call(sku, commands);
    if (!off.has("unresolved")) return await answer;
    // Lanes that cannot tell a command without an answer from one that was undone remember nothing of it.
    const faults = commands.map((): CommandResult => ({ fault: "no answer" }));
    const inTime = new Promise<CommandResult[]>((resolve) =>
      timer(CALL_TIMEOUT_MS - 1, () => resolve(faults)),
    );
    return await Promise.race([answer.catch(() => faults), inTime]);
  }

  #leave(sku: string, commands: readonly SkuCommand[]): void {
    const { onBroken, off, clock } = this.#deps;
    if (commands.length > MAX_COMMANDS_PER_CALL) onBroken(`a call carries ${commands.length} commands`);
    const waiting = this.#waiting.get(sku);
    for (const command of commands) {
      waiting?.delete(command);
      const isLate =
        command.kind === "reserve" && clock() >= command.askAt - ASK_AFTER_MS + RESERVE_WITHIN_MS;
      if (isLate && !off.has("ordersFirst"))
        onBroken(`a reserve of ${command.orderId} left when its attempt could write no order any more`);
    }
    if (!commands.some(({ kind }) => kind === "reserve") || off.has("askAfterRelease")) return;
    for (const { kind, orderId } of waiting ?? [])
      if (kind !== "reserve") onBroken(`new orders left before the ${kind} of ${orderId}`);
  }
}
