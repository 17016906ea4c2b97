/** The orders of an account, and ordering one of them again. */
import type { SignedIn } from "../../../adapters/accounts/accounts.ts";
import { findOwnOrders } from "../../../adapters/postgres/order-history.ts";
import { MAX_HISTORY_QUERY_LENGTH } from "../../../contracts/profile.ts";
import { lineProblem } from "../../../../web/cart-check.ts";
import { AccountOrdersPage } from "../../../../web/pages/account-orders.tsx";
import { renderPage } from "../../../../web/render.ts";
import { orderOwner } from "../../accounts/order-owner.ts";
import type { AppContext } from "../../app-env.ts";
import { servicesOf } from "../../compose.ts";
import { mayUseOrder } from "../../order-rights.ts";
import { ownOrderView } from "../../profile/own-order-view.ts";
import { pageForSignedIn } from "../../profile/page-for-signed-in.ts";
import { refuse } from "../../refuse.ts";
import { putBack, refuseNewCart } from "../../shopper-cart.ts";
import { cartView } from "../../storefront.ts";
import { pathParameter, type App } from "../register.ts";
import { accountPage } from "./account-forms.ts";
import { siteOf } from "./site.ts";

const HOME = "/account/orders";
const ORDERS_ON_A_PAGE = 20;

export function registerAccountOrders(app: App): void {
  app.get(HOME, pageForSignedIn(HOME, show));
  app.post(`${HOME}/:id/again`, pageForSignedIn(HOME, orderAgain));
}

async function show(c: AppContext, who: SignedIn): Promise<Response> {
  const query = (c.req.query("query") ?? "").slice(0, MAX_HISTORY_QUERY_LENGTH);
  const cursor = c.req.query("cursor");
  const found = await findOwnOrders(servicesOf(c.env).database, orderOwner(who), {
    query,
    cursor,
    limit: ORDERS_ON_A_PAGE,
  });
  // An address that somebody has made up leads to the beginning.
  if (!found.ok) return c.redirect(HOME, 303);
  const orders = { items: found.items.map(ownOrderView), nextCursor: found.nextCursor };
  return accountPage(
    c,
    renderPage(
      <AccountOrdersPage
        site={siteOf(c)}
        orders={orders}
        query={query}
        isFurtherPage={cursor !== undefined}
      />,
    ),
  );
}

/** Its items go into the cart, and on to the checkout where nothing is in the way. */
async function orderAgain(c: AppContext): Promise<Response> {
  const orderId = pathParameter(c, "id");
  if (!(await mayUseOrder(c, orderId))) return refuse(c, "not_found");
  const record = await servicesOf(c.env).orders.of(orderId).read();
  if (record === null) return refuse(c, "not_found");
  const putIn = await putBack(c, record.lines);
  if (!putIn.ok) return refuseNewCart(c);
  const { cart, complete } = putIn;
  const view = await cartView(servicesOf(c.env), cart);
  const isClear = complete && view.lines.every((line) => lineProblem(line) === null);
  return c.redirect(isClear ? "/cart" : "/cart?back=part", 303);
}
