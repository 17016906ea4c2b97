/** Orders as ops find them: read from Postgres, a moment behind the objects. */
import { findOrders } from "../../../adapters/postgres/order-queries.ts";
import type { AppContext } from "../../app-env.ts";
import { disputeView, fraudWarningView, refusedOperationView } from "../../ops/money-views.ts";
import { servicesOf } from "../../compose.ts";
import { forReaders } from "../../middleware/ops-access.ts";
import { problem } from "../../middleware/problem.ts";
import type { OpsOrderList } from "../../openapi/schemas.ts";
import { UNKNOWN_CURSOR, pageOf } from "../page-of.ts";
import { register, type App } from "../register.ts";

/** As long as an e-mail address may be. */
const MAX_QUERY_LENGTH = 254;

export function registerOpsOrders(app: App): void {
  register(app, "findOrders", forReaders(listOrders));
}

async function listOrders(c: AppContext): Promise<Response> {
  const page = pageOf(c);
  if (!page.ok) return problem(c, "validation_failed", { errors: page.errors });
  const query = c.req.query("query") ?? "";
  if (query.length > MAX_QUERY_LENGTH) {
    return problem(c, "validation_failed", { errors: [{ path: "query", message: "is too long" }] });
  }
  const found = await findOrders(servicesOf(c.env).database, {
    query,
    limit: page.limit,
    cursor: page.cursor,
  });
  if (!found.ok) return problem(c, "validation_failed", { errors: UNKNOWN_CURSOR });
  const items = found.items.map(
    ({ totalMinor, currency, openedAt, updatedAt, refusedOperations, disputes, fraudWarning, ...order }) => ({
      disputes: disputes.map(disputeView),
      fraudWarning: fraudWarning === null ? null : fraudWarningView(fraudWarning),
      ...order,
      openedAt: openedAt.toISOString(),
      updatedAt: updatedAt.toISOString(),
      totals: { total: totalMinor, currency },
      refusedOperations: refusedOperations.map(refusedOperationView),
    }),
  );
  return c.json({ items, nextCursor: found.nextCursor } satisfies OpsOrderList);
}
