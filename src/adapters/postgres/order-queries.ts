/** Orders as ops search them: by id or number, by buyer's e-mail, by state, newest first. */
import { and, desc, eq, sql } from "drizzle-orm";
import type { DisputeShown, FraudWarningShown, RefusedOperation } from "../../contracts/messages.ts";
import { normaliseEmail } from "../../domain/email-address.ts";
import { orderIdEnding } from "../../domain/order/number.ts";
import type { OrderStatus } from "../../domain/order/status.ts";
import type { Database } from "./connection.ts";
import { decodeCursor, encodeCursor, isPostgresText } from "./keyset-cursor.ts";
import { orderContacts, orders } from "./schema/orders.ts";

export const MAX_ORDERS_LISTED = 100;
/** A shorter piece of an address matches too much to be of use, and no trigram index helps with it. */
const MIN_SEARCHED_CHARACTERS = 3;

export interface OrderSummary {
  orderId: string;
  status: OrderStatus;
  version: number;
  openedAt: Date;
  updatedAt: Date;
  totalMinor: number;
  currency: string;
  refusedOperations: RefusedOperation[];
  disputes: DisputeShown[];
  fraudWarning: FraudWarningShown | null;
  refundRequested: boolean;
  /** Null where it was erased or has not arrived yet. */
  email: string | null;
}

export interface OrderSearch {
  /** An order's id or number, an e-mail address or a part of one; empty: every order. */
  query: string;
  status?: OrderStatus | undefined;
  /** At most 100. */
  limit: number;
  cursor?: string | undefined;
}

/** Answers a page of orders, newest first, or a refusal where the cursor is not one of ours. */
export async function findOrders(
  database: Database,
  search: OrderSearch,
): Promise<
  { ok: true; items: OrderSummary[]; nextCursor: string | null } | { ok: false; reason: "malformed_cursor" }
> {
  const after = search.cursor === undefined ? undefined : decodeCursor(search.cursor);
  if (after === null) return { ok: false, reason: "malformed_cursor" };
  if (!isPostgresText(search.query)) return { ok: true, items: [], nextCursor: null };
  const limit = Math.min(search.limit, MAX_ORDERS_LISTED);
  const rows = await database.read((client) =>
    client
      .select({
        orderId: orders.orderId,
        status: orders.status,
        version: orders.version,
        openedAt: orders.openedAt,
        updatedAt: orders.updatedAt,
        totalMinor: orders.totalMinor,
        currency: orders.currency,
        refusedOperations: orders.refusedOperations,
        disputes: orders.disputes,
        fraudWarning: orders.fraudWarning,
        refundRequested: orders.refundRequested,
        email: orderContacts.email,
      })
      .from(orders)
      .leftJoin(orderContacts, eq(orderContacts.orderId, orders.orderId))
      .where(
        and(
          matches(search.query),
          search.status && eq(orders.status, search.status),
          after &&
            sql`(${orders.openedAt}, ${orders.orderId}) < (${after.at.toISOString()}::timestamptz, ${after.id})`,
        ),
      )
      .orderBy(desc(orders.openedAt), desc(orders.orderId))
      .limit(limit + 1),
  );
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const nextCursor =
    rows.length > limit && last ? encodeCursor({ at: last.openedAt, id: last.orderId }) : null;
  return { ok: true, items, nextCursor };
}

/** One subquery for each kind of search, so that each has its index; an `or` across two tables has none. */
function matches(query: string) {
  const text = query.trim();
  if (text === "") return undefined;
  const ending = orderIdEnding(text);
  const email = normaliseEmail(text);
  const found = [sql`select ${text}::text`];
  if (ending !== null)
    found.push(sql`select ${orders.orderId} from ${orders} where right(${orders.orderId}, 8) = ${ending}`);
  if (email.length >= MIN_SEARCHED_CHARACTERS)
    found.push(
      sql`select ${orderContacts.orderId} from ${orderContacts} where ${orderContacts.emailNormalised} like ${`%${email.replaceAll(/[\\%_]/g, "\\$&")}%`}`,
    );
  return sql`${orders.orderId} in (${sql.join(found, sql` union all `)})`;
}
