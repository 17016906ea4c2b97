/**
 * The object that owns the orders whose ids fall to it, from birth until they are closed. Every change of an order goes through here:
 * load, decide by the rules in `domain/order`, write, then take whatever step the new state calls for.
 */
import { DurableObject } from "cloudflare:workers";
import { createTelemetry, type Telemetry } from "../../adapters/telemetry/telemetry.ts";
import type { HoldAnswer, HoldQuestion } from "../../domain/inventory/rules.ts";
import {
  cancelByBuyer,
  cancelByStaff,
  type StaffCancellation,
  type StaffCancelOutcome,
} from "../../domain/order/cancelling.ts";
import { erasePerson } from "../../domain/order/erasure.ts";
import {
  isNoticeWanted,
  noticeSettled,
  obligationsPostponed,
  snapshotConfirmed,
} from "../../domain/order/next-step.ts";
import {
  deliver,
  ship,
  type Delivery,
  type ParcelOutcome,
  type Shipment,
} from "../../domain/order/parcels.ts";
import {
  beginPayment,
  creationDue,
  dueReached,
  observeIntent,
  operationDone,
  operationOwed,
  paymentRefusal,
  paymentStarted,
  type CancelOutcome,
  type PaymentRefusal,
} from "../../domain/order/payment.ts";
import type {
  CreateIntent,
  PaymentOperation,
  PaymentOperationResult,
} from "../../domain/order/payment-operation.ts";
import type { OrderRecord } from "../../domain/order/record.ts";
import { requestRefund, type RefundOutcome, type RefundRequest } from "../../domain/order/refunds.ts";
import { resendWanted } from "../../domain/order/resending.ts";
import { orderFactsOf, type OrderFacts } from "../../domain/reconciliation/facts.ts";
import { refusedOf } from "../../domain/order/refused-operations.ts";
import { reviewWanted } from "../../domain/order/review.ts";
import { recordOf, type OrderState } from "../../domain/order/state.ts";
import { Alarm } from "../alarm.ts";
import type {
  NoticeContent,
  OrderNotice,
  PaymentEvent,
  PaymentEventAnswer,
  PaymentReport,
  SettledNotice,
} from "./shard-calls.ts";
import { skuObjects } from "../sku-inventory/sku-objects.ts";
import { ConfirmationPace } from "./confirmation-pace.ts";
import { Lanes } from "./lanes.ts";
import { OrderOutbox } from "./order-outbox.ts";
import { Orders } from "./orders.ts";
import type { PersistedOrder } from "../../adapters/postgres/orders.ts";
import { OrderRows } from "./order-rows.ts";
import { Placements, type PlaceOutcome, type PlaceRequest } from "./placements.ts";

export type PaymentOutcome =
  | {
      readonly ok: true;
      /** The creation to be made at Stripe, or null when the intent is known. */
      readonly operation: CreateIntent | null;
      readonly intent: { readonly id: string; readonly clientSecret: string } | null;
      readonly record: OrderRecord;
    }
  | { readonly ok: false; readonly reason: PaymentRefusal };

export type CancelAnswer = (CancelOutcome | { readonly ok: false; readonly reason: "not_found" }) & {
  readonly record: OrderRecord | null;
};

/** How long a queue's call waits for steps at SKUs, ms: what takes longer continues in the background, and the shard asks the queue for what is owed. */
const STEP_PATIENCE_MS = 1_500;
/** Orders looked at for one page of reconciliation: with their lines they are a few hundred calls to SKUs. */
const ORDERS_COMPARED = 200;
/** Orders one alarm looks at, before it rings again. */
const DUE_AT_ONCE = 200;
/** For how long an order that is being looked at is put off, should its turn never end. */
const TURN_MS = 30_000;

