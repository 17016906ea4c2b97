/**
 * An order's own page: where it stands, what to do next. Personal, never cached. It follows the order by itself: the browser polls
 * `GET /api/orders/{id}` and, when the version changed, loads this page's main part again.
 *
 * Props: `OrderPageProps`. `paymentSubmitted` is true when the address carries `payment=submitted` or Stripe's `redirect_status`
 * other than `failed`. `problem` says why a cancellation was refused.
 */
import type { OrderView } from "../../src/contracts/orders.ts";
import { CancelForm } from "../components/cancel-form.tsx";
import { HoldClock } from "../components/hold-clock.tsx";
import { CheckIcon, ClockIcon, CrossIcon } from "../components/icons.tsx";
import { MoneyText } from "../components/money.tsx";
import { Notice } from "../components/notice.tsx";
import { orderHeadline, type OrderHeadline } from "../components/order-headline.ts";
import { OrderLines } from "../components/order-lines.tsx";
import { OrderTimeline } from "../components/order-timeline.tsx";
import { TotalsList } from "../components/totals-list.tsx";
import { Document } from "../document.tsx";
import type { SiteContext } from "../site.ts";

export interface OrderPageProps {
  readonly site: SiteContext;
  readonly order: OrderView;
  readonly paymentSubmitted: boolean;
  readonly problem?: string;
}

export function OrderPage({ site, order, paymentSubmitted, problem }: OrderPageProps) {
  const headline = orderHeadline(order, paymentSubmitted);
  return (
    <Document site={site} title={headline.title} script="order">
      <div
        class="wrap section page-top"
        data-swap="order"
        data-title={headline.title}
        data-order-id={order.orderId}
        data-order-version={String(order.version)}
        data-order-status={order.status}
        data-payment-submitted={headline.tone === "waiting" ? "" : undefined}
      >
        <header class="order-head" data-tone={headline.tone}>
          <HeadlineMark tone={headline.tone} />
          <h1>{headline.title}</h1>
          <p class="lead">{headline.text}</p>
          {headline.tone === "waiting" && (
            <noscript>
              <p>Reload this page to see the latest state.</p>
            </noscript>
          )}
        </header>
        {problem !== undefined && <Notice tone="warning" title={problem} focus />}
        <PaymentFacts order={order} />
        {headline.tone === "action" && <PayAction order={order} />}
        <div class="split">
          <section class="order-progress" aria-labelledby="progress-title">
            <h2 id="progress-title" class="panel-title">
              Progress
            </h2>
            <OrderTimeline order={order} />
            <OrderActions order={order} />
          </section>
          <aside class="panel split-side" aria-labelledby="order-summary">
            <h2 id="order-summary" class="panel-title">
              Your order
            </h2>
            <OrderLines lines={order.lines} />
            <TotalsList totals={order.totals} />
            <p class="fine order-number">
              Order number <code>{order.orderId}</code>
            </p>
          </aside>
        </div>
      </div>
    </Document>
  );
}

function HeadlineMark({ tone }: { readonly tone: OrderHeadline["tone"] }) {
  if (tone === "waiting") return <span class="spinner spinner-large" aria-hidden="true"></span>;
  const Icon = { action: ClockIcon, good: CheckIcon, ended: CrossIcon }[tone];
  return (
    <span class="order-mark">
      <Icon />
    </span>
  );
}

function PaymentFacts({ order }: { readonly order: OrderView }) {
  const { currency } = order.totals;
  return (
    <>
      {order.status === "reserved" && order.lastPaymentError !== undefined && (
        <Notice tone="warning" title="The payment did not go through">
          <p>{order.lastPaymentError.message} Your items are still held: try again or use another card.</p>
        </Notice>
      )}
      {order.refundRequested === true && order.status !== "refunded" && (
        <Notice tone="info" title="A refund has been asked for">
          <p>We will let you know by e-mail.</p>
        </Notice>
      )}
      {order.refunded !== undefined && order.refunded > 0 && order.status !== "refunded" && (
        <Notice tone="info" title="Part of this order was refunded">
          <p>
            <MoneyText amount={order.refunded} currency={currency} /> goes back to your card.
          </p>
        </Notice>
      )}
      {order.tracking !== undefined && (
        <Notice tone="info" title={`Sent with ${order.tracking.carrier}`}>
          <p>
            Tracking number <code>{order.tracking.trackingNumber}</code>
          </p>
        </Notice>
      )}
    </>
  );
}

function PayAction({ order }: { readonly order: OrderView }) {
  return (
    <div class="pay-action">
      <HoldClock until={order.holdExpiresAt} serverTime={order.serverTime} />
      <a class="button" href={`/orders/${encodeURIComponent(order.orderId)}/pay`}>
        {order.lastPaymentError === undefined ? "Pay" : "Try again:"}{" "}
        <MoneyText amount={order.totals.total} currency={order.totals.currency} />
      </a>
    </div>
  );
}

function OrderActions({ order }: { readonly order: OrderView }) {
  if (order.status === "reserved") return <CancelForm orderId={order.orderId} paid={false} />;
  if (order.status === "paid" && order.refundRequested !== true)
    return <CancelForm orderId={order.orderId} paid={true} />;
  if (order.status === "expired" || order.status === "cancelled")
    return (
      <p class="order-next">
        <a class="button" data-look="quiet" href="/cart">
          Back to your cart
        </a>
      </p>
    );
  return null;
}
