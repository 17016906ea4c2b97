/**
 * What Stripe shows of a payment after it was taken, read whole. Events about it come late, twice, in any order or not at all, so
 * each only says that it is time to look; what is read takes the place of what was known.
 */
import { isDisputeOpen, observeDisputes } from "./disputes.ts";
import type { ReviewPayment, ShownMoney } from "./payment-operation.ts";
import { observeRefunds, refundsOf } from "./refunds.ts";
import type { OrderState } from "./state.ts";

/** A refund or dispute that is under way is looked at again after so long, should no event tell of it, ms. */
const PENDING_PATIENCE_MS = 6 * 60 * 60 * 1000;

/** Something happened at Stripe: to be looked at now. Of what is never captured nothing can go back. */
export function reviewWanted(state: OrderState, now: number): OrderState {
  if (state.capturedMinor === 0 && state.decision?.kind !== "capture") return state;
  return { ...state, review: { attempts: 0, nextAt: now } };
}

/** The reading that is due or was asked for and has not come yet; null where there is none. */
export function reviewOwed(state: OrderState, now: number): ReviewPayment | null {
  const { orderId, review, payment } = state;
  if (review == null || payment?.intentId == null) return null;
  if (review.attempts === 0 && review.nextAt > now) return null;
  return { kind: "review", orderId, n: 0, intentId: payment.intentId };
}

/** @param shown null where Stripe does not know the intent: then there is nothing to look at */
export function reviewed(state: OrderState, shown: ShownMoney | null, now: number): OrderState {
  const read: OrderState = { ...state, review: null };
  if (shown === null) return read;
  const refunded = observeRefunds(read, shown.refunds, now);
  return followed(observeDisputes(refunded, shown.disputes, shown.fraudWarning, now), now);
}

/** What is still about to change is looked at again later. */
function followed(state: OrderState, now: number): OrderState {
  const isPending =
    refundsOf(state).some(({ status, stripeId }) => status === "pending" && stripeId !== null) ||
    (state.disputes ?? []).some(isDisputeOpen);
  return isPending ? { ...state, review: { attempts: 0, nextAt: now + PENDING_PATIENCE_MS } } : state;
}
