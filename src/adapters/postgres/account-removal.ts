/**
 * Removes a person: the account with all that hangs on it at once, their orders' personal data as each order lets go of it. An
 * account's id stays for a day, or for as long as an order bears it, so that an order that is still on its way here is found.
 */
import { eq, sql } from "drizzle-orm";
import { PARCEL_PATIENCE_MS } from "../../domain/order/erasure.ts";
import type { Database } from "./connection.ts";
import { sessions } from "./schema/accounts.ts";

/** An order placed just before reaches Postgres within seconds; while Postgres was away, within its outage. */
const LATE_ORDERS_MS = 24 * 60 * 60 * 1000;
/** Far more than anybody is signed in at once. */
const MAX_SESSIONS = 1_000;

const moment = (at: number) => sql`${new Date(at).toISOString()}::timestamptz`;

/** The tokens under which somebody's sessions are cached. */
export async function sessionTokensOf(database: Database, userId: string): Promise<string[]> {
  const rows = await database.write((client) =>
    client
      .select({ token: sessions.token })
      .from(sessions)
      .where(eq(sessions.userId, userId))
      .limit(MAX_SESSIONS),
  );
  return rows.map(({ token }) => token);
}

/**
 * Removes an account in one transaction: sessions, identities, passkeys, addresses and wishes go with their person, and the
 * requests for e-mails about stock made with their address. Guest orders of that address, where it is confirmed, become the
 * account's, so that they too lose the person.
 *
 * @param now epoch ms
 */
export async function removeAccount(database: Database, userId: string, now: number): Promise<void> {
  const person = sql`(select email from users where id = ${userId} and email_verified)`;
  await database.write((client) =>
    client.batch([
      client.execute(sql`
        insert into account_erasures (account_id, requested_at)
        select id, ${moment(now)} from users where id = ${userId} on conflict do nothing`),
      client.execute(sql`
        update orders set account_id = ${userId} where account_id is null
          and order_id in (select order_id from order_contacts where email_normalised = ${person})`),
      client.execute(sql`delete from stock_notices where email = ${person}`),
      client.execute(sql`delete from verifications where value = ${userId}`),
      client.execute(sql`delete from users where id = ${userId}`),
    ]),
  );
}

/**
 * Orders of removed accounts that may lose the person now, any `limit` of them. Those under way are left out: a payment that is being taken, a
 * parcel that is to arrive.
 *
 * @param now epoch ms
 */
export async function listOrdersToErase(database: Database, limit: number, now: number): Promise<string[]> {
  const { rows } = await database.write((client) =>
    client.execute<{ order_id: string }>(sql`
      select orders.order_id from account_erasures
      join orders on orders.account_id = account_erasures.account_id
      where orders.status in ('reserved', 'expired', 'cancelled', 'refunded', 'delivered')
        or (orders.status in ('paid', 'shipped') and orders.updated_at <= ${moment(now - PARCEL_PATIENCE_MS)})
      -- At random: orders that fail each time must not keep those behind them from their turn.
      order by random() limit ${limit}::int`),
  );
  return rows.map(({ order_id: orderId }) => orderId);
}

/**
 * Forgets accounts that no order bears any more, after a day, and what was kept of messages about erased orders.
 *
 * @param erasedOrders orders that have just lost the person
 * @param now epoch ms
 */
export async function finishErasures(
  database: Database,
  erasedOrders: readonly string[],
  now: number,
): Promise<void> {
  await database.write((client) =>
    client.batch([
      client.execute(sql`
        delete from account_erasures where requested_at <= ${moment(now - LATE_ORDERS_MS)}
          and not exists (select from orders where orders.account_id = account_erasures.account_id)`),
      // The order sends again what was lost with them, without the person.
      client.execute(sql`
        delete from dead_letters using jsonb_array_elements_text(${JSON.stringify(erasedOrders)}::jsonb) as gone(order_id)
        where dead_letters.queue = 'orders' and position(gone.order_id in dead_letters.body) > 0`),
    ]),
  );
}
