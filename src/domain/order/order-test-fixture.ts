/** An order and what Stripe shows of its payment, for tests of the order's rules. */
import {
  beginPayment,
  limitReached,
  observeIntent,
  operationDone,
  payerJudged,
  paymentStarted,
  unitLost,
  unitsCommitted,
  unitsSettled,
} from "./payment.ts";
import { creationId, operationId, type Intent } from "./payment-operation.ts";
import type { UnitStep } from "./next-step.ts";
import { returnsDue, unitsReturned, type ShownRefund } from "./refunds.ts";
import { newOrder, type Durations, type OrderState } from "./state.ts";

/** The moment the order is placed, epoch ms. */
export const T0 = 1_800_000_000_000;
export const DURATIONS: Durations = { holdMs: 1_800_000, windowMs: 600_000, graceMs: 120_000 };
export const TOTAL = 239_800;

export function reserved(durations: Durations = DURATIONS): OrderState {
  return newOrder(
    {
      orderId: "order-1",
      fingerprint: "content",
      buyer: "buyer-1",
      lines: [
        { sku: "phone-128-black", name: "Phone", quantity: 1, unitAmountMinor: 119_900 },
        { sku: "phone-128-white", name: "Phone", quantity: 1, unitAmountMinor: 119_900 },
      ],
      totals: { subtotal: TOTAL, shipping: 0, tax: 0, total: TOTAL, currency: "USD" },
      shippingMethod: "standard",
    },
    durations,
    T0,
    T0,
    0,
  );
}

export function intent(overrides: Partial<Intent> = {}): Intent {
  return {
    id: "pi_1",
    amountMinor: TOTAL,
    currency: "USD",
    status: "requires_payment_method",
    capturedMinor: 0,
    lastError: null,
    orderId: "order-1",
    operationId: creationId("order-1", 1),
    ...overrides,
  };
}

export const AUTHORISED: Partial<Intent> = { status: "requires_capture" };
export const SUCCEEDED: Partial<Intent> = { status: "succeeded", capturedMinor: TOTAL };
export const CANCELED: Partial<Intent> = { status: "canceled" };

/** A creation may be running at Stripe. */
export function started(now = T0): OrderState {
  const begun = beginPayment(reserved(), now);
  return begun.payment?.phase === "extending" ? paymentStarted(begun, now) : begun;
}

/** The intent is there and its client secret was told. */
export function paying(now = T0): OrderState {
  return operationDone(
    started(now),
    { kind: "create", n: 1, outcome: "intent", intent: intent(), clientSecret: "pi_1_secret" },
    now,
  );
}

/** Authorised, all units committed, and captured. */
export function paid(): OrderState {
  const committed = unitsCommitted(observeIntent(paying(), intent(AUTHORISED), null, T0), T0);
  return observeIntent(committed, intent(SUCCEEDED), null, T0);
}

/** The state after a step at the SKU objects: `done` where every SKU agreed. */
export function afterStep(state: OrderState, step: UnitStep, done: boolean, now: number): OrderState {
  switch (step) {
    case "extend":
      return done ? paymentStarted(state, now) : unitLost(state, now);
    case "commit":
      return done ? unitsCommitted(state, now) : unitLost(state, now);
    case "judge_payer":
      return done ? payerJudged(state, now) : limitReached(payerJudged(state, now), now);
    case "settle":
      return unitsSettled(state, now);
    case "return":
      return unitsReturned(state, new Set(returnsDue(state).map(({ refundId }) => refundId)), new Set(), now);
  }
}

/** A refund as Stripe shows it, by default one that the operation of this number made. */
export function shownRefund(n: number, overrides: Partial<ShownRefund> = {}): ShownRefund {
  return {
    stripeId: `re_${String(n)}`,
    amountMinor: TOTAL,
    status: "succeeded",
    operationId: operationId({ orderId: "order-1", kind: "refund", n }),
    failure: null,
    createdAt: T0,
    ...overrides,
  };
}
