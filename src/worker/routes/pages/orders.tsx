/** An order's own pages: where it stands, paying for it, cancelling it, ordering it again. Only for a browser that has the right to it. */
import { verifyOrderToken } from "../../../adapters/signing/index.ts";
import type { OrderRecord } from "../../../domain/order/record.ts";
import type { OrderStatus } from "../../../domain/order/status.ts";
import { lineProblem } from "../../../../web/cart-check.ts";
import { REFUND_FIELD } from "../../../../web/components/cancel-form.tsx";
import type { LineLeft } from "../../../../web/components/order-again.tsx";
import { OrderPage } from "../../../../web/pages/order.tsx";
import { PaymentPage } from "../../../../web/pages/payment.tsx";
import { renderPage } from "../../../../web/render.ts";
import type { AppContext } from "../../app-env.ts";
import { emptyOrderedCart, ENDED_UNPAID } from "../../checkout.ts";
import { refundsAtOnceOf } from "../../configuration.ts";
import { servicesOf } from "../../compose.ts";
import { keepOrder } from "../../cookies.ts";
import { mayUseOrder } from "../../order-rights.ts";
import { orderView } from "../../order-view.ts";
import { refuse } from "../../refuse.ts";
import { putBack, refuseNewCart } from "../../shopper-cart.ts";
import { availabilityOf, cartView } from "../../storefront.ts";
import { pathParameter, type App } from "../register.ts";
import { readForm } from "./form.ts";
import { PERSONAL_PAGE, siteOf } from "./site.ts";

/** The page that was canceled from showed a reservation. */
const PAID_MEANWHILE = "This order has been paid since. Nothing was canceled; you can ask for a refund.";
const CANCEL_REFUSED: Readonly<Record<"payment_in_progress" | "order_closed", string>> = {
  payment_in_progress: "Your payment is being taken right now, so the order cannot be cancelled.",
  order_closed: "This order is closed already.",
};

export function registerOrderPages(app: App): void {
  app.get("/orders/:id", order);
  app.get("/orders/:id/pay", pay);
  app.post("/orders/:id/cancel", cancel);
  app.post("/orders/:id/again", again);
}

async function order(c: AppContext): Promise<Response> {
  const orderId = pathParameter(c, "id");
  const token = c.req.query("token");
  if (token !== undefined) return swapToken(c, orderId, token, `/orders/${orderId}`);
  if (!(await mayUseOrder(c, orderId))) return refuse(c, "not_found");
  return await renderOrder(c, orderId);
}

/** The link of the e-mail: the token becomes a cookie, and leaves the address before anything else sees it. */
function swapToken(c: AppContext, orderId: string, token: string, page: string): Response {
  if (!verifyOrderToken(servicesOf(c.env).signing, orderId, token)) return refuse(c, "not_found");
  keepOrder(c, orderId, token);
  c.header("cache-control", PERSONAL_PAGE);
  const kept = new URLSearchParams(new URL(c.req.url).search);
  kept.delete("token");
  return c.redirect(kept.size === 0 ? page : `${page}?${kept.toString()}`, 303);
}

async function renderOrder(c: AppContext, orderId: string, problem?: string): Promise<Response> {
  const record = await servicesOf(c.env).orders.of(orderId).read();
  if (record === null) return refuse(c, "not_found");
  await emptyOrderedCart(c, record);
  c.header("cache-control", PERSONAL_PAGE);
  const page = (
    <OrderPage
      site={siteOf(c)}
      order={orderView(record, Date.now())}
      paymentSubmitted={wasPaymentSubmitted(c)}
      left={await leftOf(c, record)}
      {...(problem === undefined ? {} : { problem })}
    />
  );
  return c.html(renderPage(page), problem === undefined ? 200 : 409);
}

/** What is left of an order that ended unpaid. Its page does not depend on it: what cannot be known is left out. */
async function leftOf(c: AppContext, record: OrderRecord): Promise<readonly LineLeft[]> {
  if (!ENDED_UNPAID.includes(record.status)) return [];
  const services = servicesOf(c.env);
  try {
    const perLine = await Promise.all(record.lines.map(({ sku }) => availabilityOf(services, [sku])));
    return perLine.flatMap((found) => (found.ok ? found.answer.items : []));
  } catch (fault) {
    services.telemetry.fault("order.availability_unknown", fault, { requestId: c.get("requestId") });
    return [];
  }
}

/** Our own page says `payment=submitted`; Stripe's redirect, after a challenge, `redirect_status`. */
function wasPaymentSubmitted(c: AppContext): boolean {
  const redirectStatus = c.req.query("redirect_status");
  if (redirectStatus !== undefined) return redirectStatus !== "failed";
  return c.req.query("payment") === "submitted";
}

const PAYABLE: OrderStatus = "reserved";

async function pay(c: AppContext): Promise<Response> {
  const orderId = pathParameter(c, "id");
  const token = c.req.query("token");
  if (token !== undefined) return swapToken(c, orderId, token, `/orders/${orderId}/pay`);
  if (!(await mayUseOrder(c, orderId))) return refuse(c, "not_found");
  const record = await servicesOf(c.env).orders.of(orderId).read();
  if (record === null) return refuse(c, "not_found");
  if (record.status !== PAYABLE) return c.redirect(`/orders/${orderId}`, 303);
  c.header("cache-control", PERSONAL_PAGE);
  return c.html(
    renderPage(
      <PaymentPage
        site={siteOf(c, "stripe")}
        order={orderView(record, Date.now())}
        stripeJsUrl={c.env.STRIPE_JS_URL}
      />,
    ),
  );
}

async function cancel(c: AppContext): Promise<Response> {
  const orderId = pathParameter(c, "id");
  if (!(await mayUseOrder(c, orderId))) return refuse(c, "not_found");
  const form = await readForm(c);
  if (!form.ok) return refuse(c, form.code);
  const placed = servicesOf(c.env).orders.of(orderId);
  if (form.fields.get(REFUND_FIELD) === null && (await placed.read())?.status === "paid")
    return await renderOrder(c, orderId, PAID_MEANWHILE);
  const answer = await placed.cancel(refundsAtOnceOf(c.env));
  if (answer.ok) return c.redirect(`/orders/${orderId}`, 303);
  return answer.reason === "not_found"
    ? refuse(c, "not_found")
    : await renderOrder(c, orderId, CANCEL_REFUSED[answer.reason]);
}

/** The way back: the items of an order that ended unpaid go into the cart again, and on to checkout where nothing is in the way. */
async function again(c: AppContext): Promise<Response> {
  const orderId = pathParameter(c, "id");
  const services = servicesOf(c.env);
  if (!(await mayUseOrder(c, orderId))) return refuse(c, "not_found");
  const record = await servicesOf(c.env).orders.of(orderId).read();
  if (record === null) return refuse(c, "not_found");
  if (!ENDED_UNPAID.includes(record.status)) return c.redirect(`/orders/${orderId}`, 303);
  const putIn = await putBack(c, record.lines);
  if (!putIn.ok) return refuseNewCart(c);
  const { cart, complete } = putIn;
  const view = await cartView(services, cart);
  const clear = complete && view.lines.every((line) => lineProblem(line) === null);
  return c.redirect(clear ? "/checkout" : "/cart?back=part", 303);
}
