/**
 * The orders of a shard, changed by the rules one at a time: write, then take whatever step the new state calls for. The object around
 * it says what happens when.
 */
import { atMost } from "../../adapters/outage/within-time.ts";
import type { Telemetry } from "../../adapters/telemetry/telemetry.ts";
import { backoffMs, type BackoffOptions } from "../../domain/backoff.ts";
import { compacted, compactsAt } from "../../domain/order/compaction.ts";
import {
  mayEraseContact,
  nextUnitStep,
  nextWakeAt,
  STEP_PATIENCE_MS,
  stepAnswered,
  stepFailed,
} from "../../domain/order/next-step.ts";
import { dueReached, holdMissing } from "../../domain/order/payment.ts";
import type { OrderState } from "../../domain/order/state.ts";
import type { ConfirmationPace } from "./confirmation-pace.ts";
import type { Lanes } from "./lanes.ts";
import type { OrderOutbox } from "./order-outbox.ts";
import type { DueOrder, OrderRows } from "./order-rows.ts";
import { stepTaken, takeUnitStep, unitCommands } from "./unit-steps.ts";

/** Who does what an order owes at Stripe: the payments queue is asked, or the caller (its consumer) does it itself. */
export type Asker = "queue" | "caller";

/** Steps one drive takes at most: the longest real chain is three, so more means a fault in the rules. */
const MAX_STEPS = 8;
/** An order that was just woken is woken no sooner again, ms: whatever was due has been done. */
const LOOK_AGAIN_MS = 500;
/** An order whose rules throw or whose state cannot be read is left alone for so long. */
const SET_ASIDE: BackoffOptions = { baseMs: 60_000, maxMs: 3_600_000 };

export interface OrdersDeps {
  readonly rows: Pick<
    OrderRows,
    "state" | "save" | "saveWakeAt" | "eraseContact" | "countFault" | "clearFaults" | "putOff"
  >;
  readonly lanes: Pick<Lanes, "send">;
  readonly outbox: Pick<OrderOutbox, "collect" | "flush">;
  readonly pace: Pick<ConfirmationPace, "moved">;
  readonly telemetry: Telemetry;
  /** Epoch ms; never runs backwards. */
  readonly clock: () => number;
  readonly random: () => number;
  /** Has the alarm ring no later than this (epoch ms). */
  readonly arm: (at: number | null) => void;
  /** Lets the promise run on; it never rejects. */
  readonly inBackground: (work: Promise<void>) => void;
}

export interface ChangeOptions {
  readonly asker?: Asker;
  readonly patienceMs?: number;
}

export class Orders {
  readonly #deps: OrdersDeps;
  readonly #drives = new Map<string, Promise<void>>();

  constructor(deps: OrdersDeps) {
    this.#deps = deps;
  }

  /** Starts what a due order has to do, and waits for no SKU: a slow one stops no other order. */
  wake(due: DueOrder): void {
    const { orderId } = due;
    try {
      if ("fault" in due) throw due.fault;
      const next = dueReached(due.state, this.nowOf(due.state));
      this.store(due.state, next, "queue", true);
      void this.#driveOrNote(orderId, "queue");
    } catch (fault) {
      this.#setAside(orderId, fault);
    }
  }

  /**
   * One change by the rules, then whatever follows from it. A step that fails is only noted: the change itself is written, and the
   * alarm takes the step again.
   *
   * @param options `patienceMs`: how long to wait for the steps, which continue in any case; a slow SKU must not hold up what a
   * queue says of other orders
   */
  async change(
    orderId: string,
    rule: (state: OrderState, now: number) => OrderState,
    { asker = "queue", patienceMs = Infinity }: ChangeOptions = {},
  ): Promise<void> {
    const state = this.#deps.rows.state(orderId);
    if (state === null) return;
    this.store(state, rule(state, this.nowOf(state)), asker);
    // A step whose retry is still ahead is the alarm's.
    const changed = this.#deps.rows.state(orderId);
    if ((changed?.stepRetry?.nextAt ?? 0) > this.#deps.clock()) return;
    const drive = this.#driveOrNote(orderId, asker);
    if (patienceMs > 0) await atMost(drive, patienceMs);
  }

  /**
   * A SKU has no hold of the order's content: while the order still counts on it, that is a fault of the protocol, or clocks further
   * apart than the grace. The order ends as one that lost its units, and does not promise them until it is paid. Never rejects.
   */
  async confirmRefused(orderId: string, sku: string): Promise<void> {
    const { telemetry, rows } = this.#deps;
    try {
      const before = rows.state(orderId);
      await this.change(orderId, holdMissing);
      if (rows.state(orderId)?.version === before?.version) return;
      telemetry.log("error", "order.confirm_refused", { orderId, sku });
      telemetry.count("confirms_refused", { sku });
    } catch (fault) {
      // The order's next step at that SKU finds out the same.
      telemetry.fault("order.confirm_refusal_lost", fault, { orderId, sku });
    }
  }

  /** Each item by itself, those of one order one after the other. One that throws sets its order aside and stops no other. */
  async eachInTurn<Item extends { readonly orderId: string }, Answer>(
    items: readonly Item[],
    work: (item: Item) => Promise<Answer>,
    otherwise: Answer,
  ): Promise<Answer[]> {
    const answers: Answer[] = items.map(() => otherwise);
    const perOrder = Map.groupBy(items.entries(), ([, { orderId }]) => orderId);
    await Promise.all(
      [...perOrder].map(async ([orderId, entries]) => {
        try {
          const before = this.#deps.rows.state(orderId)?.version;
          for (const [index, item] of entries) answers[index] = await work(item);
          this.#noteProgress(orderId, before);
        } catch (fault) {
          this.#setAside(orderId, fault);
        }
      }),
    );
    return answers;
  }

  /**
   * Writes a state, and sends what is due with it, so that both are one write. Where a step is about to be taken that waits for the
   * step's end. Personal data that nobody needs any more leaves here, and an old order is compacted.
   *
   * @param isAwake whether the order was woken by its time: then the next one is set in any case
   */
  store(before: OrderState, next: OrderState, asker: Asker, isAwake = false): void {
    const now = this.nowOf(next);
    let stored = next;
    if (mayEraseContact(stored)) {
      this.#deps.rows.eraseContact(stored.orderId);
      stored = { ...stored, contactErased: true };
    }
    const compactAt = compactsAt(stored);
    if (compactAt !== null && compactAt <= now) {
      this.#deps.rows.eraseContact(stored.orderId);
      stored = compacted(stored);
    }
    const isStepAhead = nextUnitStep(stored) !== null && stored.stepRetry === null && !isAwake;
    const told = stored;
    if (!isStepAhead) stored = this.#deps.outbox.collect(stored, asker, now);
    if (stored === before && !isAwake) return;
    const nextAt = isStepAhead ? now + STEP_PATIENCE_MS : nextWakeAt(stored, now);
    const wakeAt = isAwake && nextAt !== null ? Math.max(nextAt, now + LOOK_AGAIN_MS) : nextAt;
    if (stored === before) this.#deps.rows.putOff(stored.orderId, wakeAt);
    else if (isFirstSent(before, stored)) this.#deps.rows.saveWakeAt(stored, wakeAt);
    else this.#deps.rows.save(stored, wakeAt);
    this.#deps.pace.moved(before, stored, now);
    this.#deps.arm(wakeAt);
    if (stored !== told) this.#deps.inBackground(this.#deps.outbox.flush());
  }

  async #driveOrNote(orderId: string, asker: Asker): Promise<void> {
    try {
      await this.drive(orderId, asker);
    } catch (error) {
      this.#deps.telemetry.fault("order.step_failed", error, { orderId });
    }
  }

