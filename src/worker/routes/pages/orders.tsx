/** An order's own pages: where it stands, paying for it, cancelling it. Only for a browser that has the right to it. */
import { verifyOrderToken } from "../../../adapters/signing/index.ts";
import type { OrderStatus } from "../../../domain/order/status.ts";
import { OrderPage } from "../../../../web/pages/order.tsx";
import { PaymentPage } from "../../../../web/pages/payment.tsx";
import { renderPage } from "../../../../web/render.ts";
import type { AppContext } from "../../app-env.ts";
import { emptyOrderedCart } from "../../checkout.ts";
import { servicesOf } from "../../compose.ts";
import { keepOrder, mayUseOrder } from "../../cookies.ts";
import { orderView } from "../../order-view.ts";
import { refuse } from "../../refuse.ts";
import { pathParameter, type App } from "../register.ts";
import { PERSONAL_PAGE, siteOf } from "./site.ts";

const CANCEL_REFUSED: Readonly<Record<"payment_in_progress" | "order_closed", string>> = {
  payment_in_progress: "Your payment is being taken right now, so the order cannot be cancelled.",
  order_closed: "This order is closed already.",
};

export function registerOrderPages(app: App): void {
  app.get("/orders/:id", order);
  app.get("/orders/:id/pay", pay);
  app.post("/orders/:id/cancel", cancel);
}

async function order(c: AppContext): Promise<Response> {
  const orderId = pathParameter(c, "id");
  const token = c.req.query("token");
  if (token !== undefined) return swapToken(c, orderId, token, `/orders/${orderId}`);
  if (!mayUseOrder(c, servicesOf(c.env).signing, orderId)) return refuse(c, "not_found");
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
  const record = await c.env.ORDER.getByName(orderId).read();
  if (record === null) return refuse(c, "not_found");
  await emptyOrderedCart(c, record);
  c.header("cache-control", PERSONAL_PAGE);
  const page = (
    <OrderPage
      site={siteOf(c)}
      order={orderView(record, Date.now())}
      paymentSubmitted={wasPaymentSubmitted(c)}
      {...(problem === undefined ? {} : { problem })}
    />
  );
  return c.html(renderPage(page), problem === undefined ? 200 : 409);
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
  if (!mayUseOrder(c, servicesOf(c.env).signing, orderId)) return refuse(c, "not_found");
  const record = await c.env.ORDER.getByName(orderId).read();
  if (record === null) return refuse(c, "not_found");
  if (record.status !== PAYABLE) return c.redirect(`/orders/${orderId}`, 303);
  c.header("cache-control", PERSONAL_PAGE);
  return c.html(
    renderPage(
      <PaymentPage
        site={siteOf(c)}
        order={orderView(record, Date.now())}
        stripeJsUrl={c.env.STRIPE_JS_URL}
      />,
    ),
  );
}

async function cancel(c: AppContext): Promise<Response> {
  const orderId = pathParameter(c, "id");
  if (!mayUseOrder(c, servicesOf(c.env).signing, orderId)) return refuse(c, "not_found");
  const answer = await c.env.ORDER.getByName(orderId).cancel();
  if (answer.ok) return c.redirect(`/orders/${orderId}`, 303);
  return answer.reason === "not_found"
    ? refuse(c, "not_found")
    : await renderOrder(c, orderId, CANCEL_REFUSED[answer.reason]);
}
