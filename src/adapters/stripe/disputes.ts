/** Stripe's disputes and early fraud warnings as the order's rules know them. */
import type Stripe from "stripe";
import {
  DISPUTE_STATUSES,
  type Dispute,
  type DisputeStatus,
  type FraudWarning,
} from "../../domain/order/disputes.ts";

/** Disputes of one payment: more than one is rare, more than ten unheard of. */
const MAX_LISTED = 10;

const STATUSES: ReadonlySet<string> = new Set(DISPUTE_STATUSES);

/** A status that this code does not know needs attention from staff. */
function toStatus(status: string): DisputeStatus {
  return STATUSES.has(status) ? (status as DisputeStatus) : "needs_response";
}

function toDispute(dispute: Stripe.Dispute): Dispute {
  const { due_by: dueBy } = dispute.evidence_details;
  const moved = dispute.balance_transactions.reduce((sum, { amount }) => sum + amount, 0);
  return {
    id: dispute.id,
    status: toStatus(dispute.status),
    reason: dispute.reason,
    amountMinor: dispute.amount,
    evidenceDueAt: dueBy === null ? null : dueBy * 1000,
    isRefundable: dispute.is_charge_refundable,
    withdrawnMinor: Math.max(0, -moved),
    openedAt: dispute.created * 1000,
  };
}

/** The disputes of an intent, the oldest first. */
export async function listDisputes(stripe: Stripe, intentId: string): Promise<Dispute[]> {
  const { data } = await stripe.disputes.list({ payment_intent: intentId, limit: MAX_LISTED });
  return data.map(toDispute).reverse();
}

/** The newest early fraud warning of an intent, or null. */
export async function newestFraudWarning(stripe: Stripe, intentId: string): Promise<FraudWarning | null> {
  const { data } = await stripe.radar.earlyFraudWarnings.list({ payment_intent: intentId, limit: 1 });
  const [newest] = data;
  if (newest === undefined) return null;
  return {
    id: newest.id,
    type: newest.fraud_type,
    isActionable: newest.actionable,
    at: newest.created * 1000,
  };
}
