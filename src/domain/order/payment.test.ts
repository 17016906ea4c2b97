/** The order's payment rules by example: the whole transition table, and what is owed at Stripe along the way. */
import { describe, expect, it } from "vitest";
import {
  AUTHORISED,
  CANCELED,
  DURATIONS,
  intent,
  paying,
  reserved,
  shownRefund,
  started,
  SUCCEEDED,
  T0,
  TOTAL,
} from "./order-test-fixture.ts";
import * as payment from "./payment.ts";
import { creationId, INTENT_GONE, type Intent, type PaymentOperationResult } from "./payment-operation.ts";
import { MAX_REFUSALS } from "./refused-operations.ts";
import { deadlineOf, skuDeadlines, type OrderState } from "./state.ts";
import { move, TRANSITIONS, type OrderEvent } from "./transitions.ts";
import { ORDER_STATUSES, type OrderStatus } from "./status.ts";

const DUE = T0 + DURATIONS.holdMs;
const DECLINED = { code: "card_declined", message: "Your card was declined." };

const observe = (state: OrderState, overrides: Partial<Intent> = {}, now = T0) =>
  payment.observeIntent(state, intent(overrides), null, now);
const done = (state: OrderState, result: PaymentOperationResult, now = T0) =>
  payment.operationDone(state, result, now);
const owed = (state: OrderState) => state.obligations.map(({ kind, intentId }) => [kind, intentId]);
const statuses = (state: OrderState) => state.timeline.map(({ status }) => status);

/** Stripe's answer to what the order owes first. */
function answered(state: OrderState, overrides: Partial<Intent>): PaymentOperationResult {
  const operation = payment.operationOwed(state, T0);
  if (operation === null) throw new Error("nothing is owed");
  const { kind, n } = operation;
  return { kind, n, outcome: "intent", intent: intent(overrides), clientSecret: "pi_1_secret" };
}

function refusedAnswer(state: OrderState, shown: Intent | null): PaymentOperationResult {
  const operation = payment.operationOwed(state, T0);
  if (
    operation === null ||
    operation.kind === "inspect" ||
    operation.kind === "create" ||
    operation.kind === "identify" ||
    operation.kind === "review"
  )
    throw new Error("nothing to refuse is owed");
  const { kind, n } = operation;
  return { kind, n, outcome: "refused", failure: DECLINED, intent: shown };
}

const authorised = () => observe(paying(), AUTHORISED);
const committed = () => payment.unitsCommitted(authorised(), T0);
const paid = () => done(committed(), answered(committed(), SUCCEEDED));

describe("the transition table", () => {
  it("refuses every move it does not name", () => {
    const events = new Set<OrderEvent>([
      "payment_failed",
      "authorised",
      "due",
      "cancelled",
      "unit_lost",
      "captured",
    ]);
    for (const event of ["capture_refused", "refund_requested", "shipped", "delivered", "refunded"] as const)
      events.add(event);
    for (const status of ORDER_STATUSES) {
      for (const event of events) {
        const state = { ...reserved(), status };
        const to = TRANSITIONS[status][event];
        if (to === undefined) expect(() => move(state, event, T0)).toThrow(`no move from ${status}`);
        else expect(move(state, event, T0)).toMatchObject({ status: to, version: state.version + 1 });
      }
    }
  });

  it("ends in states that nothing leaves, but for a refund that fails afterwards", () => {
    expect(TRANSITIONS.refunded).toEqual({ refund_failed: "former" });
    for (const status of ["expired", "cancelled"] as const) expect(TRANSITIONS[status]).toEqual({});
  });
});