  /** Takes the steps the state calls for, one drive of an order at a time; a caller that finds one running awaits it. */
  async drive(orderId: string, asker: Asker): Promise<void> {
    const running = this.#drives.get(orderId);
    if (running !== undefined) {
      await running;
      return;
    }
    const state = this.#deps.rows.state(orderId);
    if (state === null || nextUnitStep(state) === null) return;
    const drive = this.#takeSteps(orderId, asker).finally(() => this.#drives.delete(orderId));
    this.#drives.set(orderId, drive);
    await drive;
  }

  async #takeSteps(orderId: string, asker: Asker): Promise<void> {
    for (let count = 0; count < MAX_STEPS; count++) {
      const taken = await this.#takeStep(orderId, asker);
      if (taken) continue;
      if (count > 0) this.#deps.rows.clearFaults(orderId);
      return;
    }
    const fault = new Error("an order's steps never ended");
    this.#setAside(orderId, fault);
    throw fault;
  }

  /**
   * One step at the SKUs, and the order after it.
   *
   * @returns false where the order calls for none
   * @throws where a SKU did not answer, and the step is taken again; or where the order's rules failed, and it is set aside
   */
  async #takeStep(orderId: string, asker: Asker): Promise<boolean> {
    let unanswered: unknown;
    try {
      const before = this.#deps.rows.state(orderId);
      const step = before === null ? null : nextUnitStep(before);
      if (before === null || step === null) return false;
      const commands = unitCommands(before, step);
      const answers = await takeUnitStep(this.#deps.lanes, commands).catch((failure: unknown) => {
        unanswered = failure;
        return null;
      });
      // Read again: the order may have been decided while the SKUs were answering.
      const after = this.#deps.rows.state(orderId);
      if (after === null) return false;
      if (answers !== null) {
        this.store(after, stepAnswered(stepTaken(after, step, answers, this.nowOf(after))), asker);
        return true;
      }
      this.store(after, stepFailed(after, this.#deps.clock(), this.#deps.random()), asker);
    } catch (ruleFault) {
      this.#setAside(orderId, ruleFault);
      throw ruleFault;
    }
    throw unanswered;
  }

  /** An order that moved on, and has no step left to take, is well: its next fault begins with the shortest wait. */
  #noteProgress(orderId: string, versionBefore: number | undefined): void {
    const state = this.#deps.rows.state(orderId);
    if (state !== null && state.version !== versionBefore && nextUnitStep(state) === null)
      this.#deps.rows.clearFaults(orderId);
  }

  /** Kept, counted and looked at again later, longer each time; no other order waits for it. */
  #setAside(orderId: string, fault: unknown): void {
    const faults = this.#deps.rows.countFault(orderId);
    const at = this.#deps.clock() + backoffMs(faults, SET_ASIDE, this.#deps.random());
    this.#deps.rows.putOff(orderId, at);
    this.#deps.arm(at);
    this.#deps.telemetry.fault("order.set_aside", fault, { orderId, attempts: faults });
    this.#deps.telemetry.count("orders_set_aside");
  }

  /** The shard's clock; an order's never runs backwards across instances either. */
  nowOf(state: OrderState): number {
    return Math.max(this.#deps.clock(), state.updatedAt);
  }
}

/** Whether nothing changed but that the snapshot was sent for the first time. Later times are written, so that their pace outlives the instance. */
function isFirstSent(before: OrderState, after: OrderState): boolean {
  if (after.outbox.attempts > 1) return false;
  const keys = Object.keys({ ...before, ...after }) as (keyof OrderState)[];
  return keys.every((key) => key === "outbox" || before[key] === after[key]);
}
