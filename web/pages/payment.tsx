/**
 * Paying for a reserved order: the hold's clock, the summary and Stripe's Payment Element. Personal, never cached.
 *
 * Props: `PaymentPageProps`. Only for orders in status `reserved`; every other status redirects to `/orders/{id}`. The browser asks
 * `POST /api/orders/{id}/payment` itself (right by cookie) and loads Stripe.js from `stripeJsUrl`, whose origin the CSP must allow
 * for scripts, frames and connections. After paying it goes to `/orders/{id}?payment=submitted`.
 */
import type { OrderView } from "../../src/contracts/orders.ts";
import { CancelForm } from "../components/cancel-form.tsx";
import { HoldClock } from "../components/hold-clock.tsx";
import { LockIcon } from "../components/icons.tsx";
import { MoneyText } from "../components/money.tsx";
import { Notice } from "../components/notice.tsx";
import { OrderLines } from "../components/order-lines.tsx";
import { TotalsList } from "../components/totals-list.tsx";
import { Document } from "../document.tsx";
import type { SiteContext } from "../site.ts";

export interface PaymentPageProps {
  readonly site: SiteContext;
  readonly order: OrderView;
  /** Where Stripe.js is loaded from. */
  readonly stripeJsUrl: string;
}

export function PaymentPage({ site, order, stripeJsUrl }: PaymentPageProps) {
  const path = `/orders/${encodeURIComponent(order.orderId)}`;
  return (
    <Document site={site} title="Payment" script="payment" quietHeader>
      <div class="wrap section page-top">
        <h1>Payment</h1>
        <div class="split">
          <section
            class="pay"
            aria-labelledby="pay-title"
            data-payment
            data-order-id={order.orderId}
            data-stripe-js={stripeJsUrl}
          >
            <HoldClock until={order.holdExpiresAt} serverTime={order.serverTime} />
            <h2 id="pay-title" class="panel-title">
              Card details
            </h2>
            {order.lastPaymentError !== undefined && (
              <Notice tone="warning" title="The last payment did not go through">
                <p>
                  {order.lastPaymentError.message} Your items are still held: try again or use another card.
                </p>
              </Notice>
            )}
            <noscript>
              <Notice tone="info" title="Paying needs JavaScript">
                <p>
                  Card details go straight to our payment provider, Stripe, which needs JavaScript to take
                  them safely. Your items stay reserved: switch it on, or open this page in another browser,
                  and reload.
                </p>
              </Notice>
            </noscript>
            <div class="pay-wait" data-payment-wait hidden>
              <span class="spinner" aria-hidden="true"></span>
              <div>
                <p class="pay-wait-title" data-payment-wait-title>
                  Preparing the payment…
                </p>
                <p class="fine" data-payment-wait-detail></p>
                <button class="button button-small" data-look="quiet" type="button" data-payment-retry hidden>
                  Try again
                </button>
              </div>
            </div>
            <form class="pay-form" data-payment-form hidden>
              <div class="pay-element" data-payment-element></div>
              <p class="pay-error" role="alert" data-payment-error hidden></p>
              <button class="button button-wide" type="submit" data-payment-submit>
                Pay <MoneyText amount={order.totals.total} currency={order.totals.currency} />
              </button>
            </form>
            <p class="fine fine-icon">
              <LockIcon />
              Card details go straight to Stripe. Your card is charged only once every item is secured for
              you.
            </p>
          </section>
          <aside class="panel split-side" aria-labelledby="pay-summary">
            <div class="panel-head">
              <h2 id="pay-summary" class="panel-title">
                Your order
              </h2>
              <a class="text-link" href={path}>
                Order status
              </a>
            </div>
            <OrderLines lines={order.lines} />
            <TotalsList totals={order.totals} shippingName={order.shippingName} />
            <CancelForm orderId={order.orderId} paid={false} />
          </aside>
        </div>
      </div>
    </Document>
  );
}