describe("beginning to pay", () => {
  it("extends the holds where the payment window ends after them, and fixes the end once", () => {
    const late = DUE - 1;
    const begun = payment.beginPayment(reserved(), late);
    expect(begun.payment?.phase).toBe("extending");
    expect(deadlineOf(begun)).toBe(late + DURATIONS.windowMs);
    expect(payment.beginPayment(begun, late + 5)).toBe(begun);
    expect(payment.creationDue(begun)).toBeNull();
    expect(skuDeadlines(begun).expiresAt).toBeLessThanOrEqual(skuDeadlines(begun).latestExpiresAt);
  });

  it("needs no extension where the hold outlasts the window", () => {
    expect(payment.beginPayment(reserved(), T0)).toMatchObject({
      payBy: DUE,
      payment: { phase: "started", n: 1 },
    });
  });

  it("repeats the creation with frozen parameters until its outcome is known", () => {
    const creation = payment.creationDue(started());
    expect(creation).toMatchObject({ kind: "create", n: 1, amountMinor: TOTAL, currency: "USD" });
    expect(payment.creationDue(payment.paymentStarted(started(), T0 + 9))).toEqual(creation);
    expect(payment.creationDue(paying())).toBeNull();
  });

  it("asks again for the secret of an intent that only an event has shown", () => {
    const known = observe(started());
    expect(known.payment).toMatchObject({ phase: "known", intentId: "pi_1", clientSecret: null });
    expect(payment.creationDue(known)).toMatchObject({ n: 1 });
  });

  it("numbers a second creation only after the first surely made no intent", () => {
    const none = done(started(), {
      kind: "create",
      n: 1,
      outcome: "none",
      intentId: null,
      failure: DECLINED,
    });
    expect(none).toMatchObject({ status: "reserved", payment: { phase: "none", lastError: DECLINED } });
    expect(payment.creationDue(payment.paymentStarted(none, T0 + 1))).toMatchObject({
      n: 2,
      startedAt: T0 + 1,
    });
  });

  it("ignores an old creation's outcome", () => {
    const second = payment.paymentStarted(
      done(started(), { kind: "create", n: 1, outcome: "none", intentId: null, failure: null }),
      T0,
    );
    expect(done(second, { kind: "create", n: 1, outcome: "none", intentId: null, failure: null })).toBe(
      second,
    );
  });

  it.each([
    ["due", reserved(), DUE, "hold_expired"],
    ["a moment before it is due", reserved(), DUE - 1, null],
    ["authorised", authorised(), T0, "payment_in_progress"],
    ["paid", paid(), T0, "already_paid"],
    ["expired", payment.dueReached(reserved(), DUE), DUE, "hold_expired"],
    ["cancelled by the shopper", payment.cancelByShopper(reserved(), T0).state, T0, "order_closed"],
    ["cancelled for a lost unit", payment.unitLost(reserved(), T0), T0, "hold_expired"],
  ])("of an order that is %s is answered as it stands", (_, state, now, refusal) => {
    expect(payment.paymentRefusal(state, now)).toBe(refusal);
  });
});

describe("a payment that succeeds", () => {
  it("is authorised, committed, captured, paid, and told", () => {
    expect(authorised()).toMatchObject({
      status: "authorised",
      decision: { kind: "capture" },
      obligations: [],
    });
    expect(payment.operationOwed(committed(), T0)).toMatchObject({
      kind: "capture",
      intentId: "pi_1",
      amountMinor: TOTAL,
    });
    expect(paid()).toMatchObject({
      status: "paid",
      capturedMinor: TOTAL,
      notice: { kind: "order_confirmed" },
    });
    expect(statuses(paid())).toEqual(["reserved", "authorised", "paid"]);
    expect(payment.operationOwed(paid(), T0)).toBeNull();
  });

  it("first declined, then authorised: the refusal is kept for the shopper and the order stays open", () => {
    const declined = observe(paying(), { lastError: DECLINED });
    expect(declined).toMatchObject({ status: "reserved", version: 2, payment: { lastError: DECLINED } });
    expect(observe(declined, { lastError: DECLINED }).version).toBe(2);
    expect(payment.paymentRefusal(declined, T0)).toBeNull();
    expect(observe(declined, AUTHORISED).status).toBe("authorised");
  });

  it("with a 3DS challenge waits for it", () => {
    const asked = observe(paying(), { status: "requires_action" });
    expect(asked).toMatchObject({ status: "reserved", version: 1, obligations: [] });
    expect(observe(observe(asked, { status: "processing" }), AUTHORISED).status).toBe("authorised");
  });

  it("is decided once: repeated views of the authorisation change nothing others may see", () => {
    const again = observe(authorised(), AUTHORISED);
    expect(again).toEqual(authorised());
    expect(observe(paid(), AUTHORISED)).toEqual(paid());
    expect(observe(paid(), SUCCEEDED)).toEqual(paid());
  });

  it("captured before its units were committed is paid once they are, and is not captured again", () => {
    const early = observe(paying(), SUCCEEDED);
    expect(early).toMatchObject({ status: "authorised", capturedMinor: TOTAL });
    const settled = payment.unitsCommitted(early, T0);
    expect(settled).toMatchObject({ status: "paid", obligations: [] });
  });
});

