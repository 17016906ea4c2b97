/** Refunds: money that was captured goes back, in one or several parts. */
import type Stripe from "stripe";
import { formatAmount } from "./amounts.ts";
import { invalidRequest, parameterInvalid, parameterMissing, resourceMissing } from "./errors.ts";
import { emit } from "./events.ts";
import type { FormObject } from "./form-decoding.ts";
import { newId } from "./identifiers.ts";
import { LIST_PARAMETERS, listPage } from "./lists.ts";
import { ok } from "./operation.ts";
import type { Answer, Operation } from "./operation.ts";
import { allowOnly, mergedMetadata, optionalChoice, optionalInteger, optionalString } from "./parameters.ts";
import { idOf } from "./state.ts";

const REASONS = ["duplicate", "fraudulent", "requested_by_customer"] as const;

/** `POST /v1/refunds`: of a `charge` or a `payment_intent`, all that is left of it or `amount`. */
export function createRefund(operation: Operation, params: FormObject): Answer {
  allowOnly(params, [
    "charge",
    "payment_intent",
    "amount",
    "reason",
    "metadata",
    "expand",
    "instructions_email",
  ]);
  const amount = optionalInteger(params, "amount");
  const reason = optionalChoice(params, "reason", REASONS);
  const metadata = mergedMetadata(params, {});
  const charge = chargeToRefund(operation, params);
  const left = charge.amount_captured - charge.amount_refunded;
  if (charge.disputed) {
    throw invalidRequest(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
      code: "charge_disputed",
    });
  }
  if (left <= 0) {
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, {
      code: "charge_already_refunded",
    });
  }
  const refunded = amount ?? left;
  if (refunded < 1) throw parameterInvalid("amount", "Invalid positive integer", "parameter_invalid_integer");
  if (refunded > left) {
    const message =
      `Refund amount (${formatAmount(refunded, charge.currency)}) is greater than ` +
      `unrefunded amount on charge (${formatAmount(left, charge.currency)})`;
    throw invalidRequest(message, { param: "amount" });
  }
  return ok(refund(operation, charge, refunded, reason ?? null, metadata));
}

function chargeToRefund(operation: Operation, params: FormObject): Stripe.Charge {
  const chargeId = optionalString(params, "charge");
  const intentId = optionalString(params, "payment_intent");
  if (chargeId !== undefined) {
    const charge = operation.state.charges.get(chargeId);
    if (charge === undefined) throw resourceMissing("charge", chargeId, "charge");
    if (charge.status !== "succeeded" || !charge.captured) {
      throw invalidRequest(
        `Charge ${charge.id} has not been captured and cannot be refunded; cancel its PaymentIntent.`,
        {
          code: "charge_not_refundable",
        },
      );
    }
    return charge;
  }
  if (intentId === undefined) throw parameterMissing("payment_intent");
  const intent = operation.state.paymentIntents.get(intentId);
  if (intent === undefined) throw resourceMissing("payment_intent", intentId, "payment_intent");
  const charge = operation.state.charges.get(idOf(intent.latest_charge) ?? "");
  if (charge === undefined || intent.status !== "succeeded") {
    throw invalidRequest(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`);
  }
  return charge;
}

function refund(
  operation: Operation,
  charge: Stripe.Charge,
  amountMinor: number,
  reason: (typeof REASONS)[number] | null,
  metadata: Record<string, string>,
): Stripe.Refund {
  const { state } = operation;
  const made: Stripe.Refund = {
    id: newId("re"),
    object: "refund",
    amount: amountMinor,
    balance_transaction: newId("txn"),
    charge: charge.id,
    created: operation.now,
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: {
      card: { reference_status: "pending", reference_type: "acquirer_reference_number", type: "refund" },
      type: "card",
    },
    metadata,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: isPending(operation, charge) ? "pending" : "succeeded",
    transfer_reversal: null,
  };
  const amountRefunded = charge.amount_refunded + amountMinor;
  const changed: Stripe.Charge = {
    ...charge,
    amount_refunded: amountRefunded,
    refunded: amountRefunded === charge.amount_captured,
  };
  state.refunds.put(made.id, made);
  state.charges.put(changed.id, changed);
  emit(operation, "refund.created", made);
  emit(operation, "charge.refunded", changed);
  // The acquirer's reference number arrives a little later and is told as an update.
  const referenced: Stripe.Refund = {
    ...made,
    destination_details: {
      card: { reference: newId("arn"), reference_status: "available", type: "refund" },
      type: "card",
    },
  };
  state.refunds.put(referenced.id, referenced);
  emit(operation, "charge.refund.updated", referenced);
  emit(operation, "refund.updated", referenced);
  return made;
}

function isPending(operation: Operation, charge: Stripe.Charge): boolean {
  return operation.state.cards.get(charge.payment_method ?? "")?.behaviour.kind === "refund_pending";
}

/**
 * Ends a refund as a test wants it. One that fails goes back to the balance, so that its charge can be refunded anew.
 * False where there is no such refund, or it has failed already.
 */
export function endRefund(operation: Operation, id: string, status: "succeeded" | "failed"): boolean {
  const { state } = operation;
  const current = state.refunds.get(id);
  if (current === undefined || current.status === "failed") return false;
  const failure = { failure_reason: "expired_or_canceled_card", failure_balance_transaction: newId("txn") };
  const ended: Stripe.Refund = { ...current, status, ...(status === "failed" ? failure : {}) };
  state.refunds.put(id, ended);
  const charge = state.charges.get(idOf(current.charge) ?? "");
  if (status === "failed" && charge !== undefined) {
    const amountRefunded = charge.amount_refunded - current.amount;
    state.charges.put(charge.id, { ...charge, amount_refunded: amountRefunded, refunded: false });
  }
  emit(operation, "charge.refund.updated", ended);
  emit(operation, "refund.updated", ended);
  if (status === "failed") emit(operation, "refund.failed", ended);
  return true;
}

/** `POST /v1/refunds/:id`: only metadata can change. */
export function updateRefund(operation: Operation, id: string, params: FormObject): Answer {
  allowOnly(params, ["metadata", "expand"]);
  const current = findRefund(operation, id);
  const changed: Stripe.Refund = { ...current, metadata: mergedMetadata(params, current.metadata ?? {}) };
  operation.state.refunds.put(id, changed);
  emit(operation, "refund.updated", changed);
  return ok(changed);
}

/** `GET /v1/refunds/:id` */
export function retrieveRefund(operation: Operation, id: string): Answer {
  return ok(findRefund(operation, id));
}

/** `GET /v1/refunds`, by `charge`, `payment_intent` and `created`. */
export function listRefunds(operation: Operation, params: FormObject): Answer {
  allowOnly(params, [...LIST_PARAMETERS, "charge", "payment_intent"]);
  const chargeId = optionalString(params, "charge");
  const intentId = optionalString(params, "payment_intent");
  const matches = (made: Stripe.Refund): boolean =>
    (chargeId === undefined || made.charge === chargeId) &&
    (intentId === undefined || made.payment_intent === intentId);
  return ok(listPage(operation.state.refunds, params, { url: "/v1/refunds", kind: "refund", matches }));
}

function findRefund(operation: Operation, id: string): Stripe.Refund {
  const found = operation.state.refunds.get(id);
  if (found === undefined) throw resourceMissing("refund", id, "refund");
  return found;
}
