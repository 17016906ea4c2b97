/** Stripe's refunds as the order's rules know them. */
import type Stripe from "stripe";
import type { ShownRefund } from "../../domain/order/refunds.ts";
import { OPERATION_ID_KEY } from "./intents.ts";

const PAGE_SIZE = 100;
/** The most refunds of one intent that are read: ten times what an order may have. */
const MAX_LISTED = 1_000;

/** A status this code does not know is one to wait in. A refund that was canceled gave nothing back. */
function toStatus(status: string | null): ShownRefund["status"] {
  if (status === "succeeded") return "succeeded";
  return status === "failed" || status === "canceled" ? "failed" : "pending";
}

export function toRefund(refund: Stripe.Refund): ShownRefund {
  return {
    stripeId: refund.id,
    amountMinor: refund.amount,
    status: toStatus(refund.status),
    operationId: refund.metadata?.[OPERATION_ID_KEY] ?? null,
    failure: refund.failure_reason ?? null,
    createdAt: refund.created * 1000,
  };
}

/**
 * All refunds of an intent, the oldest first.
 *
 * @throws Error where there are more than 1,000: a part of them would look like all
 */
export async function listRefunds(stripe: Stripe, intentId: string): Promise<ShownRefund[]> {
  const listed: ShownRefund[] = [];
  for await (const refund of stripe.refunds.list({ payment_intent: intentId, limit: PAGE_SIZE })) {
    if (listed.length === MAX_LISTED) throw new Error(`more than ${MAX_LISTED} refunds of ${intentId}`);
    listed.push(toRefund(refund));
  }
  return listed.reverse();
}
