/** Disputes: opened by the dispute test cards as soon as their charge is captured, and ended by a test. */
import type Stripe from "stripe";
import { resourceMissing } from "./errors.ts";
import { emit } from "./events.ts";
import type { FormObject } from "./form-decoding.ts";
import { newId } from "./identifiers.ts";
import { LIST_PARAMETERS, listPage } from "./lists.ts";
import { ok } from "./operation.ts";
import type { Answer, Operation } from "./operation.ts";
import { allowOnly, optionalString } from "./parameters.ts";
import { idOf } from "./state.ts";

const DAYS_TO_RESPOND = 9;
const SECONDS_PER_DAY = 86_400;

/** Opens a dispute over everything that was captured of `charge`, and takes it from the balance. */
export function openDispute(operation: Operation, charge: Stripe.Charge, reason: string): void {
  const disputed: Stripe.Charge = { ...charge, disputed: true };
  operation.state.charges.put(disputed.id, disputed);
  const dispute: Stripe.Dispute = {
    ...newDispute(operation, charge, reason),
    balance_transactions: [moved(operation, charge.currency, -charge.amount_captured)],
    status: "needs_response",
  };
  operation.state.disputes.put(dispute.id, dispute);
  emit(operation, "charge.dispute.created", dispute);
  emit(operation, "charge.dispute.funds_withdrawn", dispute);
  emit(operation, "charge.updated", disputed);
}

/** Asks about a charge before it is disputed: no money moves, and it can be refunded. */
export function openInquiry(operation: Operation, charge: Stripe.Charge): void {
  const inquiry: Stripe.Dispute = {
    ...newDispute(operation, charge, "general"),
    is_charge_refundable: true,
    status: "warning_needs_response",
  };
  operation.state.disputes.put(inquiry.id, inquiry);
  emit(operation, "charge.dispute.created", inquiry);
}

/** Ends a dispute as a test wants it: won gives back what was withdrawn. False where there is no such dispute that is open. */
export function endDispute(operation: Operation, id: string, status: "won" | "lost"): boolean {
  const open = operation.state.disputes.get(id);
  if (open === undefined || open.status === "won" || open.status === "lost") return false;
  const closed: Stripe.Dispute = { ...open, status };
  operation.state.disputes.put(id, closed);
  emit(operation, "charge.dispute.closed", closed);
  if (status === "lost") return true;
  const back = moved(operation, open.currency, open.amount);
  const reinstated = { ...closed, balance_transactions: [...closed.balance_transactions, back] };
  operation.state.disputes.put(id, reinstated);
  emit(operation, "charge.dispute.funds_reinstated", reinstated);
  const charge = operation.state.charges.get(idOf(open.charge) ?? "");
  if (charge !== undefined) operation.state.charges.put(charge.id, { ...charge, disputed: false });
  return true;
}

function newDispute(operation: Operation, charge: Stripe.Charge, reason: string): Stripe.Dispute {
  // The evidence has some thirty fields that are null until somebody submits some; a store only reads the rest.
  const evidence = {} as Stripe.Dispute.Evidence;
  return {
    id: newId("dp"),
    object: "dispute",
    amount: charge.amount_captured,
    balance_transactions: [],
    charge: charge.id,
    created: operation.now,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence,
    evidence_details: {
      due_by: operation.now + DAYS_TO_RESPOND * SECONDS_PER_DAY,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: "manual",
    },
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason,
    status: "needs_response",
  };
}

/** What a dispute moves: the part of a balance transaction that a store reads. */
function moved(operation: Operation, currency: string, amount: number): Stripe.BalanceTransaction {
  const transaction = {
    id: newId("txn"),
    object: "balance_transaction",
    amount,
    currency,
    created: operation.now,
  };
  return transaction as unknown as Stripe.BalanceTransaction;
}

/** `GET /v1/disputes/:id` */
export function retrieveDispute(operation: Operation, id: string): Answer {
  const dispute = operation.state.disputes.get(id);
  if (dispute === undefined) throw resourceMissing("dispute", id, "dispute");
  return ok(dispute);
}

/** `GET /v1/disputes`, by `charge`, `payment_intent` and `created`. */
export function listDisputes(operation: Operation, params: FormObject): Answer {
  allowOnly(params, [...LIST_PARAMETERS, "charge", "payment_intent"]);
  const chargeId = optionalString(params, "charge");
  const intentId = optionalString(params, "payment_intent");
  const matches = (dispute: Stripe.Dispute): boolean =>
    (chargeId === undefined || dispute.charge === chargeId) &&
    (intentId === undefined || dispute.payment_intent === intentId);
  return ok(listPage(operation.state.disputes, params, { url: "/v1/disputes", kind: "dispute", matches }));
}
