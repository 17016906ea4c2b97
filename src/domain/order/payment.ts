/**
 * The payment rules: an intent may exist from the moment `started` is written; capture or cancel is decided once, in the
 * order's own state, before anything happens; what is owed at Stripe stays owed until Stripe shows that it is done.
 */
import {
  creationId,
  INTENT_GONE,
  type CreateIntent,
  type Intent,
  type PaymentOperation,
  type PaymentOperationResult,
} from "./payment-operation.ts";
import { LIMIT_REACHED, type PaymentFailure } from "./record.ts";
import { givenUp, isGivenUp, resolved, triedAgain } from "./refused-operations.ts";
import { owe, undone } from "./obligations.ts";
import { refundableMinor, refundMade, refundRefused } from "./refunds.ts";
import { reviewOwed, reviewed } from "./review.ts";
import { deadlineOf, type CancelReason, type Obligation, type OrderState, type Payment } from "./state.ts";
import { move } from "./transitions.ts";

// ------------------------------------------------------------------------------------------------------ beginning

export type PaymentRefusal =
  "not_found" | "hold_expired" | "already_paid" | "payment_in_progress" | "order_closed";

/** Why paying cannot begin or go on now, or null when it can. */
export function paymentRefusal(state: OrderState, now: number): PaymentRefusal | null {
  switch (state.status) {
    case "reserved":
      return state.decision !== null || now >= deadlineOf(state) ? "hold_expired" : null;
    case "authorised":
      return "payment_in_progress";
    case "paid":
    case "shipped":
    case "delivered":
    case "refunded":
      return "already_paid";
    case "expired":
      return "hold_expired";
    case "cancelled":
      return state.decision?.reason === "shopper" || state.decision?.reason === "purchase_limit"
        ? "order_closed"
        : "hold_expired";
  }
}

/**
 * The first attempt to pay fixes the end of the payment window, once. Where that is later than the hold's end, the holds
 * are extended before anything else; where it is not, they are long enough already.
 */
export function beginPayment(state: OrderState, now: number): OrderState {
  if (state.payment !== null) return state;
  const payBy = Math.max(state.holdExpiresAt, now + state.durations.windowMs);
  const payment: Payment = {
    phase: payBy > state.holdExpiresAt ? "extending" : "started",
    n: 1,
    startedAt: now,
    intentId: null,
    clientSecret: null,
    lastError: null,
    final: false,
  };
  return { ...state, payBy, payment, updatedAt: now };
}

/** Written before Stripe is called: from here on an intent may exist. */
export function paymentStarted(state: OrderState, now: number): OrderState {
  const { payment } = state;
  if (payment === null || state.decision !== null) return state;
  if (payment.phase === "extending")
    return { ...state, payment: { ...payment, phase: "started", startedAt: now } };
  if (payment.phase !== "none") return state;
  const next: Payment = {
    ...payment,
    phase: "started",
    n: payment.n + 1,
    startedAt: now,
    intentId: null,
    clientSecret: null,
    final: false,
  };
  return { ...state, payment: next, updatedAt: now };
}

/** The creation to be made, or made again with the same key; null when the intent is known. */
export function creationDue(state: OrderState): CreateIntent | null {
  const { payment } = state;
  if (payment === null || state.decision !== null) return null;
  if (payment.phase !== "started" && !(payment.phase === "known" && payment.clientSecret === null))
    return null;
  return {
    kind: "create",
    orderId: state.orderId,
    n: payment.n,
    amountMinor: state.totals.total,
    currency: state.totals.currency,
    startedAt: payment.startedAt,
  };
}

// ------------------------------------------------------------------------------------------------------ deciding

/** The order's units are to go back, by decision. */
function decideCancel(
  state: OrderState,
  event: "due" | "cancelled" | "unit_lost" | "limit_reached" | "capture_refused",
  reason: CancelReason,
  now: number,
): OrderState {
  const decided: OrderState = {
    ...move(state, event, now),
    decision: { kind: "cancel", reason, at: now },
    units: "settling",
    obligations: state.obligations.filter((owed) => owed.kind !== "capture"),
  };
  return withCancelOwed(decided, now);
}

