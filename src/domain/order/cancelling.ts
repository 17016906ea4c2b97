/** Canceling an order, by its buyer or by staff: before payment it ends, after payment it is refunded. */
import { cancelByShopper, cancelPartCapture, type CancelOutcome } from "./payment.ts";
import { refundsOf, requestRefund, type Refund, type RefundOutcome } from "./refunds.ts";
import type { OrderState } from "./state.ts";
import { withNotice } from "./transitions.ts";

/** The id of the refund that a buyer's cancellation asks for: one for each order. */
const BUYERS_REFUND = "canceled-by-buyer";

/**
 * The buyer's wish to cancel. Repeats change nothing more.
 *
 * @param refundsAtOnce whether a paid order that has not left is refunded and restocked by itself; else staff see an open request
 */
export function cancelByBuyer(
  state: OrderState,
  refundsAtOnce: boolean,
  now: number,
): { readonly state: OrderState; readonly outcome: CancelOutcome } {
  if (refundsOf(state).some(({ id }) => id === BUYERS_REFUND))
    return { state, outcome: { ok: true, refundRequested: true } };
  const asked = cancelByShopper(state, now);
  if (!asked.outcome.ok || asked.state.status !== "paid") return asked;
  const request = { id: BUYERS_REFUND, cause: "buyer", restock: true } as const;
  const refunding = refundsAtOnce ? requestRefund(asked.state, request, now) : null;
  if (refunding?.outcome.ok === true) return { state: refunding.state, outcome: asked.outcome };
  // What cannot be refunded by itself (a dispute, say) is an open request that staff see.
  const isNew = !state.refundRequested;
  return {
    state: isNew ? withNotice(asked.state, "refund_requested", "", now) : asked.state,
    outcome: asked.outcome,
  };
}

export type StaffCancelOutcome =
  /** `refund`: of what was paid; null where nothing was. */
  | { readonly ok: true; readonly refund: Refund | null }
  | { readonly ok: false; readonly reason: "order_closed" }
  | Extract<RefundOutcome, { ok: false }>;

export interface StaffCancellation {
  readonly id: string;
  /** Whether the units of a paid order go back on sale; those of an unpaid one always do. */
  readonly restock: boolean;
}

/** Staff cancel: a reservation ends and its buyer is told, a paid order is refunded in full, and so is one that was charged in part. */
export function cancelByStaff(
  state: OrderState,
  { id, restock }: StaffCancellation,
  now: number,
): { readonly state: OrderState; readonly outcome: StaffCancelOutcome } {
  const ended = cancelPartCapture(state, now);
  if (ended !== state) return { state: ended, outcome: { ok: true, refund: null } };
  const isRepeated = refundsOf(state).some((refund) => refund.id === id);
  if (state.status === "paid" || state.status === "authorised" || isRepeated)
    return requestRefund(state, { id, cause: "ops", restock }, now);
  if (state.status !== "reserved") {
    const hasEnded = state.status === "cancelled" || state.status === "expired";
    const outcome = hasEnded
      ? ({ ok: true, refund: null } as const)
      : ({ ok: false, reason: "order_closed" } as const);
    return { state, outcome };
  }
  const { state: cancelled } = cancelByShopper(state, now);
  const told: OrderState = { ...cancelled, notice: { kind: "order_cancelled", attempts: 0, nextAt: now } };
  return { state: told, outcome: { ok: true, refund: null } };
}