describe("a capture that Stripe refuses", () => {
  it("is tried again under a new number while the authorisation stands", () => {
    const again = done(committed(), refusedAnswer(committed(), intent(AUTHORISED)));
    const first = payment.operationOwed(committed(), T0);
    expect(again.status).toBe("authorised");
    expect(payment.operationOwed(again, T0)).toMatchObject({ kind: "capture" });
    expect(payment.operationOwed(again, T0)?.n).toBeGreaterThan(first?.n ?? Infinity);
    expect(again.obligations[0]?.nextAt).toBeGreaterThan(T0);
  });

  it("for good gives the units back, owes nothing, and tells the shopper", () => {
    const refused = done(committed(), refusedAnswer(committed(), intent(CANCELED)));
    expect(refused).toMatchObject({
      status: "cancelled",
      units: "settling",
      decision: { kind: "cancel", reason: "capture_refused" },
      notice: { kind: "order_cancelled" },
      obligations: [],
    });
  });
});

describe("a lost unit", () => {
  it("at commit cancels the order and the authorisation, and tells the shopper", () => {
    const lost = payment.unitLost(authorised(), T0);
    expect(lost).toMatchObject({
      status: "cancelled",
      units: "settling",
      notice: { kind: "order_cancelled" },
    });
    expect(owed(lost)).toEqual([["cancel", "pi_1"]]);
    expect(done(lost, answered(lost, CANCELED)).obligations).toEqual([]);
  });

  it("after the money was taken gives it back", () => {
    const lost = payment.unitLost(observe(paying(), SUCCEEDED), T0);
    expect(payment.operationOwed(lost, T0)).toMatchObject({
      kind: "refund",
      intentId: "pi_1",
      amountMinor: TOTAL,
    });
  });

  it("at the extension ends the order before any intent could exist", () => {
    const lost = payment.unitLost(payment.beginPayment(reserved(), DUE - 1), DUE - 1);
    expect(lost).toMatchObject({ status: "cancelled", units: "settling", obligations: [] });
    expect(payment.paymentRefusal(lost, DUE - 1)).toBe("hold_expired");
  });

  it("changes nothing for an order that is decided already", () => {
    expect(payment.unitLost(paid(), T0)).toEqual(paid());
    const cancelled = payment.cancelByShopper(reserved(), T0).state;
    expect(payment.unitLost(cancelled, T0)).toBe(cancelled);
  });
});