/** Where an intent exists or may exist, ending it is owed until Stripe shows a final state. */
function withCancelOwed(state: OrderState, now: number): OrderState {
  const { payment } = state;
  if (payment === null || payment.final || payment.phase === "none" || payment.phase === "extending")
    return state;
  if (payment.intentId === null) return owe(state, "inspect", null, 0, now);
  return owe(state, "cancel", payment.intentId, 0, now);
}

/** Stray intents are bounded: creations are few, and more would mean a fault worth an alert. */
export const MAX_OBLIGATIONS = 8;

/** A card was refused and so on: kept for the shopper, who may pay again. */
function failed(state: OrderState, payment: Payment, failure: PaymentFailure, now: number): OrderState {
  const last = payment.lastError;
  if (last !== null && last.code === failure.code && last.message === failure.message)
    return { ...state, payment };
  return { ...move(state, "payment_failed", now), payment: { ...payment, lastError: failure } };
}

/** Feeds what Stripe showed of an intent, by event, creation, inspection or listing. Late and repeated views are harmless. */
export function observeIntent(
  state: OrderState,
  intent: Intent,
  clientSecret: string | null,
  now: number,
): OrderState {
  if (intent.orderId !== state.orderId) return state;
  const { payment } = state;
  const ours =
    payment !== null &&
    (payment.intentId === intent.id ||
      (payment.intentId === null && intent.operationId === creationId(state.orderId, payment.n)));
  if (!ours) return observeStray(state, intent, now);

  const final = intent.status === "canceled" || intent.status === "succeeded";
  // A final state stays: this view is older than one already seen, and must not bring a cancelled payment back to life.
  if (payment.final && !final) return state;
  const known: Payment = {
    ...payment,
    phase: "known",
    intentId: intent.id,
    clientSecret: clientSecret ?? payment.clientSecret,
    final: payment.final || final,
  };
  const seen: OrderState = {
    ...state,
    payment: known,
    capturedMinor: Math.max(state.capturedMinor, intent.capturedMinor),
    obligations: state.obligations.filter((owed) => !(owed.kind === "inspect" && owed.intentId === null)),
  };
  switch (intent.status) {
    case "requires_capture":
    case "succeeded":
      return observeAuthorised(seen, intent, now);
    case "canceled":
      return observeCanceled(seen, known, intent.id, now);
    case "requires_payment_method":
    case "requires_confirmation":
    case "requires_action":
    case "processing":
      if (seen.decision?.kind === "cancel") return withCancelOwed(seen, now);
      if (seen.decision !== null || intent.lastError === null) return seen;
      return failed(seen, known, intent.lastError, now);
  }
}

function observeAuthorised(state: OrderState, intent: Intent, now: number): OrderState {
  const { decision } = state;
  if (decision === null) {
    if (intent.amountMinor !== state.totals.total || intent.currency !== state.totals.currency) {
      return settleSuccess(decideCancel(state, "cancelled", "amount_mismatch", now), intent, now);
    }
    const decided: OrderState = {
      ...move(state, "authorised", now),
      decision: { kind: "capture", reason: "authorised", at: now },
      obligations: state.obligations.filter((owed) => owed.kind !== "inspect"),
    };
    return decided;
  }
  if (decision.kind === "cancel") return settleSuccess(withCancelOwed(state, now), intent, now);
  return captureShown(state, now);
}

/** An unexpected success of a payment that was to be cancelled is given back. */
function settleSuccess(state: OrderState, intent: Intent, now: number): OrderState {
  if (intent.status !== "succeeded") return state;
  const ended = withoutCancelOf(state, intent.id, now);
  const rest = refundableMinor(state);
  return rest > 0 ? owe(ended, "refund", intent.id, rest, now) : ended;
}

/** What a part of the sum, captured past us, is called among what staff have to see to. */
const PART_CAPTURE: PaymentFailure = { code: "part_capture", message: "Only a part was captured." };

/**
 * Paid once all of the money was captured and every unit is committed. A payment is captured once, so where only a part was captured
 * of it the rest never comes: the order stays authorised, for staff to cancel.
 */
function captureShown(state: OrderState, now: number): OrderState {
  if (state.units !== "committed" || state.capturedMinor === 0 || state.status !== "authorised") return state;
  const settled = {
    ...state,
    obligations: state.obligations.filter((owed) => owed.kind !== "capture"),
  };
  const missingMinor = state.totals.total - state.capturedMinor;
  if (missingMinor <= 0) return move(settled, "captured", now);
  const intentId = state.payment?.intentId ?? null;
  if (isGivenUp(state, "capture", intentId)) return settled;
  const owed = {
    kind: "capture",
    intentId,
    amountMinor: missingMinor,
    n: 0,
    attempts: 0,
    nextAt: now,
  } as const;
  return givenUp(settled, owed, PART_CAPTURE, now);
}

