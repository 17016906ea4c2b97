/**
 * A shard's queue of commands for one SKU: one call in flight. The first command leaves at once, those that come meanwhile leave
 * together. What orders need goes before what new orders ask for. Only a `confirm`, which nobody waits for, is not worth a call of its
 * own: it goes with the next one, or after a moment by itself.
 */
import type { SkuCommand, SkuOutcome, SkuOutcomes } from "../../domain/inventory/commands.ts";
import { ASK_AFTER_MS } from "../../domain/inventory/rules.ts";
import { RESERVE_WITHIN_MS } from "../../domain/order/placing.ts";
import type { CommandResult } from "../sku-inventory/sku-inventory.ts";

/** Commands in one call: some 100 KB at the most. */
const MAX_COMMANDS_PER_CALL = 200;
/** For how long a `confirm` waits for a call that it can go with. Far less than the minute after which its hold would ask by itself. */
const CONFIRM_WITHIN_MS = 100;
/** For how long "nothing is left" is answered without asking, while a call to the SKU is under way. */
const SOLD_OUT_FOR_MS = 250;

export type CommandOf<Kind extends SkuCommand["kind"]> = Extract<SkuCommand, { kind: Kind }>;

interface Waiting {
  readonly command: SkuCommand;
  readonly resolve: (outcome: SkuOutcome) => void;
  readonly reject: (fault: unknown) => void;
}

export interface LaneDeps {
  /** Within a time limit: a call that never ends would keep every later command waiting. */
  readonly call: (commands: readonly SkuCommand[]) => Promise<CommandResult[]>;
  /** Epoch ms. */
  readonly clock: () => number;
  /** For whom the SKU may hold units unknown to this instance; outlives the lane, which is dropped while nothing waits in it. */
  readonly unanswered: {
    readonly add: (orderId: string) => void;
    readonly has: (orderId: string) => boolean;
  };
}

export class Lane {
  readonly #deps: LaneDeps;
  readonly #confirms: Waiting[] = [];
  readonly #ordersFirst: Waiting[] = [];
  readonly #reserves: Waiting[] = [];
  #inFlight = false;
  #confirmsSoon = false;
  #soldOutUntil = 0;

  constructor(deps: LaneDeps) {
    this.#deps = deps;
  }

  /** Commands that wait for their call. */
  get waiting(): number {
    return this.#confirms.length + this.#ordersFirst.length + this.#reserves.length;
  }

  /** Whether nothing waits and nothing is under way. */
  get isIdle(): boolean {
    return !this.#inFlight && this.waiting === 0;
  }

  /**
   * @returns the command's outcome
   * @throws where the SKU did not answer in time, was overloaded, or this very command failed; whether it was applied is unknown then
   */
  send<Kind extends SkuCommand["kind"]>(command: CommandOf<Kind>): Promise<SkuOutcomes[Kind]> {
    if (command.kind === "reserve" && this.#isSurelySoldOut(command.orderId)) {
      const outcome = { ok: false, reason: "sold_out", available: 0 } as const;
      return Promise.resolve(outcome as SkuOutcomes[Kind]);
    }
    return new Promise((resolve, reject) => {
      this.#queueOf(command.kind).push({ command, resolve: resolve as Waiting["resolve"], reject });
      this.#next();
    });
  }

  #queueOf(kind: SkuCommand["kind"]): Waiting[] {
    if (kind === "confirm") return this.#confirms;
    return kind === "reserve" ? this.#reserves : this.#ordersFirst;
  }

  #isSurelySoldOut(orderId: string): boolean {
    return this.#inFlight && this.#deps.clock() < this.#soldOutUntil && !this.#deps.unanswered.has(orderId);
  }

  /** Calls with what waits; where that is nothing but confirms, in a moment. */
  #next(): void {
    if (this.#inFlight) return;
    if (this.#ordersFirst.length + this.#reserves.length > 0) this.#callNow();
    else if (this.#confirms.length > 0) this.#confirmSoon();
  }

  #confirmSoon(): void {
    if (this.#confirmsSoon) return;
    this.#confirmsSoon = true;
    setTimeout(() => {
      this.#confirmsSoon = false;
      if (!this.#inFlight) this.#callNow();
    }, CONFIRM_WITHIN_MS);
  }

  #callNow(): void {
    const batch = this.#take();
    if (batch.length === 0) return;
    this.#inFlight = true;
    void this.#call(batch).then(() => {
      this.#inFlight = false;
      this.#next();
    });
  }

  /** What the next call carries: nothing only where nothing waits that is still in time. */
  #take(): Waiting[] {
    const batch = this.#confirms.splice(0, MAX_COMMANDS_PER_CALL);
    batch.push(...this.#ordersFirst.splice(0, MAX_COMMANDS_PER_CALL - batch.length));
    while (batch.length < MAX_COMMANDS_PER_CALL) {
      const next = this.#reserves.splice(0, MAX_COMMANDS_PER_CALL - batch.length);
      if (next.length === 0) break;
      batch.push(...next.filter((waiting) => this.#isInTime(waiting)));
    }
    return batch;
  }

  /** A reserve that has waited until its attempt may write no order any more would only take units from others. */
  #isInTime({ command, reject }: Waiting): boolean {
    if (command.kind !== "reserve" || this.#deps.clock() < command.askAt - ASK_AFTER_MS + RESERVE_WITHIN_MS)
      return true;
    reject(new Error("a reserve waited until it was too late"));
    return false;
  }

  async #call(batch: readonly Waiting[]): Promise<void> {
    const sentAt = this.#deps.clock();
    let results: CommandResult[];
    try {
      results = await this.#deps.call(batch.map(({ command }) => command));
    } catch (fault) {
      for (const { command, reject } of batch) {
        // A release too: without an answer it may have left the order's own hold where it is.
        if (command.kind === "reserve" || command.kind === "release")
          this.#deps.unanswered.add(command.orderId);
        reject(fault);
      }
      return;
    }
    for (const [index, { command, resolve, reject }] of batch.entries()) {
      const result = results[index];
      if (result !== undefined && "outcome" in result) {
        // What gave units back: the next reserve asks again.
        if (command.kind === "release" || command.kind === "settle" || command.kind === "return")
          this.#soldOutUntil = 0;
        if (command.kind === "reserve") this.#learn(result.outcome as SkuOutcomes["reserve"], sentAt);
        resolve(result.outcome);
      } else {
        reject(new Error(`a SKU could not ${command.kind}: ${result?.fault ?? "no result"}`));
      }
    }
  }

  /** @param sentAt when the call left, epoch ms: from then on the answer may be out of date */
  #learn(outcome: SkuOutcomes["reserve"], sentAt: number): void {
    const isSoldOut = !outcome.ok && outcome.reason === "sold_out" && outcome.available === 0;
    this.#soldOutUntil = isSoldOut ? sentAt + SOLD_OUT_FOR_MS : 0;
  }
}
