/** Cancelling an order: behind one more step, so that it does not happen by accident. */

/** Name of the field that says that the shopper knows the order is paid. */
export const REFUND_FIELD = "refund";

export interface CancelFormProps {
  readonly orderId: string;
  /** Before payment it releases the items; after payment it asks for a refund. */
  readonly paid: boolean;
}

export function CancelForm({ orderId, paid }: CancelFormProps) {
  return (
    <details class="cancel">
      <summary>{paid ? "Cancel and ask for a refund" : "Cancel this order"}</summary>
      <form method="post" action={`/orders/${encodeURIComponent(orderId)}/cancel`}>
        {/* What was reserved when the page was drawn may be paid by now: only this asks for a refund. */}
        {paid && <input type="hidden" name={REFUND_FIELD} value="yes" />}
        <p>
          {paid
            ? "We will look at it as soon as we can. Orders that have not been sent yet are refunded in full."
            : "Your items go back on sale at once. You have not been charged."}
        </p>
        <button class="button button-small" data-look="danger" type="submit">
          {paid ? "Ask for a refund" : "Yes, cancel it"}
        </button>
      </form>
    </details>
  );
}
