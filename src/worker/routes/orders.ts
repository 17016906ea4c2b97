/** Orders over the API: place, read, pay, cancel. The hottest route of the store is here: keep it lean. */
import { IDEMPOTENCY_KEY, PlaceOrderBody } from "../../contracts/orders.ts";
import type { AppContext } from "../app-env.ts";
import { refundsAtOnceOf } from "../configuration.ts";
import { servicesOf } from "../compose.ts";
import { keepOrder } from "../cookies.ts";
import { problem } from "../middleware/problem.ts";
import { readJson, refuseBody } from "../middleware/request-body.ts";
import { clientNetwork } from "../middleware/read-limit.ts";
import { mayUseOrder } from "../order-rights.ts";
import { orderView, placedOrder, timestamp } from "../order-view.ts";
import { cartIdOf } from "../own-cart.ts";
import { startPayment } from "../paying.ts";
import { place } from "../placing.ts";
import { orderToken } from "../../adapters/signing/index.ts";
import { pathParameter, register, type App } from "./register.ts";

export function registerOrders(app: App): void {
  register(app, "placeOrder", placeOrder);
  register(app, "getOrder", getOrder);
  register(app, "startPayment", payOrder);
  register(app, "cancelOrder", cancelOrder);
}

async function placeOrder(c: AppContext): Promise<Response> {
  const idempotencyKey = c.req.header("idempotency-key");
  if (idempotencyKey === undefined || !IDEMPOTENCY_KEY.test(idempotencyKey)) {
    const detail = "Send an Idempotency-Key header of 1 to 255 visible ASCII characters.";
    return problem(c, "idempotency_key_required", { detail });
  }
  const body = await readJson(c.req.raw, PlaceOrderBody);
  if (!body.ok) return refuseBody(c, body);
  const { signing } = servicesOf(c.env);
  const cartId = await cartIdOf(c);
  const outcome = await place(c, {
    body: body.value,
    rawBody: body.raw,
    idempotencyKey,
    network: clientNetwork(c),
    cartId,
  });
  if (!outcome.ok) {
    const { code, opensAt, ...details } = outcome;
    return problem(c, code, { ...details, opensAt: opensAt === undefined ? undefined : timestamp(opensAt) });
  }
  const { record, replayed } = outcome;
  const token = orderToken(signing, record.orderId);
  // A browser keeps the right to its orders, as after a checkout over the pages: a purchase limit may have to show one to it.
  if (cartId !== null) keepOrder(c, record.orderId, token);
  const headers: Record<string, string> = {
    "cache-control": "no-store",
    location: `/api/orders/${record.orderId}`,
  };
  if (replayed) headers["idempotency-replayed"] = "true";
  return c.json(placedOrder(record, token, Date.now()), 201, headers);
}

async function getOrder(c: AppContext): Promise<Response> {
  const orderId = pathParameter(c, "id");
  if (!(await mayUseOrder(c, orderId))) return problem(c, "not_found");
  const record = await servicesOf(c.env).orders.of(orderId).read();
  if (record === null) return problem(c, "not_found");
  return c.json(orderView(record, Date.now()), 200, { "cache-control": "no-store" });
}

async function payOrder(c: AppContext): Promise<Response> {
  const orderId = pathParameter(c, "id");
  if (!(await mayUseOrder(c, orderId))) return problem(c, "not_found");
  const started = await startPayment(c, orderId);
  if (!started.ok) return problem(c, started.code, { retryAfterSeconds: started.retryAfterSeconds });
  return c.json(started.payment, 201, { "cache-control": "no-store" });
}

async function cancelOrder(c: AppContext): Promise<Response> {
  const orderId = pathParameter(c, "id");
  if (!(await mayUseOrder(c, orderId))) return problem(c, "not_found");
  const answer = await servicesOf(c.env).orders.of(orderId).cancel(refundsAtOnceOf(c.env));
  if (!answer.ok) return problem(c, answer.reason);
  if (answer.record === null) return problem(c, "not_found");
  const status = answer.refundRequested ? 202 : 200;
  return c.json(orderView(answer.record, Date.now()), status, { "cache-control": "no-store" });
}
