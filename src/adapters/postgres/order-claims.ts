/** Guest orders and the people who placed them: an account claims those of its proven address; a number finds where they went. */
import { and, eq, isNotNull, sql } from "drizzle-orm";
import type { Database } from "./connection.ts";
import { orderContacts, orders } from "./schema/orders.ts";

/** The end of an id is 40 random bits: more orders than these never share one. */
const MAX_OF_ONE_NUMBER = 5;

/**
 * Makes the guest orders of an account's own address the account's, where that address is proven: those that are no account's
 * yet. Repeating it changes nothing.
 *
 * @returns how many orders it got
 */
export async function claimGuestOrders(database: Database, accountId: string): Promise<number> {
  // In the order of ids, as the orders consumer takes rows: neither locks the other up.
  const claim = sql`
    with unclaimed as (
      select orders.order_id from users
      join order_contacts on order_contacts.email_normalised = users.email
      join orders on orders.order_id = order_contacts.order_id
      where users.id = ${accountId} and users.email_verified
        and order_contacts.erased_at is null and orders.account_id is null
      order by orders.order_id for update of orders
    )
    update orders set account_id = ${accountId} from unclaimed where orders.order_id = unclaimed.order_id
    returning orders.order_id`;
  const { rows } = await database.write((client) => client.execute(claim));
  return rows.length;
}

export interface OrderAddress {
  readonly orderId: string;
  /** As the buyer wrote it. */
  readonly email: string;
}

/**
 * The orders of a number, with the address each went to; none whose person was erased.
 *
 * @param ending how their ids end, see `orderIdEnding`
 */
export async function ordersOfNumber(database: Database, ending: string): Promise<OrderAddress[]> {
  const rows = await database.read((client) =>
    client
      .select({ orderId: orders.orderId, email: orderContacts.email })
      .from(orders)
      .innerJoin(orderContacts, eq(orderContacts.orderId, orders.orderId))
      .where(and(sql`right(${orders.orderId}, 8) = ${ending}`, isNotNull(orderContacts.email)))
      .limit(MAX_OF_ONE_NUMBER),
  );
  return rows.flatMap(({ orderId, email }) => (email === null ? [] : [{ orderId, email }]));
}
