/** Everything that Postgres keeps about a person with an account, as one document for them to take away. */
import { sql } from "drizzle-orm";
import { normaliseEmail } from "../../domain/email-address.ts";
import type { Database } from "./connection.ts";
import type { OrderOwner } from "./order-history.ts";

/** Far more than anybody orders here; the newest come first. */
const MAX_EXPORTED_ORDERS = 2_000;

export interface PersonalExport {
  readonly account: Readonly<Record<string, unknown>>;
  readonly orders: readonly unknown[];
  /** All of somebody's orders are in it. */
  readonly complete: boolean;
}

/**
 * Secrets (password, tokens, keys) are left out: they are no information about the person, and a file is easily mislaid.
 *
 * @returns null where the account is gone
 */
export async function exportPerson(database: Database, owner: OrderOwner): Promise<PersonalExport | null> {
  const account = await database.write((client) =>
    client.execute<{ account: Record<string, unknown> }>(accountOf(owner)),
  );
  const [person] = account.rows;
  if (person === undefined) return null;
  const orders = await database.write((client) => client.execute<{ document: unknown }>(ordersOf(owner)));
  const found = orders.rows.map(({ document }) => document);
  return {
    account: person.account,
    orders: found.slice(0, MAX_EXPORTED_ORDERS),
    complete: found.length <= MAX_EXPORTED_ORDERS,
  };
}

const listOf = (rows: ReturnType<typeof sql>) =>
  sql`coalesce((select jsonb_agg(to_jsonb(one)) from (${rows}) as one), '[]')`;

const accountOf = ({ userId, confirmedEmail }: OrderOwner) => sql`
  select jsonb_build_object(
    'name', name, 'email', email, 'emailVerified', email_verified, 'createdAt', created_at, 'updatedAt', updated_at,
    'signInWays', ${listOf(sql`select provider_id as "provider", created_at as "createdAt" from identities where user_id = ${userId}`)},
    'passkeys', ${listOf(sql`select name, device_type as "deviceType", created_at as "createdAt" from passkeys where user_id = ${userId}`)},
    'sessions', ${listOf(sql`select created_at as "createdAt", expires_at as "expiresAt", ip_address as "ipAddress",
      user_agent as "userAgent" from sessions where user_id = ${userId} order by created_at desc`)},
    'addresses', ${listOf(sql`select name, line1, line2, city, region, postal_code as "postalCode", country,
      is_default as "isDefault", created_at as "createdAt" from addresses where user_id = ${userId} order by created_at`)},
    'wishlist', ${listOf(sql`select sku, added_at as "addedAt" from wishlist_items where user_id = ${userId} order by added_at`)},
    'stockNotices', ${listOf(sql`select kind, subject, created_at as "createdAt", notified_at as "notifiedAt",
      unsubscribed_at as "unsubscribedAt" from stock_notices
      where email = ${confirmedEmail === null ? null : normaliseEmail(confirmedEmail)}::text order by created_at`)}
  ) as account
  from users where id = ${userId}`;

const ordersOf = ({ userId, confirmedEmail }: OrderOwner) => sql`
  select jsonb_build_object(
    'orderId', orders.order_id, 'status', orders.status, 'placedAt', opened_at, 'updatedAt', updated_at,
    'shippingMethod', shipping_method, 'email', email, 'shippingAddress', shipping_address,
    'totals', jsonb_build_object('subtotal', subtotal_minor, 'shipping', shipping_minor, 'tax', tax_minor,
      'total', total_minor, 'taxes', taxes, 'currency', currency),
    'lines', ${listOf(sql`select sku, name, quantity, unit_amount_minor as "unitAmount", tax_amounts as "taxAmounts" from order_lines
      where order_lines.order_id = orders.order_id order by position`)},
    'timeline', ${listOf(sql`select status, at from order_timeline
      where order_timeline.order_id = orders.order_id order by position`)},
    'payments', ${listOf(sql`select intent_id as "paymentIntentId", amount_minor as "amount", captured_minor as "captured",
      refunded_minor as "refunded", updated_at as "updatedAt" from payments where payments.order_id = orders.order_id`)}
  ) as document
  from orders left join order_contacts on order_contacts.order_id = orders.order_id
  where orders.order_id in (
    select order_id from orders where account_id = ${userId}
    union all
    select c.order_id from order_contacts as c join orders as o on o.order_id = c.order_id and o.account_id is null
      where c.email_normalised = ${confirmedEmail === null ? null : normaliseEmail(confirmedEmail)}::text)
  order by opened_at desc, orders.order_id desc limit ${MAX_EXPORTED_ORDERS + 1}::int`;
