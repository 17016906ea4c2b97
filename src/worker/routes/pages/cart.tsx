/** The cart's page and its forms, which work without JavaScript: each post answers 303 to the cart. */
import type { CartView } from "../../../contracts/catalog.ts";
import { MAX_LINE_QUANTITY, MAX_LINES } from "../../../domain/line-limits.ts";
import { COOKIES_NEEDED } from "../../../../web/cart-check.ts";
import { CartPage, type RemovedLine } from "../../../../web/pages/cart.tsx";
import { renderPage } from "../../../../web/render.ts";
import type { AppContext } from "../../app-env.ts";
import { cartEstimate } from "../../cart-estimate.ts";
import { openOrderOfCart } from "../../checkout.ts";
import { servicesOf } from "../../compose.ts";
import { timestamp } from "../../order-view.ts";
import { cartIdOf } from "../../own-cart.ts";
import { refuse } from "../../refuse.ts";
import { readCart, refuseNewCart, removeCartLine, setCartLine, type CartChange } from "../../shopper-cart.ts";
import { cartView, inStock } from "../../storefront.ts";
import { pathParameter, type App } from "../register.ts";
import { renderProduct } from "./catalog.tsx";
import { readForm } from "./form.ts";
import { PERSONAL_PAGE, siteOf } from "./site.ts";

const CART_FULL = `Your cart holds ${MAX_LINES} different items already. Remove one to make room.`;
const WRONG_QUANTITY = `Choose a quantity from 1 to ${MAX_LINE_QUANTITY}.`;

export function registerCartPages(app: App): void {
  app.get("/cart", (c) => renderCart(c));
  app.post("/cart/lines", addLine);
  app.post("/cart/lines/:sku", changeLine);
  app.post("/cart/lines/:sku/remove", removeLine);
}

async function renderCart(c: AppContext, problem?: string): Promise<Response> {
  const services = servicesOf(c.env);
  const cart = await cartView(services, await readCart(c));
  const open = await openOrderOfCart(c);
  const removed = problem === undefined ? await removedLine(c, cart) : null;
  const said = problem ?? limitReached(c, cart) ?? partlyBack(c) ?? (await cookieRefused(c));
  c.header("cache-control", PERSONAL_PAGE);
  const page = (
    <CartPage
      site={siteOf(c)}
      cart={cart}
      estimate={await cartEstimate(c, cart)}
      now={Date.now()}
      {...(said === null ? {} : { problem: said })}
      {...(removed === null ? {} : { removed })}
      {...(open === null
        ? {}
        : { openOrder: { orderId: open.orderId, holdExpiresAt: timestamp(open.holdExpiresAt) } })}
    />
  );
  return c.html(renderPage(page), problem === undefined ? 200 : 422);
}

/** What the address says was just taken out (see `removeLine`), where that is so. */
async function removedLine(c: AppContext, cart: CartView): Promise<RemovedLine | null> {
  const sku = c.req.query("removed") ?? "";
  const quantity = quantityFrom(c.req.query("quantity") ?? "");
  if (quantity === null || cart.lines.some((line) => line.sku === sku)) return null;
  const found = await servicesOf(c.env).catalog.sku(sku);
  return found === null ? null : { sku, name: found.sku.name, quantity };
}

/** Said after fewer were added than asked for (see `addLine`). */
function limitReached(c: AppContext, cart: CartView): string | null {
  const line = cart.lines.find(({ sku }) => sku === c.req.query("limited"));
  // The address may be an old one, or somebody's own.
  const isAtLimit = line?.quantity === Math.min(line?.purchaseLimit ?? MAX_LINE_QUANTITY, MAX_LINE_QUANTITY);
  return line === undefined || !isAtLimit
    ? null
    : `${line.quantity} is the most one customer can buy: ${line.name}`;
}

