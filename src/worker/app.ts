/** The HTTP app: what every request passes, every route, and what is said where none matches or one fails. */
import { Hono } from "hono";
import type { AppContext, AppEnv } from "./app-env.ts";
import { servicesOf } from "./compose.ts";
import { meaningOf } from "./faults.ts";
import { envelope } from "./middleware/envelope.ts";
import { problem } from "./middleware/problem.ts";
import { guardUnsafe } from "./middleware/unsafe-request.ts";
import { allowedMethods } from "./routes/allowed-methods.ts";
import { registerAuth } from "./routes/auth.ts";
import { registerCart } from "./routes/cart.ts";
import { registerHealth } from "./routes/health.ts";
import { registerMe } from "./routes/me.ts";
import { registerOpenApi } from "./routes/openapi.ts";
import { registerCspReports } from "./routes/csp-reports.ts";
import { registerDeadLetters } from "./routes/ops/dead-letters.ts";
import { registerReconciliations } from "./routes/ops/reconciliations.ts";
import { registerOpsOrders } from "./routes/ops/orders.ts";
import { registerOpsPrices } from "./routes/ops/prices.ts";
import { registerOpsRates } from "./routes/ops/rates.ts";
import { registerOpsSkus } from "./routes/ops/skus.ts";
import { registerOpsOrderDetail } from "./ops/order-detail.ts";
import { registerOpsParcels } from "./ops/parcels.ts";
import { registerOpsRefunds } from "./ops/refunds.ts";
import { registerOrderLookup } from "./routes/order-lookup.ts";
import { registerOrders } from "./routes/orders.ts";
import { registerPages } from "./routes/pages/index.ts";
import { registerProducts } from "./routes/products.ts";
import { registerReorder } from "./routes/reorder.ts";
import { registerSearch } from "./routes/search.ts";
import { registerShopper } from "./routes/shopper.ts";
import { registerStripeWebhook } from "./routes/stripe-webhook.ts";
import { withoutTrailingSlash } from "./routes/trailing-slash.ts";
import { registerWishlist } from "./routes/wishlist.ts";
import { registerVitals } from "./routes/vitals.ts";
import { isApi, refuse } from "./refuse.ts";

export function createApp(): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.use(envelope, guardUnsafe);
  registerProducts(app);
  registerSearch(app);
  registerCart(app);
  registerShopper(app);
  registerAuth(app);
  registerMe(app);
  registerWishlist(app);
  registerOrders(app);
  registerReorder(app);
  registerOrderLookup(app);
  registerStripeWebhook(app);
  registerOpsSkus(app);
  registerOpsPrices(app);
  registerOpsRates(app);
  registerOpsOrders(app);
  registerOpsRefunds(app);
  registerOpsParcels(app);
  registerOpsOrderDetail(app);
  registerDeadLetters(app);
  registerReconciliations(app);
  registerVitals(app);
  registerCspReports(app);
  registerHealth(app);
  registerOpenApi(app);
  registerPages(app);
  app.notFound(
    (c) => withoutTrailingSlash(c, app.routes) ?? notFound(c, allowedMethods(app.routes, c.req.path)),
  );
  app.onError(failed);
  return app;
}

function notFound(c: AppContext, allowed: readonly string[]): Response {
  if (allowed.length === 0) return refuse(c, "not_found");
  return refuse(c, "method_not_allowed", { allow: allowed.join(", ") });
}

/** A fault: logged with the request's id, which is all the answer says of it. */
function failed(fault: Error, c: AppContext): Response {
  const { code, retryAfterSeconds } = meaningOf(fault);
  const requestId = c.get("requestId");
  // Not the path: it may bear an order's id, and its query a token.
  const route = isApi(c) ? "api" : "page";
  const { telemetry } = servicesOf(c.env);
  telemetry.fault("request.failed", fault, { requestId, method: c.req.method, route, code });
  try {
    return refuse(c, code, { retryAfterSeconds });
  } catch (broken) {
    // The page that says so is broken itself.
    telemetry.fault("request.page_failed", broken, { requestId, route });
    return problem(c, "internal");
  }
}
