/** The message that tells Postgres how an order stands. */
import { MESSAGE_VERSION, type OrderChanged, type OrderContact } from "../../contracts/messages.ts";
import { deadlineOf, type OrderState } from "../../domain/order/state.ts";

/** @param contact the order's personal data, or null once Postgres has it */
export function orderChanged(state: OrderState, contact: OrderContact | null): OrderChanged {
  const { payment } = state;
  return {
    v: MESSAGE_VERSION,
    type: "order.changed",
    contact,
    snapshot: {
      orderId: state.orderId,
      status: state.status,
      version: state.version,
      openedAt: state.openedAt,
      updatedAt: state.updatedAt,
      holdExpiresAt: deadlineOf(state),
      buyer: state.buyer,
      accountId: state.accountId ?? null,
      shippingMethod: state.shippingMethod,
      totals: state.totals,
      lines: [...state.lines],
      timeline: [...state.timeline],
      payment:
        payment?.intentId == null
          ? null
          : {
              intentId: payment.intentId,
              decision: state.decision?.kind ?? null,
              amountMinor: state.totals.total,
              capturedMinor: state.capturedMinor,
              refundedMinor: state.refundedMinor,
              lastErrorCode: payment.lastError?.code ?? null,
            },
      refundRequested: state.refundRequested,
    },
  };
}