/** Said where an ended order's items went back into the cart, and something stands in the way of ordering them again. */
function partlyBack(c: AppContext): string | null {
  return c.req.query("back") === "part"
    ? "What could be put back is here. Not all of it can be ordered now."
    : null;
}

/** Said to a browser that was just given its first cart (see `addLine`) and comes back without it. */
async function cookieRefused(c: AppContext): Promise<string | null> {
  return c.req.query("first") === "1" && (await cartIdOf(c)) === null ? COOKIES_NEEDED : null;
}

/** Adds units of a SKU to what the cart holds, as many as one buyer may have; the cart's page is the shopper's confirmation. */
async function addLine(c: AppContext): Promise<Response> {
  const form = await readForm(c);
  if (!form.ok) return refuse(c, form.code);
  const sku = form.fields.get("sku") ?? "";
  const quantity = quantityFrom(form.fields.get("quantity") ?? "1");
  if (quantity === null) return productAgain(c, sku, WRONG_QUANTITY);
  const found = await servicesOf(c.env).catalog.sku(sku);
  if (found === null) return refuse(c, "not_found");
  const most = Math.min(found.sku.purchaseLimit ?? MAX_LINE_QUANTITY, MAX_LINE_QUANTITY);
  const present = (await readCart(c)).lines.find((line) => line.sku === sku)?.quantity ?? 0;
  if (present >= most) {
    return productAgain(c, sku, `Your cart has ${present} of these already, the most one customer can buy.`);
  }
  const isFirst = (await cartIdOf(c)) === null;
  const change = await setCartLine(c, sku, Math.min(present + quantity, most));
  if (!change.ok) return refuseChange(c, change, () => productAgain(c, sku, CART_FULL));
  const told = new URLSearchParams({
    ...(present + quantity > most ? { limited: sku } : {}),
    ...(isFirst ? { first: "1" } : {}),
  });
  return c.redirect(told.size === 0 ? "/cart" : `/cart?${told.toString()}`, 303);
}

/** The product's page again, with what is wrong. */
async function productAgain(c: AppContext, sku: string, problem: string): Promise<Response> {
  const services = servicesOf(c.env);
  const found = await services.catalog.sku(sku);
  if (found === null) return refuse(c, "not_found");
  const [shown] = await inStock(services, [found.product]);
  return shown === undefined ? refuse(c, "not_found") : renderProduct(c, shown, found.sku, { problem });
}

async function changeLine(c: AppContext): Promise<Response> {
  const form = await readForm(c);
  if (!form.ok) return refuse(c, form.code);
  const quantity = quantityFrom(form.fields.get("quantity") ?? "");
  if (quantity === null) return await renderCart(c, WRONG_QUANTITY);
  const change = await setCartLine(c, pathParameter(c, "sku"), quantity);
  if (change.ok) return c.redirect("/cart", 303);
  return await refuseChange(c, change, () => renderCart(c, CART_FULL));
}

/** @param cartFull answers with the page that the form was on */
async function refuseChange(
  c: AppContext,
  { reason }: Extract<CartChange, { ok: false }>,
  cartFull: () => Promise<Response>,
): Promise<Response> {
  switch (reason) {
    case "cart_full":
      return await cartFull();
    case "unknown_sku":
      return refuse(c, "not_found");
    case "too_many_carts":
      return refuseNewCart(c);
  }
}

/** The address it leads to says what was taken out, so that the page can offer to put it back. */
async function removeLine(c: AppContext): Promise<Response> {
  const sku = pathParameter(c, "sku");
  const line = (await readCart(c)).lines.find((present) => present.sku === sku);
  if (line === undefined) return c.redirect("/cart", 303);
  await removeCartLine(c, sku);
  const removed = new URLSearchParams({ removed: sku, quantity: String(line.quantity) });
  return c.redirect(`/cart?${removed.toString()}`, 303);
}

function quantityFrom(text: string): number | null {
  const quantity = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  return quantity >= 1 && quantity <= MAX_LINE_QUANTITY ? quantity : null;
}
