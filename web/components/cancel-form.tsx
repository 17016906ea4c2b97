/** Cancelling an order: behind one more step, so that it does not happen by accident. */

/** Name of the field that says that the shopper knows the order is paid. */
export const REFUND_FIELD = "refund";

export interface CancelFormProps {
  readonly orderId: string;
  /** Before payment it releases the items; after payment the order is refunded. */
  readonly paid: boolean;
}

export function CancelForm({ orderId, paid }: CancelFormProps) {
  return (
    <details class="cancel">
      <summary>Cancel this order</summary>
      <form method="post" action={`/orders/${encodeURIComponent(orderId)}/cancel`}>
        {/* What was reserved when the page was drawn may be paid by now: only this cancels a paid order. */}
        {paid && <input type="hidden" name={REFUND_FIELD} value="yes" />}
        <p>
          {paid
            ? "We refund the full amount to the card you paid with. Banks take 5 to 10 days to show it."
            : "Your items go back on sale at once. You have not been charged."}
        </p>
        <button class="button button-small" data-look="danger" type="submit">
          {paid ? "Cancel and get a refund" : "Cancel order"}
        </button>
      </form>
    </details>
  );
}