describe("the deadline", () => {
  it("does nothing a moment early", () => {
    const state = reserved();
    expect(payment.dueReached(state, DUE - 1)).toBe(state);
  });

  it("ends an order nobody began to pay", () => {
    expect(payment.dueReached(reserved(), DUE)).toMatchObject({
      status: "expired",
      units: "settling",
      obligations: [],
    });
  });

  it.each(["requires_payment_method", "requires_confirmation", "requires_action", "processing"] as const)(
    "asks Stripe first, and cancels an intent that is %s",
    (status) => {
      const asked = payment.dueReached(paying(), DUE);
      expect(asked.status).toBe("reserved");
      expect(owed(asked)).toEqual([["inspect", "pi_1"]]);
      const expired = done(asked, answered(asked, { status }), DUE);
      expect(expired).toMatchObject({ status: "expired", units: "settling" });
      expect(owed(expired)).toEqual([["cancel", "pi_1"]]);
    },
  );

  it("captures what was authorised in the last second", () => {
    const asked = payment.dueReached(paying(), DUE);
    const decided = done(asked, answered(asked, AUTHORISED), DUE);
    expect(decided).toMatchObject({ status: "authorised", decision: { kind: "capture" }, obligations: [] });
  });

  it("expires an order whose intent was cancelled at Stripe", () => {
    const asked = payment.dueReached(paying(), DUE);
    expect(done(asked, answered(asked, CANCELED), DUE)).toMatchObject({ status: "expired", obligations: [] });
  });

  it("finds out by the creation's operation id whether an intent exists at all", () => {
    const asked = payment.dueReached(started(), DUE);
    expect(payment.operationOwed(asked, T0)).toMatchObject({
      kind: "inspect",
      intentId: null,
      n: 1,
      startedAt: T0,
    });
    const none = done(asked, { kind: "inspect", n: 1, outcome: "none", intentId: null, failure: null }, DUE);
    expect(none).toMatchObject({ status: "expired", obligations: [], payment: { phase: "none" } });
    const found = done(asked, answered(asked, {}), DUE);
    expect(found.status).toBe("expired");
    expect(owed(found)).toEqual([["cancel", "pi_1"]]);
  });

  it("never decides against a known authorisation for lack of an answer", () => {
    const asked = payment.dueReached(paying(), DUE);
    expect(payment.dueReached(asked, DUE + 3_600_000)).toBe(asked);
    expect(observe(asked, AUTHORISED, DUE + 3_600_000).status).toBe("authorised");
  });
});

describe("the shopper's cancellation", () => {
  const later = (status: OrderStatus): OrderState => ({ ...paid(), status });
  const cancel = (state: OrderState) => payment.cancelByShopper(state, T0);

  it("of a reserved order frees the units at once, and repeats change nothing", () => {
    const { state, outcome } = cancel(reserved());
    expect(outcome).toEqual({ ok: true, refundRequested: false });
    expect(state).toMatchObject({ status: "cancelled", units: "settling", notice: null, obligations: [] });
    expect(cancel(state)).toEqual({ state, outcome });
  });

  it("of an order with an intent owes that it is ended", () => {
    expect(owed(cancel(paying()).state)).toEqual([["cancel", "pi_1"]]);
  });

  it("while the creation runs owes a look, and ends what is found", () => {
    const cancelled = cancel(started()).state;
    expect(owed(cancelled)).toEqual([["inspect", null]]);
    const created = done(cancelled, {
      kind: "create",
      n: 1,
      outcome: "intent",
      intent: intent(),
      clientSecret: "s",
    });
    expect(owed(created)).toEqual([["cancel", "pi_1"]]);
    expect(done(created, answered(created, CANCELED)).obligations).toEqual([]);
  });

  it("ends an intent that shows up after a look found none", () => {
    const cancelled = cancel(started()).state;
    const none = done(cancelled, { kind: "inspect", n: 1, outcome: "none", intentId: null, failure: null });
    expect(none.obligations).toEqual([]);
    expect(owed(observe(none))).toEqual([["cancel", "pi_1"]]);
  });

  it("that comes before the authorisation wins: it is cancelled, never captured", () => {
    const raced = observe(cancel(paying()).state, AUTHORISED);
    expect(raced.status).toBe("cancelled");
    expect(owed(raced)).toEqual([["cancel", "pi_1"]]);
  });

  it("that comes after the authorisation loses", () => {
    expect(cancel(authorised()).outcome).toEqual({ ok: false, reason: "payment_in_progress" });
  });

  it("of a paid order asks for a refund, once", () => {
    const { state, outcome } = cancel(paid());
    expect(outcome).toEqual({ ok: true, refundRequested: true });
    expect(state).toMatchObject({ status: "paid", refundRequested: true, version: paid().version + 1 });
    expect(cancel(state).state).toBe(state);
  });

  it.each([
    ["shipped", later("shipped"), "order_closed"],
    ["delivered", later("delivered"), "order_closed"],
    ["refunded", later("refunded"), "order_closed"],
  ])("of an order that is %s is refused", (_, state, reason) => {
    expect(cancel(state)).toEqual({ state, outcome: { ok: false, reason } });
  });
});

