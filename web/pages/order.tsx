/**
 * An order's own page: where it stands, what to do next. Personal, never cached. It follows the order by itself: the browser polls
 * `GET /api/orders/{id}` and, when the version changed, loads this page's main part again.
 *
 * Printed, it is a receipt. An order that ended unpaid offers the way back: `POST /orders/{id}/again` answers 303 to checkout, or to
 * the cart where something is in the way.
 *
 * Props: `OrderPageProps`. `paymentSubmitted` is true when the address carries `payment=submitted` or Stripe's `redirect_status`
 * other than `failed`. `problem` says why a cancellation was refused.
 */
import type { OrderView, ParcelView } from "../../src/contracts/orders.ts";
import { orderNumber } from "../../src/domain/order/number.ts";
import type { OrderStatus } from "../../src/domain/order/status.ts";
import { CancelForm } from "../components/cancel-form.tsx";
import { HoldClock } from "../components/hold-clock.tsx";
import { CheckIcon, ClockIcon, CrossIcon } from "../components/icons.tsx";
import { MoneyText } from "../components/money.tsx";
import { Notice } from "../components/notice.tsx";
import { isOverLimit, orderHeadline, type OrderHeadline } from "../components/order-headline.ts";
import { OrderLines } from "../components/order-lines.tsx";
import { OrderAgain, type LineLeft } from "../components/order-again.tsx";
import { OrderTimeline } from "../components/order-timeline.tsx";
import { TimeText } from "../components/time-text.tsx";
import { TotalsList } from "../components/totals-list.tsx";
import { Document } from "../document.tsx";
import type { SiteContext } from "../site.ts";

/** There is something to have a receipt for. */
const PAID: readonly OrderStatus[] = ["paid", "shipped", "delivered", "refunded"];
const ENDED_UNPAID: readonly OrderStatus[] = ["expired", "cancelled"];

export interface OrderPageProps {
  readonly site: SiteContext;
  readonly order: OrderView;
  readonly paymentSubmitted: boolean;
  readonly problem?: string;
  /** Of an order that ended unpaid: what is left of its SKUs, as far as that is known. */
  readonly left?: readonly LineLeft[];
}

export function OrderPage({ site, order, paymentSubmitted, problem, left = [] }: OrderPageProps) {
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
          <OrderFacts order={order} />
          {headline.tone === "waiting" && (
            <noscript>
              <p>Reload this page to see the latest state.</p>
            </noscript>
          )}
        </header>
        <div class="split">
          <div class="order-main">
            {problem !== undefined && <Notice tone="warning" title={problem} focus />}
            <PaymentFacts order={order} />
            {headline.tone === "action" && <PayAction order={order} />}
            {ENDED_UNPAID.includes(order.status) && !isOverLimit(order) && (
              <OrderAgain order={order} left={left} />
            )}
            <section class="order-progress" aria-labelledby="progress-title">
              <h2 id="progress-title" class="panel-title">
                Progress
              </h2>
              <OrderTimeline order={order} confirming={headline.tone === "waiting"} />
              {headline.tone !== "waiting" && <OrderActions order={order} />}
            </section>
          </div>
          <aside class="panel split-side" aria-labelledby="order-summary">
            <h2 id="order-summary" class="panel-title">
              Your order
            </h2>
            <OrderLines lines={order.lines} />
            <TotalsList totals={order.totals} shippingName={order.shippingName} />
            {PAID.includes(order.status) && (
              <p class="receipt-actions">
                <button class="button button-small" data-look="quiet" type="button" data-print hidden>
                  Print the receipt
                </button>{" "}
                <a class="text-link" href={`/orders/${encodeURIComponent(order.orderId)}/invoice`}>
                  Invoice
                </a>
              </p>
            )}
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

/** What somebody is asked for who writes to us, and what a receipt says. */
function OrderFacts({ order }: { readonly order: OrderView }) {
  const placedAt = order.timeline[0]?.at;
  return (
    <dl class="order-facts">
      <div>
        <dt>Order number</dt>
        <dd>{orderNumber(order.orderId)}</dd>
      </div>
      <div>
        <dt>Shipping</dt>
        <dd>{order.shippingName}</dd>
      </div>
      {placedAt !== undefined && (
        <div>
          <dt>Placed</dt>
          <dd>
            <TimeText at={placedAt} />
          </dd>
        </div>
      )}
    </dl>
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
      {order.refunded !== undefined && order.refunded > 0 && order.status !== "refunded" && (
        <Notice tone="info" title="Part of this order was refunded">
          <p>
            <MoneyText amount={order.refunded} currency={currency} /> goes back to your card.
          </p>
        </Notice>
      )}
      {(order.parcels ?? []).map((parcel) => (
        <ParcelNotice order={order} parcel={parcel} />
      ))}
    </>
  );
}

function ParcelNotice({ order, parcel }: { readonly order: OrderView; readonly parcel: ParcelView }) {
  const { carrier, trackingNumber, url, shippedAt, deliveredAt } = parcel;
  const contents = parcel.lines.map(({ sku, quantity }) => {
    const name = order.lines.find((line) => line.sku === sku)?.name ?? sku;
    return `${String(quantity)} × ${name}`;
  });
  return (
    <Notice
      tone={deliveredAt === undefined ? "info" : "success"}
      title={deliveredAt === undefined ? `Sent with ${carrier}` : `Delivered by ${carrier}`}
    >
      <p>
        Tracking number <code>{trackingNumber}</code>
        {url !== undefined && (
          <>
            {" "}
            <a href={url} rel="noreferrer">
              Track this parcel
            </a>
          </>
        )}
      </p>
      <p>
        {contents.join(", ")} · <TimeText at={deliveredAt ?? shippedAt} />
      </p>
    </Notice>
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
  return null;
}
