/**
 * Somebody's own orders: those placed in their account or claimed by it, and those that were placed as a guest with their
 * confirmed e-mail address. An order of another account stays that account's, whatever address was typed into it.
 */
import { and, desc, eq, inArray, sql, type SQL } from "drizzle-orm";
import { normaliseEmail } from "../../domain/email-address.ts";
import { orderIdEnding } from "../../domain/order/number.ts";
import type { OrderStatus } from "../../domain/order/status.ts";
import type { Database } from "./connection.ts";
import { decodeCursor, encodeCursor, isPostgresText } from "./keyset-cursor.ts";
import { orderContacts, orderLines, orders } from "./schema/orders.ts";

/** Who asks. */
export interface OrderOwner {
  readonly userId: string;
  /** As confirmed; null where it is not. */
  readonly confirmedEmail: string | null;
}

export interface HistoryLine {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitAmountMinor: number;
}

export interface HistoryOrder {
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly openedAt: Date;
  readonly totalMinor: number;
  readonly currency: string;
  readonly lines: readonly HistoryLine[];
}

export interface HistorySearch {
  /** An order's number or id, or a part of a product's name or SKU; empty: every order. */
  readonly query: string;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Answers a page of one's own orders, newest first, or a refusal where the cursor is not one of ours. */
export async function findOwnOrders(
  database: Database,
  owner: OrderOwner,
  { query, limit, cursor }: HistorySearch,
): Promise<
  { ok: true; items: HistoryOrder[]; nextCursor: string | null } | { ok: false; reason: "malformed_cursor" }
> {
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  if (after === null) return { ok: false, reason: "malformed_cursor" };
  if (!isPostgresText(query)) return { ok: true, items: [], nextCursor: null };
  const rows = await database.read((client) =>
    client
      .select({
        orderId: orders.orderId,
        status: orders.status,
        openedAt: orders.openedAt,
        totalMinor: orders.totalMinor,
        currency: orders.currency,
      })
      .from(orders)
      .where(
        and(
          isOwn(owner),
          matches(query),
          after &&
            sql`(${orders.openedAt}, ${orders.orderId}) < (${after.at.toISOString()}::timestamptz, ${after.id})`,
        ),
      )
      .orderBy(desc(orders.openedAt), desc(orders.orderId))
      .limit(limit + 1),
  );
  const page = rows.slice(0, limit);
  const lines = await linesOf(
    database,
    page.map(({ orderId }) => orderId),
  );
  const items = page.map((order) => ({ ...order, lines: lines.get(order.orderId) ?? [] }));
  const last = page.at(-1);
  const nextCursor =
    rows.length > limit && last !== undefined ? encodeCursor({ at: last.openedAt, id: last.orderId }) : null;
  return { ok: true, items, nextCursor };
}

/** Whether an order that Postgres knows is somebody's own. */
export async function isOrderOfAccount(
  database: Database,
  orderId: string,
  owner: OrderOwner,
): Promise<boolean> {
  const rows = await database.read((client) =>
    client
      .select({ orderId: orders.orderId })
      .from(orders)
      .where(and(eq(orders.orderId, orderId), isOwn(owner))),
  );
  return rows.length > 0;
}

/** One subquery for each way, so that each has its index. */
function isOwn({ userId, confirmedEmail }: OrderOwner): SQL {
  const ways = [sql`select o.order_id from ${orders} as o where o.account_id = ${userId}`];
  if (confirmedEmail !== null)
    ways.push(sql`select c.order_id from ${orderContacts} as c
      join ${orders} as o on o.order_id = c.order_id and o.account_id is null
      where c.email_normalised = ${normaliseEmail(confirmedEmail)}`);
  return sql`${orders.orderId} in (${sql.join(ways, sql` union all `)})`;
}

function matches(query: string): SQL | undefined {
  const text = query.trim();
  if (text === "") return undefined;
  const part = `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`;
  const ending = orderIdEnding(text);
  const found = [
    sql`${orders.orderId} = ${text}`,
    sql`exists (select from ${orderLines} as l where l.order_id = ${orders.orderId}
      and (l.name ilike ${part} or l.sku ilike ${part}))`,
  ];
  if (ending !== null) found.push(sql`right(${orders.orderId}, 8) = ${ending}`);
  return sql`(${sql.join(found, sql` or `)})`;
}

async function linesOf(
  database: Database,
  orderIds: readonly string[],
): Promise<ReadonlyMap<string, HistoryLine[]>> {
  if (orderIds.length === 0) return new Map();
  const rows = await database.read((client) =>
    client
      .select({
        orderId: orderLines.orderId,
        sku: orderLines.sku,
        name: orderLines.name,
        quantity: orderLines.quantity,
        unitAmountMinor: orderLines.unitAmountMinor,
      })
      .from(orderLines)
      .where(inArray(orderLines.orderId, [...orderIds]))
      .orderBy(orderLines.orderId, orderLines.position),
  );
  return Map.groupBy(rows, ({ orderId }) => orderId);
}