describe("a success nobody wanted", () => {
  const cancelled = () => payment.cancelByShopper(paying(), T0).state;

  it("is given back in full, and only once", () => {
    const succeeded = observe(cancelled(), SUCCEEDED);
    expect(owed(succeeded)).toEqual([["refund", "pi_1"]]);
    const operation = payment.operationOwed(succeeded, T0);
    const n = operation?.n ?? 0;
    const refunded = done(succeeded, { kind: "refund", n, outcome: "refunded", refund: shownRefund(n) });
    expect(refunded).toMatchObject({ refundedMinor: TOTAL, capturedMinor: TOTAL, obligations: [] });
    expect(observe(refunded, SUCCEEDED).obligations).toEqual([]);
  });

  it("that had gone back already, its answer lost, counts as given back once Stripe was read", () => {
    const succeeded = observe(cancelled(), SUCCEEDED);
    const { n = 0 } = payment.operationOwed(succeeded, T0) ?? {};
    const failure = { code: "charge_already_refunded", message: "" };
    const over = done(succeeded, { kind: "refund", n, outcome: "refused", failure, intent: null });
    expect(payment.operationOwed(over, T0)).toMatchObject({ kind: "review", intentId: "pi_1" });
    const shown = { refunds: [shownRefund(n)], disputes: [], fraudWarning: null };
    const read = done(over, { kind: "review", n: 0, outcome: "reviewed", shown });
    expect(read).toMatchObject({ refundedMinor: TOTAL, obligations: [] });
    expect(payment.operationOwed(read, T0)).toBeNull();
  });

  it("whose refund is refused stays owed under a new number", () => {
    const succeeded = observe(cancelled(), SUCCEEDED);
    const again = done(succeeded, refusedAnswer(succeeded, null));
    expect(owed(again)).toEqual([["refund", "pi_1"]]);
    expect(payment.operationOwed(again, T0)?.n).not.toBe(payment.operationOwed(succeeded, T0)?.n);
  });

  it("of another amount than the order's is cancelled, or given back", () => {
    const other = observe(paying(), { ...AUTHORISED, amountMinor: 1 });
    expect(other).toMatchObject({ status: "cancelled", decision: { reason: "amount_mismatch" } });
    expect(owed(other)).toEqual([["cancel", "pi_1"]]);
    expect(owed(observe(paying(), { ...SUCCEEDED, currency: "EUR" }))).toEqual([["refund", "pi_1"]]);
  });
});

describe("a capture of a part, made past us", () => {
  const part = () => done(committed(), answered(committed(), { status: "succeeded", capturedMinor: 100 }));

  it("never is paid: the order stays authorised, is shown to staff once, and nothing is tried any more", () => {
    const seen = part();
    expect(seen).toMatchObject({
      status: "authorised",
      obligations: [],
      capturedMinor: 100,
      refusedOperations: [{ kind: "capture", code: "part_capture", amountMinor: TOTAL - 100 }],
    });
    expect(seen.notice).toBeNull();
    const again = observe(seen, { status: "succeeded", capturedMinor: 100 });
    expect(again.refusedOperations).toHaveLength(1);
    expect(again.version).toBe(seen.version);
  });

  it("is seen too where it came before the units were committed", () => {
    const early = observe(authorised(), { status: "succeeded", capturedMinor: 100 });
    expect(payment.unitsCommitted(early, T0)).toMatchObject({
      status: "authorised",
      obligations: [],
      refusedOperations: [{ code: "part_capture" }],
    });
  });

  it("is given back when staff cancel the order, and its units are settled", () => {
    const ended = payment.cancelPartCapture(part(), T0);
    expect(ended).toMatchObject({ status: "cancelled", units: "settling", refusedOperations: [] });
    expect(payment.operationOwed(ended, T0)).toMatchObject({ kind: "refund", amountMinor: 100 });
    expect(payment.cancelPartCapture(paid(), T0).status).toBe("paid");
  });
});

