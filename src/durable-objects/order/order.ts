/**
 * The object that owns one order from its birth until it is closed. Every change of the order goes through here: load,
 * decide by the rules in `domain/order`, write, then carry on (`drive`) with whatever the new state calls for.
 */
import { DurableObject } from "cloudflare:workers";
import { createTelemetry, type Telemetry } from "../../adapters/telemetry/telemetry.ts";
import { MESSAGE_VERSION, type OrderContact } from "../../contracts/messages.ts";
import {
  isUnconfirmed,
  mayEraseContact,
  nextUnitStep,
  nextWakeAt,
  noticeAsked,
  obligationsAsked,
  snapshotConfirmed,
  snapshotSent,
  type UnitStep,
} from "../../domain/order/next-step.ts";
import { erasePerson } from "../../domain/order/erasure.ts";
import type { NoticeKind } from "../../domain/order/notice.ts";
import { holdsConfirmed, holdsLost } from "../../domain/order/opening.ts";
import {
  beginPayment,
  cancelByShopper,
  creationDue,
  dueReached,
  limitReached,
  observeIntent,
  operationDone,
  operationOwed,
  payerJudged,
  paymentRefusal,
  paymentStarted,
  unitLost,
  unitsCommitted,
  unitsSettled,
  type CancelOutcome,
  type PaymentRefusal,
} from "../../domain/order/payment.ts";
import type {
  CreateIntent,
  Intent,
  PaymentOperation,
  PaymentOperationResult,
} from "../../domain/order/payment-operation.ts";
import type { OrderRecord } from "../../domain/order/record.ts";
import {
  openingOrder,
  recordOf,
  type Durations,
  type OpenOrder,
  type OrderState,
} from "../../domain/order/state.ts";
import { skuObjects, type SkuObjects } from "../sku-inventory/sku-objects.ts";
import { Alarm } from "../alarm.ts";
import { orderChanged } from "./order-snapshot.ts";
import { OrderStorage } from "./order-storage.ts";
import { takeUnitStep, type UnitStepOutcome } from "./units.ts";

export type OpenOutcome =
  | { readonly ok: true; readonly replayed: boolean; readonly record: OrderRecord }
  | { readonly ok: false; readonly reason: "fingerprint_mismatch" | "hold_lapsed" };

export type PaymentOutcome =
  | {
      readonly ok: true;
      /** The creation to be made at Stripe, or null when the intent is known. */
      readonly operation: CreateIntent | null;
      readonly intent: { readonly id: string; readonly clientSecret: string } | null;
      readonly record: OrderRecord;
    }
  | { readonly ok: false; readonly reason: PaymentRefusal };

export type CancelAnswer = CancelOutcome & { readonly record: OrderRecord | null };

export interface NoticeContent {
  readonly to: string;
  readonly record: OrderRecord;
  readonly shippingAddress: OrderContact["shippingAddress"];
}

/** Steps one drive takes at most: the longest real chain is three, so more means a fault in the rules. */
const MAX_STEPS = 8;