export class OrderShard extends DurableObject<Env> {
  readonly #rows: OrderRows;
  readonly #alarm: Alarm;
  readonly #telemetry: Telemetry;
  readonly #outbox: OrderOutbox;
  readonly #placements: Placements;
  readonly #orders: Orders;
  readonly #pace = new ConfirmationPace();
  #clock = 0;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#rows = new OrderRows(ctx.storage);
    this.#alarm = new Alarm(ctx.storage, () => this.#rows.nextWakeAt());
    this.#telemetry = createTelemetry({ metrics: env.METRICS });
    const lanes = new Lanes(skuObjects(env), () => this.#now());
    this.#outbox = new OrderOutbox({
      env,
      storage: ctx.storage,
      telemetry: this.#telemetry,
      contactOf: (orderId) => this.#rows.contact(orderId),
      random: Math.random,
    });
    const parts = {
      rows: this.#rows,
      lanes,
      telemetry: this.#telemetry,
      clock: () => this.#now(),
      random: Math.random,
      arm: (at: number | null) => {
        this.#alarm.arm(at);
      },
    };
    this.#orders = new Orders({
      ...parts,
      outbox: this.#outbox,
      pace: this.#pace,
      inBackground: (work) => {
        ctx.waitUntil(work);
      },
    });
    this.#placements = new Placements({
      ...parts,
      confirmRefused: (orderId, sku) => {
        ctx.waitUntil(this.#orders.confirmRefused(orderId, sku));
      },
    });
  }

  // -------------------------------------------------------------------------------------------------------- placing

  /** Places the order, or finds the one that is there: the same content is a replay, other content is refused. */
  async place(request: PlaceRequest): Promise<PlaceOutcome> {
    const outcome = await this.#placements.place(request);
    return outcome.ok ? { ...outcome, record: this.#withWait(outcome.record) } : outcome;
  }

  /** For an id of a former epoch: see `Placements.closeUnlessPlaced`. */
  closeUnlessPlaced(orderId: string, fingerprint: string): Promise<PlaceOutcome> {
    return this.#placements.closeUnlessPlaced(orderId, fingerprint);
  }

  /** A SKU's tentative holds ask whether there are orders for them; answered in the order of the list. */
  whichAreOpen(questions: readonly HoldQuestion[]): HoldAnswer[] {
    return questions.map((question) => {
      try {
        return this.#placements.answer(question);
      } catch (error) {
        // A state that this code cannot read: the hold is not freed for it.
        this.#telemetry.fault("order.unreadable", error, { orderId: question.orderId });
        return "in_flight";
      }
    });
  }

  // -------------------------------------------------------------------------------------------------------- shopper

  read(orderId: string): OrderRecord | null {
    const state = this.#rows.state(orderId);
    return state === null ? null : this.#withWait(recordOf(state));
  }

  /** Whether it was placed in this account. */
  isOf(orderId: string, accountId: string): boolean {
    return this.#rows.state(orderId)?.accountId === accountId;
  }

  /**
   * The person's account is gone, and they leave the order as far as it can do without them.
   *
   * @returns whether they are out of it, or there is no such order; where not, ask again later
   */
  async erasePerson(orderId: string): Promise<boolean> {
    const state = this.#rows.state(orderId);
    if (state === null) return true;
    const { state: next, erased } = erasePerson(state, this.#orders.nowOf(state));
    if (erased) this.#rows.eraseContact(orderId);
    await this.#orders.change(orderId, () => next);
    return erased;
  }

  /** @param refundsAtOnce whether a paid order that has not left is refunded by itself */
  async cancel(orderId: string, refundsAtOnce: boolean): Promise<CancelAnswer> {
    const state = this.#rows.state(orderId);
    if (state === null) return { ok: false, reason: "not_found", record: null };
    const cancelled = cancelByBuyer(state, refundsAtOnce, this.#orders.nowOf(state));
    await this.#orders.change(orderId, () => cancelled.state);
    return { ...cancelled.outcome, record: this.read(orderId) };
  }

  /**
   * Begins or resumes paying. A creation it answers is to be made at Stripe and reported by `paymentCreated`.
   *
   * @throws where a SKU did not answer; the order keeps its units and the call may be repeated
   */
  async startPayment(orderId: string): Promise<PaymentOutcome> {
    const state = this.#rows.state(orderId);
    if (state === null) return { ok: false, reason: "not_found" };
    const refusal = paymentRefusal(state, this.#orders.nowOf(state));
    if (refusal !== null) return { ok: false, reason: refusal };
    this.#orders.store(state, beginPayment(state, this.#orders.nowOf(state)), "queue");
    await this.#orders.drive(orderId, "queue");
    return this.#paymentOutcome(orderId);
  }

  /** What came of the creation; the answer is as `startPayment` would give it now. */
  async paymentCreated(orderId: string, result: PaymentOperationResult): Promise<PaymentOutcome> {
    await this.#orders.change(orderId, (state, now) => operationDone(state, result, now));
    return this.#paymentOutcome(orderId);
  }

  // ----------------------------------------------------------------------------------------------------------- ops

  /** Null where there is no such order. */
  async requestRefund(orderId: string, request: RefundRequest): Promise<RefundOutcome | null> {
    const state = this.#rows.state(orderId);
    if (state === null) return null;
    const requested = requestRefund(state, request, this.#orders.nowOf(state));
    await this.#orders.change(orderId, () => requested.state, { patienceMs: 0 });
    return requested.outcome;
  }

  /** Null where there is no such order. */
  async cancelByStaff(orderId: string, command: StaffCancellation): Promise<StaffCancelOutcome | null> {
    const state = this.#rows.state(orderId);
    if (state === null) return null;
    const cancelled = cancelByStaff(state, command, this.#orders.nowOf(state));
    await this.#orders.change(orderId, () => cancelled.state, { patienceMs: 0 });
    return cancelled.outcome;
  }

  /** A parcel has left. Null where there is no such order. */
  async ship(orderId: string, shipment: Shipment): Promise<ParcelOutcome | null> {
    const state = this.#rows.state(orderId);
    if (state === null) return null;
    const shipped = ship(state, shipment, this.#orders.nowOf(state));
    await this.#orders.change(orderId, () => shipped.state, { patienceMs: 0 });
    return shipped.outcome;
  }

  /** Parcels have arrived. Null where there is no such order. */
  async deliver(orderId: string, delivery: Delivery): Promise<ParcelOutcome | null> {
    const state = this.#rows.state(orderId);
    if (state === null) return null;
    const delivered = deliver(state, delivery, this.#orders.nowOf(state));
    await this.#orders.change(orderId, () => delivered.state, { patienceMs: 0 });
    return delivered.outcome;
  }

  // ------------------------------------------------------------------------------------------------- payments queue

  /** Feeds what events showed, those of one order in their order; answers what is to be done at Stripe next, per event. */
  async paymentEvents(events: readonly PaymentEvent[]): Promise<PaymentEventAnswer[]> {
    return await this.#orders.eachInTurn(
      events,
      async ({ orderId, intent, isReviewWanted }) => {
        await this.#orders.change(
          orderId,
          (state, now) => {
            const next = intent === null ? dueReached(state, now) : observeIntent(state, intent, null, now);
            return isReviewWanted === true ? reviewWanted(next, now) : next;
          },
          { asker: "caller", patienceMs: STEP_PATIENCE_MS },
        );
        return { exists: this.#rows.state(orderId) !== null, operation: this.#owed(orderId) };
      },
      // The order is there, and set aside: nothing is to be done for it now.
      { exists: true, operation: null },
    );
  }

  /** What came of operations; answers the next ones, but not one that Stripe has just refused: that waits for its time. */
  async recordPaymentOperations(reports: readonly PaymentReport[]): Promise<(PaymentOperation | null)[]> {
    return await this.#orders.eachInTurn(
      reports,
      async (report) => {
        const { orderId } = report;
        if ("busySeconds" in report) {
          await this.#orders.change(
            orderId,
            (state, now) => obligationsPostponed(state, report.busySeconds * 1000, now),
            { asker: "caller", patienceMs: 0 },
          );
          return null;
        }
        const { result } = report;
        await this.#orders.change(orderId, (state, now) => this.#operationDone(state, result, now), {
          asker: "caller",
          patienceMs: STEP_PATIENCE_MS,
        });
        const next = this.#owed(orderId);
        const isUndone = result.outcome === "refused" || result.outcome === "undone";
        return isUndone && next?.kind === result.kind ? null : next;
      },
      null,
    );
  }

  #operationDone(state: OrderState, result: PaymentOperationResult, now: number): OrderState {
    const done = operationDone(state, result, now);
    for (const { kind, intentId, code } of refusedOf(done).slice(refusedOf(state).length)) {
      const { orderId } = state;
      this.#telemetry.log("error", "payment_operation.given_up", {
        orderId,
        operation: kind,
        intentId,
        code,
      });
      this.#telemetry.count("payment_operations_given_up", { outcome: kind });
    }
    return done;
  }

  // --------------------------------------------------------------------------------- orders and notifications queues

  /** Postgres committed these versions (and contacts). */
  async confirmPersisted(persisted: readonly PersistedOrder[]): Promise<void> {
    await this.#orders.eachInTurn(
      persisted,
      ({ orderId, version, contactPersisted }) =>
        this.#orders.change(
          orderId,
          (state, now) => snapshotConfirmed(state, version, contactPersisted, now),
          { patienceMs: 0 },
        ),
      undefined,
    );
  }

  /** What notices say, in the order of the list; null for one that is not to be sent any more. */
  noticeContents(notices: readonly OrderNotice[]): (NoticeContent | null)[] {
    return notices.map((notice) => {
      try {
        return this.#noticeContent(notice);
      } catch (error) {
        this.#telemetry.fault("order.unreadable", error, { orderId: notice.orderId });
        return null;
      }
    });
  }

  #noticeContent({ orderId, ...notice }: OrderNotice): NoticeContent | null {
    const state = this.#rows.state(orderId);
    if (state === null || !isNoticeWanted(state, notice)) return null;
    const contact = this.#rows.contact(orderId);
    if (contact === null) return null;
    return { to: contact.email, record: recordOf(state), shippingAddress: contact.shippingAddress };
  }

  /** Notices that were sent, or that the mailer refuses for good: neither is asked for again. */
  async noticesSent(notices: readonly SettledNotice[]): Promise<void> {
    await this.#orders.eachInTurn(
      notices,
      ({ orderId, ...notice }) =>
        this.#orders.change(orderId, (state) => noticeSettled(state, notice), { patienceMs: 0 }),
      undefined,
    );
  }

  // ------------------------------------------------------------------------------------------------- reconciliation

  /** A page of this shard's orders as they are compared; those that cannot be read are left out. */
  ordersToReconcile(
    after: string,
    since: number | null,
  ): { readonly orders: OrderFacts[]; readonly next: string | null } {
    const { ids, next } = this.#rows.page(after, ORDERS_COMPARED, since);
    const orders = this.factsOf(ids).filter((found) => found !== null && found !== "unreadable");
    return { orders, next };
  }

  /** In the order of the list; null where there is no order. */
  factsOf(orderIds: readonly string[]): (OrderFacts | null | "unreadable")[] {
    return orderIds.map((orderId) => {
      try {
        const state = this.#rows.state(orderId);
        return state === null ? null : orderFactsOf(state);
      } catch (error) {
        this.#telemetry.fault("order.unreadable", error, { orderId });
        return "unreadable";
      }
    });
  }

  /** Postgres lost what it had confirmed of these orders: they send it again. */
  async resend(orderIds: readonly string[]): Promise<void> {
    await this.#orders.eachInTurn(
      orderIds.map((orderId) => ({ orderId })),
      ({ orderId }) =>
        this.#orders.change(
          orderId,
          (state, now) => resendWanted(state, this.#rows.contact(orderId) !== null, now),
          { patienceMs: 0 },
        ),
      undefined,
    );
  }

  // ----------------------------------------------------------------------------------------------------------- time

  /** A SKU thinks that these orders are overdue: look, and carry on. */
  async poke(orderIds: readonly string[]): Promise<void> {
    await this.#orders.eachInTurn(
      orderIds.map((orderId) => ({ orderId })),
      ({ orderId }) => this.#orders.change(orderId, dueReached, { patienceMs: STEP_PATIENCE_MS }),
      undefined,
    );
  }

  override alarm(): void {
    this.#alarm.forget();
    try {
      const now = this.#now();
      for (const due of this.#rows.takeDue(now, DUE_AT_ONCE, TURN_MS)) this.#orders.wake(due);
      // Not awaited, like the orders' steps: a queue that is slow must not keep the next alarm from ringing.
      this.ctx.waitUntil(this.#outbox.flush());
    } catch (error) {
      // Caught, because a throwing alarm is retried six times and then never again; this one is always armed anew.
      this.#telemetry.fault("order.alarm_failed", error);
    } finally {
      // From the rows and never from a state: one that cannot be read must not silence the shard.
      this.#alarm.arm(this.#rows.nextWakeAt());
    }
  }

  // --------------------------------------------------------------------------------------------------------- inside

  #paymentOutcome(orderId: string): PaymentOutcome {
    const state = this.#rows.state(orderId);
    if (state === null) return { ok: false, reason: "not_found" };
    const refusal = paymentRefusal(state, this.#orders.nowOf(state));
    if (refusal !== null) return { ok: false, reason: refusal };
    const started = paymentStarted(state, this.#orders.nowOf(state));
    this.#orders.store(state, started, "queue");
    const { payment } = started;
    const intent =
      payment?.intentId == null || payment.clientSecret === null
        ? null
        : { id: payment.intentId, clientSecret: payment.clientSecret };
    return { ok: true, operation: creationDue(started), intent, record: recordOf(started) };
  }

  #owed(orderId: string): PaymentOperation | null {
    const state = this.#rows.state(orderId);
    return state === null ? null : operationOwed(state, this.#orders.nowOf(state));
  }

  #withWait(record: OrderRecord): OrderRecord {
    return { ...record, estimatedWaitMs: this.#pace.estimateMs(record, this.#now()) };
  }

  /** The shard's own clock never runs backwards while it lives. */
  #now(): number {
    this.#clock = Math.max(this.#clock, Date.now());
    return this.#clock;
  }
}