describe("what Stripe refuses again and again", () => {
  const cancelled = () => payment.cancelByShopper(paying(), T0).state;

  /** The order after so many refusals, and how long each was waited for. */
  function refusedFor(start: OrderState, times: number, shown: Intent | null) {
    let state = start;
    const waits: number[] = [];
    for (let time = 0; time < times; time++) {
      state = done(state, refusedAnswer(state, shown));
      waits.push((state.obligations.at(-1)?.nextAt ?? T0) - T0);
    }
    return { state, waits };
  }

  it("is tried later each time, and given up after eight refusals: shown to ops, and no longer owed", () => {
    const start = observe(cancelled(), AUTHORISED);
    expect(owed(start)).toEqual([["cancel", "pi_1"]]);
    const { state, waits } = refusedFor(start, MAX_REFUSALS, intent(AUTHORISED));
    expect(waits.slice(0, 6)).toEqual([30_000, 60_000, 120_000, 240_000, 480_000, 900_000]);
    expect(state).toMatchObject({
      status: "cancelled",
      version: start.version + 1,
      obligations: [],
      refusedOperations: [{ kind: "cancel", intentId: "pi_1", code: DECLINED.code, at: T0 }],
    });
  });

  it("is not begun again by whatever shows that it is still open, and ends where it came about all the same", () => {
    const { state } = refusedFor(observe(cancelled(), AUTHORISED), MAX_REFUSALS, intent(AUTHORISED));
    expect(observe(state, AUTHORISED).obligations).toEqual([]);
    expect(observe(state, CANCELED)).toMatchObject({ refusedOperations: [], version: state.version + 1 });
  });

  it("of a refund keeps the sum for ops", () => {
    const { state } = refusedFor(observe(cancelled(), SUCCEEDED), MAX_REFUSALS, null);
    expect(state).toMatchObject({
      obligations: [],
      refusedOperations: [{ kind: "refund", amountMinor: TOTAL }],
      refundedMinor: 0,
    });
  });

  it("of a capture ends the order: its units go back, and the shopper is told", () => {
    const { state } = refusedFor(committed(), MAX_REFUSALS, intent(AUTHORISED));
    expect(state).toMatchObject({
      status: "cancelled",
      units: "settling",
      decision: { reason: "capture_refused" },
      notice: { kind: "order_cancelled" },
    });
    expect(owed(state)).toEqual([["cancel", "pi_1"]]);
  });

  it("counts for nothing while the payment is in processing, which ends", () => {
    const start = observe(cancelled(), { status: "processing" });
    const { state } = refusedFor(start, 3 * MAX_REFUSALS, intent({ status: "processing" }));
    expect(owed(state)).toEqual([["cancel", "pi_1"]]);
  });
});

describe("views that come late, twice or out of order", () => {
  it("before the creation's own answer lead to the order by the operation id", () => {
    expect(observe(started(), AUTHORISED)).toMatchObject({
      status: "authorised",
      payment: { intentId: "pi_1" },
    });
  });

  it("of a cancelled intent let the shopper pay again with a new one", () => {
    const ended = observe(paying(), CANCELED);
    expect(ended).toMatchObject({ status: "reserved", payment: { phase: "none" } });
    expect(payment.creationDue(payment.paymentStarted(ended, T0))).toMatchObject({ n: 2 });
  });

  it("do not bring a cancelled intent back to life", () => {
    const ended = observe(paying(), CANCELED);
    expect(observe(ended, AUTHORISED)).toBe(ended);
    expect(observe(ended, { lastError: DECLINED })).toBe(ended);
  });

  it("of another order are ignored", () => {
    const state = paying();
    expect(observe(state, { ...AUTHORISED, orderId: "order-2" })).toBe(state);
    expect(observe(state, { ...AUTHORISED, orderId: null })).toBe(state);
  });
});

