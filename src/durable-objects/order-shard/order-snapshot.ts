/** What Postgres is told of an order: how it stands, and until it has that its personal data. */
import type { ChangedOrder, OrderContact, OrderSnapshot } from "../../contracts/messages.ts";
import { refundsOf } from "../../domain/order/refunds.ts";
import { refusedOf } from "../../domain/order/refused-operations.ts";
import { deadlineOf, recordOf, type OrderState } from "../../domain/order/state.ts";

/** @param contact the order's personal data, or null once Postgres has it */
export function orderChange(state: OrderState, contact: OrderContact | null): ChangedOrder {
  const { payment } = state;
  return {
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
      totals: totalsCopy(state),
      lines: state.lines.map(({ taxAmounts, ...line }) =>
        taxAmounts === undefined ? line : { ...line, taxAmounts: [...taxAmounts] },
      ),
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
      refusedOperations: refusedOf(state).map(({ kind, amountMinor, code, at }) => ({
        kind,
        amountMinor,
        code,
        at,
      })),
      disputes: [...(state.disputes ?? [])],
      fraudWarning: state.fraudWarning ?? null,
      refunds: refundsOf(state).map((refund) => ({
        id: refund.id,
        cause: refund.cause,
        amountMinor: refund.amountMinor,
        status: refund.status,
        lines: [...refund.lines],
        shippingMinor: refund.shippingMinor,
        restock: refund.returned?.status ?? "none",
        stripeId: refund.stripeId,
        failure: refund.failure,
        requestedAt: refund.requestedAt,
        updatedAt: refund.updatedAt,
      })),
      parcels: recordOf(state).parcels.map((parcel) => ({ ...parcel, lines: [...parcel.lines] })),
    },
  };
}

function totalsCopy({ totals: { taxes, ...totals } }: OrderState): OrderSnapshot["totals"] {
  return taxes === undefined ? totals : { ...totals, taxes: [...taxes] };
}
