/** What happens to an order after it was placed: it is paid, captured, refused, canceled. Each is a production rule of one state. */
import {
  beginPayment,
  cancelByShopper,
  observeIntent,
  operationDone,
  operationOwed,
} from "../../../domain/order/payment.ts";
import {
  creationId,
  operationId,
  type Intent,
  type PaymentOperationResult,
} from "../../../domain/order/payment-operation.ts";
import type { ShownRefund } from "../../../domain/order/refunds.ts";
import { deadlineOf, type OrderState } from "../../../domain/order/state.ts";
import { SHOPPERS, type Key } from "./scenarios.ts";

export type Rule = (state: OrderState, now: number) => OrderState;

export const pay: Rule = (state, now) =>
  state.status === "reserved" && state.decision === null && now < deadlineOf(state)
    ? beginPayment(state, now)
    : state;

export const authorise: Rule = (state, now) =>
  state.payment === null || state.payment.phase === "extending"
    ? state
    : observeIntent(state, intentOf(state, "requires_capture"), null, now);

/** Stripe ends the intent of an order that is to be captured. */
export const refuse: Rule = (state, now) =>
  state.status === "authorised" ? observeIntent(state, intentOf(state, "canceled"), null, now) : state;

export const cancel: Rule = (state, now) => cancelByShopper(state, now).state;

/** Does what the order owes at Stripe, and all of it goes well. */
export const operate: Rule = (state, now) => {
  const result = resultOf(state, now);
  return result === null ? state : operationDone(state, result, now);
};

function resultOf(state: OrderState, now: number): PaymentOperationResult | null {
  const owed = operationOwed(state, now);
  if (owed === null) return null;
  const { kind, n } = owed;
  switch (kind) {
    case "identify":
      return { kind, n, outcome: "identified", intentId: owed.intentId, payer: cardOf(state.orderId) };
    case "refund":
      return { kind, n, outcome: "refunded", refund: refundOf(state, n, owed.amountMinor) };
    case "review":
      return { kind, n, outcome: "reviewed", shown: null };
    case "inspect":
      return { kind, n, outcome: "none", intentId: owed.intentId, failure: null };
    case "capture":
      return { kind, n, outcome: "intent", intent: intentOf(state, "succeeded"), clientSecret: null };
    case "cancel":
      return { kind, n, outcome: "intent", intent: intentOf(state, "canceled"), clientSecret: null };
    case "create":
      return null;
  }
}

function refundOf({ orderId }: OrderState, n: number, amountMinor: number): ShownRefund {
  const of = operationId({ orderId, kind: "refund", n });
  return {
    stripeId: `re_${of}`,
    amountMinor,
    status: "succeeded",
    operationId: of,
    failure: null,
    createdAt: 0,
  };
}

const cardOf = (orderId: string): string =>
  (SHOPPERS[orderId.slice(2) as Key] as (typeof SHOPPERS)[Key] | undefined)?.card ?? orderId;

function intentOf({ orderId, totals, payment }: OrderState, status: Intent["status"]): Intent {
  return {
    id: `pi_${orderId}_${payment?.n ?? 1}`,
    amountMinor: totals.total,
    currency: totals.currency,
    status,
    capturedMinor: status === "succeeded" ? totals.total : 0,
    lastError: null,
    orderId,
    operationId: creationId(orderId, payment?.n ?? 1),
  };
}