export class Order extends DurableObject<Env> {
  readonly #storage: OrderStorage;
  readonly #alarm: Alarm;
  readonly #telemetry: Telemetry;
  readonly #skuObject: SkuObjects;
  #driving: Promise<void> | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#storage = new OrderStorage(ctx.storage);
    this.#alarm = new Alarm(ctx.storage);
    this.#telemetry = createTelemetry({ metrics: env.METRICS });
    this.#skuObject = skuObjects(env);
  }

  // -------------------------------------------------------------------------------------------------------- shopper

  /** Opens the order, or meets the one that is there: the same content is a replay, other content is refused. */
  async open(content: OpenOrder, contact: OrderContact, durations: Durations): Promise<OpenOutcome> {
    const existing = this.#storage.state;
    if (existing === null) {
      this.#storage.create(openingOrder(content, durations, Date.now(), Math.random()), contact);
    } else if (existing.fingerprint !== content.fingerprint) {
      return { ok: false, reason: "fingerprint_mismatch" };
    }
    if (existing?.phase !== "live") {
      await this.#drive();
      this.#sendWhatIsDue("queue");
    }
    const state = this.#live();
    if (state === null) return { ok: false, reason: "hold_lapsed" };
    return { ok: true, replayed: existing !== null, record: recordOf(state) };
  }

  read(): OrderRecord | null {
    const state = this.#live();
    return state === null ? null : recordOf(state);
  }

  /** Whether it was placed in this account. */
  isOf(accountId: string): boolean {
    return this.#live()?.accountId === accountId;
  }

  /**
   * The person's account is gone, and they leave the order as far as it can do without them.
   *
   * @returns whether they are out of it, or there is no such order; where not, ask again later
   */
  async erasePerson(): Promise<boolean> {
    const state = this.#storage.state;
    if (state === null) return true;
    const { state: next, erased } = erasePerson(state, this.#now(state));
    if (erased) this.#storage.eraseContact();
    await this.#change(() => next);
    return erased;
  }

  async cancel(): Promise<CancelAnswer> {
    const state = this.#storage.state;
    if (state === null) return { ok: false, reason: "not_found", record: null };
    const cancelled = cancelByShopper(state, this.#now(state));
    await this.#change(() => cancelled.state);
    return { ...cancelled.outcome, record: this.read() };
  }

  /** Begins or resumes paying. A creation it answers is to be made at Stripe and reported by `paymentCreated`. */
  async startPayment(): Promise<PaymentOutcome> {
    const state = this.#storage.state;
    if (state === null) return { ok: false, reason: "not_found" };
    const refusal = paymentRefusal(state, this.#now(state));
    if (refusal !== null) return { ok: false, reason: refusal };
    this.#storage.save(beginPayment(state, this.#now(state)));
    await this.#drive();
    this.#sendWhatIsDue("queue");
    return this.#paymentOutcome();
  }

  /** What came of the creation; the answer is as `startPayment` would give it now. */
  async paymentCreated(result: PaymentOperationResult): Promise<PaymentOutcome> {
    await this.#change((state, now) => operationDone(state, result, now));
    return this.#paymentOutcome();
  }

  // ------------------------------------------------------------------------------------------------- payments queue

  /** Feeds what an event or a listing showed; answers what is to be done at Stripe next. */
  async paymentEvent(intent: Intent): Promise<PaymentOperation | null> {
    await this.#change((state, now) => observeIntent(state, intent, null, now), "caller");
    return this.#owed();
  }

  async nextPaymentOperation(): Promise<PaymentOperation | null> {
    await this.#change(dueReached, "caller");
    return this.#owed();
  }

  /** What came of an operation; answers the next one, but not the one Stripe has just refused: that waits for its time. */
  async recordPaymentOperation(result: PaymentOperationResult): Promise<PaymentOperation | null> {
    await this.#change((state, now) => operationDone(state, result, now), "caller");
    const next = this.#owed();
    return result.outcome === "refused" && next?.kind === result.kind ? null : next;
  }

  // --------------------------------------------------------------------------------- orders and notifications queues

  /** Postgres committed this version (and the contact). */
  async confirmPersisted(version: number, contactPersisted: boolean): Promise<void> {
    await this.#change((state, now) => snapshotConfirmed(state, version, contactPersisted, now));
    this.#moveAlarm();
  }

  noticeContent(kind: NoticeKind): NoticeContent | null {
    const state = this.#live();
    if (state?.notice?.kind !== kind) return null;
    const contact = this.#storage.contact();
    if (contact === null) return null;
    return { to: contact.email, record: recordOf(state), shippingAddress: contact.shippingAddress };
  }

  async noticeSent(kind: NoticeKind): Promise<void> {
    await this.#change((state) => (state.notice?.kind === kind ? { ...state, notice: null } : state));
  }

  // ----------------------------------------------------------------------------------------------------------- time

  /** Somebody thinks the order is overdue: look, and carry on. */
  async poke(): Promise<void> {
    await this.#change(dueReached);
  }

  override async alarm(): Promise<void> {
    this.#alarm.forget();
    try {
      await this.poke();
    } catch (error) {
      // Caught, because a throwing alarm is retried six times and then never again; this one is always armed anew.
      this.#telemetry.fault("order.alarm_failed", error, { orderId: this.#storage.state?.orderId ?? null });
    } finally {
      this.#moveAlarm();
    }
  }

  // --------------------------------------------------------------------------------------------------------- inside

  /**
   * One change by the rules, then whatever follows from it. A step that fails is only noted: the change itself is
   * written, and the alarm takes the step again.
   *
   * @param asker who does what is owed at Stripe: the `queue` is asked, or the `caller` (its consumer) does it itself
   */
  async #change(
    rule: (state: OrderState, now: number) => OrderState,
    asker: "queue" | "caller" = "queue",
  ): Promise<void> {
    const state = this.#storage.state;
    if (state === null) return;
    this.#storage.save(this.#withoutSpentContact(rule(state, this.#now(state))));
    try {
      await this.#drive();
    } catch (error) {
      this.#telemetry.fault("order.step_failed", error, { orderId: state.orderId });
    }
    this.#sendWhatIsDue(asker);
  }

  /** Personal data leaves with the change after which nobody needs it: Postgres' confirmation or the last notice. */
  #withoutSpentContact(state: OrderState): OrderState {
    if (!mayEraseContact(state)) return state;
    this.#storage.eraseContact();
    return { ...state, contactErased: true };
  }

  /** Takes the steps the state calls for, one drive at a time; a caller that finds one running awaits it. */
  async #drive(): Promise<void> {
    this.#driving ??= this.#takeSteps().finally(() => {
      this.#driving = null;
    });
    this.#arm();
    await this.#driving;
  }

  async #takeSteps(): Promise<void> {
    for (let count = 0; count < MAX_STEPS; count++) {
      const before = this.#storage.state;
      const step = before === null ? null : nextUnitStep(before);
      if (before === null || step === null) return;
      const outcome = await takeUnitStep(this.#skuObject, before, step);
      // Read again: the order may have been decided while the SKUs were answering.
      const after = this.#storage.state;
      if (after === null) return;
      if (after.phase === "undoing" && step === "settle") {
        this.#alarm.forget();
        return this.#storage.erase();
      }
      this.#storage.save(stepTaken(after, step, outcome, this.#now(after)));
    }
    throw new Error("an order's steps never ended");
  }

  #paymentOutcome(): PaymentOutcome {
    const state = this.#storage.state;
    if (state === null) return { ok: false, reason: "not_found" };
    const refusal = paymentRefusal(state, this.#now(state));
    if (refusal !== null) return { ok: false, reason: refusal };
    const started = paymentStarted(state, this.#now(state));
    this.#storage.save(started);
    const { payment } = started;
    const intent =
      payment?.intentId == null || payment.clientSecret === null
        ? null
        : { id: payment.intentId, clientSecret: payment.clientSecret };
    return { ok: true, operation: creationDue(started), intent, record: recordOf(started) };
  }

  #owed(): PaymentOperation | null {
    const state = this.#storage.state;
    return state === null ? null : operationOwed(state);
  }

  /** Snapshot, payment and notice messages whose time has come. No reply waits for them; the alarm is behind them. */
  #sendWhatIsDue(asker: "queue" | "caller"): void {
    const state = this.#live();
    if (state === null) return;
    const now = this.#now(state);
    const { orderId } = state;
    let next = state;
    if (isUnconfirmed(next) && next.outbox.nextAt <= now) {
      const contact = next.contactPersisted ? null : this.#storage.contact();
      this.#send("order.changed", this.env.ORDERS_QUEUE.send(orderChanged(next, contact)));
      next = snapshotSent(next, now, Math.random());
    }
    if (next.obligations.some((owed) => owed.nextAt <= now)) {
      if (asker === "queue") {
        const message = { v: MESSAGE_VERSION, type: "payment.due", orderId };
        this.#send("payment.due", this.env.PAYMENTS_QUEUE.send(message));
      }
      next = obligationsAsked(next, now, Math.random());
    }
    if (next.notice !== null && next.notice.nextAt <= now) {
      const { kind } = next.notice;
      this.#send(
        "notice.due",
        this.env.NOTIFICATIONS_QUEUE.send({ v: MESSAGE_VERSION, type: "notice.due", orderId, kind }),
      );
      next = noticeAsked(next, now, Math.random());
    }
    // The first sending is not worth a write: a crash repeats it. Later ones are, or each eviction would start the pace anew.
    if (sentBefore(state)) this.#storage.save(next);
    else this.#storage.remember(next);
    this.#arm();
  }

  #send(messageType: string, sending: Promise<unknown>): void {
    this.ctx.waitUntil(
      sending.catch((error: unknown) => {
        this.#telemetry.fault("order.send_failed", error, { messageType });
      }),
    );
  }

  #arm(): void {
    const state = this.#storage.state;
    if (state !== null) this.#alarm.arm(nextWakeAt(state, this.#now(state)));
  }

  /**
   * Moves the alarm out, too, to what the order really waits for: for turns that write anyway. While steps are taken it was
   * set for what has been sent since, and would ring for nothing.
   */
  #moveAlarm(): void {
    const state = this.#storage.state;
    if (state !== null) this.#alarm.move(nextWakeAt(state, this.#now(state)));
  }

  /** The state, where the order was born. */
  #live(): OrderState | null {
    const state = this.#storage.state;
    return state?.phase === "live" ? state : null;
  }

  /** The order's own clock never runs backwards. */
  #now(state: OrderState): number {
    return Math.max(Date.now(), state.updatedAt);
  }
}

/** Whether something that is still unconfirmed was sent before. */
function sentBefore({ outbox, obligations, notice }: OrderState): boolean {
  return (
    outbox.attempts > 0 || (notice?.attempts ?? 0) > 0 || obligations.some(({ attempts }) => attempts > 0)
  );
}

function stepTaken(state: OrderState, step: UnitStep, outcome: UnitStepOutcome, now: number): OrderState {
  switch (step) {
    case "confirm":
      return outcome === "done" ? holdsConfirmed(state, now) : holdsLost(state, now);
    case "extend":
      return outcome === "done" ? paymentStarted(state, now) : unitLost(state, now);
    case "commit":
      if (outcome === "over_limit") return limitReached(state, now);
      return outcome === "lost"
        ? unitLost(state, now)
        : unitsCommitted(state, now, outcome === "payer_wanted");
    case "judge_payer": {
      const judged = payerJudged(state, now);
      if (outcome === "over_limit") return limitReached(judged, now);
      return outcome === "lost" ? unitLost(judged, now) : judged;
    }
    case "settle":
      return unitsSettled(state, now);
  }
}