/** Ends an order of whose sum only a part was captured: that part goes back, and so do the units. */
export function cancelPartCapture(state: OrderState, now: number): OrderState {
  const intentId = state.payment?.intentId ?? null;
  const isPart = state.capturedMinor > 0 && isGivenUp(state, "capture", intentId);
  if (state.status !== "authorised" || !isPart) return state;
  const cancelled = decideCancel(state, "capture_refused", "amount_mismatch", now);
  return withCaptureGivenBack(resolved(cancelled, "capture", intentId ?? "", now), now);
}

function observeCanceled(state: OrderState, payment: Payment, intentId: string, now: number): OrderState {
  const ended = withoutCancelOf(state, intentId, now);
  if (state.decision === null) {
    // Stripe or someone at its dashboard ended the intent: the shopper may pay again with a new one.
    return failed(
      ended,
      { ...payment, phase: "none" },
      { code: "payment_canceled", message: "The payment was cancelled." },
      now,
    );
  }
  if (state.decision.kind === "capture" && state.status === "authorised") {
    return decideCancel(ended, "capture_refused", "capture_refused", now);
  }
  return ended;
}

/** An intent of this order other than the stored one is ended, whatever it is. */
function observeStray(state: OrderState, intent: Intent, now: number): OrderState {
  if (intent.status === "canceled") {
    const obligations = state.obligations.filter((owed) => owed.intentId !== intent.id);
    return resolved({ ...state, obligations }, "cancel", intent.id, now);
  }
  const succeeded = intent.status === "succeeded";
  const rest = succeeded ? withoutCancelOf(state, intent.id, now) : state;
  if (rest.obligations.length >= MAX_OBLIGATIONS) return rest;
  return succeeded
    ? owe(rest, "refund", intent.id, intent.capturedMinor, now)
    : owe(rest, "cancel", intent.id, 0, now);
}

/** An intent in a final state can be cancelled no more, so that is not owed any longer. */
function withoutCancelOf(state: OrderState, intentId: string, now: number): OrderState {
  const obligations = state.obligations.filter(
    (owed) => !(owed.kind === "cancel" && owed.intentId === intentId),
  );
  return resolved({ ...state, obligations }, "cancel", intentId, now);
}

// ------------------------------------------------------------------------------------ units, as the SKUs answered

/**
 * Every unit is committed to the order: the money may be taken, once the card is known where that is asked for.
 *
 * @param payerWanted whether a SKU wants to judge the card that pays
 */
export function unitsCommitted(state: OrderState, now: number, payerWanted = false): OrderState {
  if (state.decision?.kind !== "capture" || state.units !== "held") return state;
  const committed: OrderState = {
    ...state,
    units: "committed",
    updatedAt: now,
    ...(payerWanted ? { payer: { phase: "wanted", key: null } } : {}),
  };
  if (state.capturedMinor > 0) return captureShown(committed, now);
  return owe(committed, "capture", state.payment?.intentId ?? null, state.totals.total, now);
}

/** A unit was lost: everything goes back, the authorisation is cancelled, the shopper is told. */
export function unitLost(state: OrderState, now: number): OrderState {
  if (state.status !== "reserved" && state.status !== "authorised") return state;
  return withCaptureGivenBack(decideCancel(state, "unit_lost", "unit_lost", now), now);
}

/** A SKU has no hold of an order that still counts on it: a unit was lost. At its deadline the order ends by itself. */
export function holdMissing(state: OrderState, now: number): OrderState {
  return state.units === "held" && now < deadlineOf(state) ? unitLost(state, now) : state;
}

/** A SKU refused to sell: its buyer or card has as many as one buyer may have. As where a unit was lost, and the shopper is told why. */
export function limitReached(state: OrderState, now: number): OrderState {
  if (state.status !== "authorised") return state;
  const cancelled = withCaptureGivenBack(decideCancel(state, "limit_reached", "purchase_limit", now), now);
  const { payment } = cancelled;
  return payment === null ? cancelled : { ...cancelled, payment: { ...payment, lastError: LIMIT_REACHED } };
}

