/** Everything kept about a person, as a file. */
import type { SignedIn } from "../../adapters/accounts/accounts.ts";
import { exportPerson } from "../../adapters/postgres/personal-export.ts";
import { orderOwner } from "../accounts/order-owner.ts";
import type { AppContext } from "../app-env.ts";
import { servicesOf } from "../compose.ts";
import { refuse } from "../refuse.ts";
import { readCart } from "../shopper-cart.ts";

/** What Postgres has, and the cart, which only its object has. */
export async function exportFile(c: AppContext, who: SignedIn): Promise<Response> {
  const document = await exportPerson(servicesOf(c.env).database, orderOwner(who));
  if (document === null) return refuse(c, "unauthorised");
  const { lines } = await readCart(c);
  const exportedAt = new Date().toISOString();
  return c.body(JSON.stringify({ exportedAt, ...document, cart: lines }, null, 2), 200, {
    "content-type": "application/json; charset=utf-8",
    "content-disposition": `attachment; filename="holdfast-${exportedAt.slice(0, 10)}.json"`,
    "cache-control": "no-store",
  });
}