describe("an intent other than the stored one", () => {
  const stray = (overrides: Partial<Intent> = {}) =>
    ({ id: "pi_stray", operationId: creationId("order-1", 9), ...overrides }) satisfies Partial<Intent>;

  it("is cancelled where it is authorised, and the order's own payment goes on", () => {
    const seen = observe(paying(), stray(AUTHORISED));
    expect(owed(seen)).toEqual([["cancel", "pi_stray"]]);
    expect(observe(seen, AUTHORISED).status).toBe("authorised");
    expect(observe(seen, stray(CANCELED)).obligations).toEqual([]);
  });

  it("is given back where it succeeded, and its cancellation is owed no more", () => {
    const seen = observe(observe(paying(), stray(AUTHORISED)), stray(SUCCEEDED));
    expect(owed(seen)).toEqual([["refund", "pi_stray"]]);
    const { n = 0 } = payment.operationOwed(seen, T0) ?? {};
    const refunded = done(seen, { kind: "refund", n, outcome: "refunded", refund: shownRefund(n) });
    expect(refunded).toMatchObject({ refundedMinor: 0, obligations: [] });
  });

  it("that Stripe will not cancel does not stand before the capture", () => {
    let state = observe(paying(), stray({ status: "processing" }));
    state = payment.unitsCommitted(observe(state, AUTHORISED), T0);
    expect(payment.operationOwed(state, T0)).toMatchObject({ kind: "cancel", intentId: "pi_stray" });
    state = done(state, refusedAnswer(state, intent(stray({ status: "processing" }))));
    expect(payment.operationOwed(state, T0)).toMatchObject({ kind: "capture", intentId: "pi_1" });
  });

  it("is one of a bounded number, and ends when it is cancelled however many there are", () => {
    let state = paying();
    for (let count = 0; count < 2 * payment.MAX_OBLIGATIONS; count++)
      state = observe(state, stray({ ...AUTHORISED, id: `pi_stray_${count}` }));
    expect(state.obligations).toHaveLength(payment.MAX_OBLIGATIONS);
    for (let count = 0; count < payment.MAX_OBLIGATIONS; count++)
      state = observe(state, stray({ ...CANCELED, id: `pi_stray_${count}` }));
    expect(state.obligations).toEqual([]);
  });
});

describe("an intent that Stripe does not know any more", () => {
  it("lets the order expire when it was to be inspected", () => {
    const known = observe(started());
    const asked = payment.dueReached(known, DUE);
    const none = done(
      asked,
      { kind: "inspect", n: 1, outcome: "none", intentId: "pi_1", failure: null },
      DUE,
    );
    expect(none).toMatchObject({ status: "expired", obligations: [] });
  });

  it("is owed nothing when it was to be cancelled", () => {
    const cancelled = payment.cancelByShopper(observe(started()), T0).state;
    const [{ n } = { n: 0 }] = cancelled.obligations;
    const gone = done(cancelled, {
      kind: "cancel",
      n,
      outcome: "refused",
      failure: INTENT_GONE,
      intent: null,
    });
    expect(gone).toMatchObject({ status: "cancelled", obligations: [] });
  });

  it("costs the order its units when it was to be captured", () => {
    const decided = payment.unitsCommitted(observe(started(), { status: "requires_capture" }), T0);
    const [{ n } = { n: 0 }] = decided.obligations;
    const gone = done(decided, {
      kind: "capture",
      n,
      outcome: "refused",
      failure: INTENT_GONE,
      intent: null,
    });
    expect(gone).toMatchObject({ status: "cancelled", units: "settling", obligations: [] });
  });
});