function withCaptureGivenBack(state: OrderState, now: number): OrderState {
  if (state.capturedMinor === 0 || state.payment?.intentId == null) return state;
  return owe(state, "refund", state.payment.intentId, refundableMinor(state), now);
}

/** The SKUs were asked about the card: what waited for that is due now. */
export function payerJudged(state: OrderState, now: number): OrderState {
  const { payer } = state;
  if (payer === undefined || payer.phase === "judged") return state;
  return {
    ...state,
    payer: { ...payer, phase: "judged" },
    obligations: state.obligations.map((owed) => (owed.kind === "capture" ? { ...owed, nextAt: now } : owed)),
    updatedAt: now,
  };
}

export function unitsSettled(state: OrderState, now: number): OrderState {
  return state.units === "settling" ? { ...state, units: "settled", updatedAt: now } : state;
}

// --------------------------------------------------------------------------------------------------- time, shopper

/** At its deadline the order decides for the shopper: with no intent possible it expires, else Stripe is asked first. */
export function dueReached(state: OrderState, now: number): OrderState {
  if (state.status !== "reserved" || state.decision !== null) return state;
  if (now < deadlineOf(state)) return state;
  const { payment } = state;
  if (payment === null || payment.phase === "none" || payment.phase === "extending") {
    return decideCancel(state, "due", "due", now);
  }
  return owe(state, "inspect", payment.intentId, 0, now);
}

export type CancelOutcome =
  | { readonly ok: true; readonly refundRequested: boolean }
  | { readonly ok: false; readonly reason: "payment_in_progress" | "order_closed" };

/** The shopper's wish to cancel. Repeats change nothing more. */
export function cancelByShopper(
  state: OrderState,
  now: number,
): { state: OrderState; outcome: CancelOutcome } {
  switch (state.status) {
    case "reserved":
      return {
        state: decideCancel(state, "cancelled", "shopper", now),
        outcome: { ok: true, refundRequested: false },
      };
    case "authorised":
      return { state, outcome: { ok: false, reason: "payment_in_progress" } };
    case "paid": {
      const asked = state.refundRequested
        ? state
        : { ...move(state, "refund_requested", now), refundRequested: true };
      return { state: asked, outcome: { ok: true, refundRequested: true } };
    }
    case "expired":
    case "cancelled":
      return { state, outcome: { ok: true, refundRequested: false } };
    case "shipped":
    case "delivered":
    case "refunded":
      return { state, outcome: { ok: false, reason: "order_closed" } };
  }
}

// ---------------------------------------------------------------------------------------------- Stripe's answers

/** The operation to be done for what is owed, the oldest first; null when nothing is. */
export function operationOwed(state: OrderState, now: number): PaymentOperation | null {
  const owed = state.obligations[0];
  if (owed === undefined) return reviewOwed(state, now);
  const { orderId } = state;
  switch (owed.kind) {
    case "inspect":
      return {
        kind: "inspect",
        orderId,
        n: state.payment?.n ?? 1,
        intentId: owed.intentId,
        startedAt: state.payment?.startedAt ?? state.openedAt,
        amountMinor: state.totals.total,
        currency: state.totals.currency,
      };
    case "capture":
      if (owed.intentId === null) throw new Error(`order ${orderId}: capture owed without an intent`);
      if (state.payer?.phase === "wanted")
        return { kind: "identify", orderId, n: owed.n, intentId: owed.intentId };
      // The SKUs are asked first; what they answer makes the capture due, or void.
      if (state.payer?.phase === "known") return null;
      return { kind: "capture", orderId, n: owed.n, intentId: owed.intentId, amountMinor: owed.amountMinor };
    case "cancel":
      if (owed.intentId === null) throw new Error(`order ${orderId}: cancel owed without an intent`);
      return { kind: "cancel", orderId, n: owed.n, intentId: owed.intentId };
    case "refund":
      if (owed.intentId === null) throw new Error(`order ${orderId}: refund owed without an intent`);
      return {
        kind: "refund",
        orderId,
        n: owed.n,
        firstN: owed.firstN ?? owed.n,
        intentId: owed.intentId,
        amountMinor: owed.amountMinor,
      };
  }
}

