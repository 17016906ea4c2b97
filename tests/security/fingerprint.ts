/** Everything of somebody's that a stranger's request could change, read past the store; and what only ops may change. */
import { CartView } from "../../src/contracts/catalog.ts";
import type { Store } from "../harness/store.ts";
import { cookieOf, type Person } from "./people.ts";

/** Table by table, so that a difference names where it is. What tells only when something was looked at is left out. */
const OWNED: Readonly<Record<string, string>> = {
  users: "select id, name, email, email_verified from users where id = $1",
  identities: "select id, provider_id, account_id, password from identities where user_id = $1",
  sessions: "select id, token from sessions where user_id = $1 and expires_at > now()",
  passkeys: "select id, name, credential_id from passkeys where user_id = $1",
  addresses: "select * from addresses where user_id = $1",
  wishes: "select sku from wishlist_items where user_id = $1",
  erasures: "select account_id from account_erasures where account_id = $1",
  orders:
    "select order_id, status, account_id, total_minor, refund_requested from orders where order_id = $2",
  lines: "select sku, quantity, unit_amount_minor from order_lines where order_id = $2",
  contacts: "select email, shipping_address, erased_at from order_contacts where order_id = $2",
  notices: "select id, kind, subject, unsubscribed_at from stock_notices where email = $3",
};

const OF_OPS: Readonly<Record<string, string>> = {
  prices: "select id, unit_amount_minor from prices where sku = $4",
  letters: "select id, replayed_at, replayed_by from dead_letters where id::text = $5",
  audit: "select id from audit_log where subject in ($4, $5)",
};

export interface OpsThings {
  readonly sku: string;
  readonly deadLetterId: string;
}

export type Fingerprint = Readonly<Record<string, unknown>>;

export async function fingerprintOf(store: Store, owner: Person, ops: OpsThings): Promise<Fingerprint> {
  const { userId, orderId, orderToken, email } = owner.things;
  const [rows, order, cart, figures] = await Promise.all([
    store.rows<Record<string, unknown>>(STATEMENT, [userId, orderId, email, ops.sku, ops.deadLetterId]),
    store.order({ orderId, token: orderToken }),
    store.request("GET", "/api/cart", { headers: { cookie: cookieOf(owner.browser) } }),
    store.stock.figures(ops.sku),
  ]);
  const { status, version, totals, lines } = order;
  return { ...rows[0], order: { status, version, totals, lines }, cart: contentOf(cart.body), figures };
}

/** Without what is left of a SKU, which everybody's orders change. */
function contentOf(cart: unknown): unknown {
  const { revision, lines } = CartView.parse(cart);
  return { revision, lines: lines.map(({ sku, quantity }) => ({ sku, quantity })) };
}

const STATEMENT = `select ${Object.entries({ ...OWNED, ...OF_OPS })
  .map(([name, query]) => `(select jsonb_agg(t order by t::text) from (${query}) t) as ${name}`)
  .join(",\n")}`;