/** Feeds what came of an operation. */
export function operationDone(state: OrderState, result: PaymentOperationResult, now: number): OrderState {
  switch (result.outcome) {
    case "intent": {
      const observed = observeIntent(state, result.intent, result.clientSecret, now);
      return result.kind === "inspect" ? inspected(observed, result.intent, now) : observed;
    }
    case "none":
      return noIntent(state, result, now);
    case "identified":
      return identified(state, result.intentId, result.payer, now);
    case "refunded":
      return refundMade(state, result.n, result.refund, now);
    case "undone":
      return undone(state, result.kind, result.n, now);
    case "reviewed":
      return reviewed(state, result.shown, now);
    case "refused": {
      const settled = result.kind === "refund" ? refundRefused(state, result.n, result.failure, now) : null;
      if (settled !== null) return settled;
      if (result.failure.code === INTENT_GONE.code) return intentGone(state, result.kind, result.n, now);
      const observed = result.intent === null ? state : observeIntent(state, result.intent, null, now);
      return renumbered(observed, result, now);
    }
  }
}

function identified(state: OrderState, intentId: string, key: string | null, now: number): OrderState {
  if (state.payer?.phase !== "wanted" || state.payment?.intentId !== intentId) return state;
  if (key === null) return payerJudged(state, now);
  return { ...state, payer: { phase: "known", key }, updatedAt: now };
}

/** Stripe was asked at the deadline. Authorised was seen to above; anything else means the time is over. */
function inspected(state: OrderState, intent: Intent, now: number): OrderState {
  const asked: OrderState = {
    ...state,
    obligations: state.obligations.filter((owed) => owed.kind !== "inspect"),
  };
  const over = asked.status === "reserved" && asked.decision === null && now >= deadlineOf(asked);
  if (over) return decideCancel(asked, "due", "due", now);
  return asked.decision?.kind === "cancel" && intent.status !== "succeeded"
    ? withCancelOwed(asked, now)
    : asked;
}

function noIntent(
  state: OrderState,
  result: Extract<PaymentOperationResult, { outcome: "none" }>,
  now: number,
): OrderState {
  const { payment } = state;
  if (payment === null || payment.n !== result.n || payment.intentId !== result.intentId) return state;
  const none: OrderState = {
    ...state,
    payment: { ...payment, phase: "none", intentId: null, clientSecret: null, final: false },
    obligations: state.obligations.filter((owed) => owed.kind !== "inspect"),
  };
  if (none.decision !== null) return none;
  if (now >= deadlineOf(none)) return decideCancel(none, "due", "due", now);
  return result.failure === null || none.payment === null
    ? none
    : failed(none, none.payment, result.failure, now);
}

/** Stripe does not know the intent an operation was owed on: what was owed is void, and nothing can be captured. */
function intentGone(state: OrderState, kind: Obligation["kind"], n: number, now: number): OrderState {
  const owed = state.obligations.find((each) => each.kind === kind && each.n === n);
  if (owed === undefined) return state;
  const rest: OrderState = { ...state, obligations: state.obligations.filter((each) => each !== owed) };
  const { payment } = rest;
  const ours = payment !== null && payment.intentId === owed.intentId;
  const ended: OrderState = ours ? { ...rest, payment: { ...payment, final: true } } : rest;
  const lost = kind === "capture" && ended.status === "authorised";
  return lost ? decideCancel(ended, "capture_refused", "capture_refused", now) : ended;
}

/**
 * Stripe refused `n`, so a further try needs a new number (its answer to `n` is stored). It goes to the end: what Stripe keeps refusing
 * must not stand before what else is owed. Refused too often it ends: a capture with the order, anything else is left to ops.
 */
function renumbered(
  state: OrderState,
  { kind, n, failure, intent }: Extract<PaymentOperationResult, { outcome: "refused" }>,
  now: number,
): OrderState {
  const owed = state.obligations.find((each) => each.kind === kind && each.n === n);
  if (owed === undefined) return state;
  const next = state.operationCount + 1;
  const again = triedAgain(state, owed, next, intent?.status === "processing", now);
  if (again !== null) {
    const rest = state.obligations.filter((each) => each !== owed);
    return { ...state, operationCount: next, obligations: [...rest, again] };
  }
  return kind === "capture" && state.status === "authorised"
    ? decideCancel(state, "capture_refused", "capture_refused", now)
    : givenUp(state, owed, failure, now);
}
