/** The cart's page and its forms, which work without JavaScript: each post answers 303 to the cart. */
import { MAX_LINE_QUANTITY, MAX_LINES } from "../../../domain/line-limits.ts";
import { CartPage } from "../../../../web/pages/cart.tsx";
import { renderPage } from "../../../../web/render.ts";
import type { AppContext } from "../../app-env.ts";
import { servicesOf } from "../../compose.ts";
import { refuse } from "../../refuse.ts";
import { readCart, removeCartLine, setCartLine } from "../../shopper-cart.ts";
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
  const cart = await cartView(servicesOf(c.env), await readCart(c));
  c.header("cache-control", PERSONAL_PAGE);
  const page = <CartPage site={siteOf(c)} cart={cart} {...(problem === undefined ? {} : { problem })} />;
  return c.html(renderPage(page), problem === undefined ? 200 : 422);
}

/** Adds units of a SKU to what the cart holds; the cart's page is the shopper's confirmation. */
async function addLine(c: AppContext): Promise<Response> {
  const form = await readForm(c);
  if (!form.ok) return refuse(c, form.code);
  const sku = form.fields.get("sku") ?? "";
  const quantity = quantityOf(form.fields);
  if (quantity === null) return productAgain(c, sku, WRONG_QUANTITY);
  const change = await setCartLine(c, sku, (present) => Math.min(present + quantity, MAX_LINE_QUANTITY));
  if (change.ok) return c.redirect("/cart", 303);
  return change.reason === "cart_full" ? productAgain(c, sku, CART_FULL) : refuse(c, "not_found");
}

/** The product's page again, with what is wrong. */
async function productAgain(c: AppContext, sku: string, problem: string): Promise<Response> {
  const services = servicesOf(c.env);
  const found = await services.catalog.sku(sku);
  if (found === null) return refuse(c, "not_found");
  const [shown] = await inStock(services, [found.product]);
  return shown === undefined ? refuse(c, "not_found") : renderProduct(c, shown, found.sku, problem);
}

async function changeLine(c: AppContext): Promise<Response> {
  const form = await readForm(c);
  if (!form.ok) return refuse(c, form.code);
  const quantity = quantityOf(form.fields);
  if (quantity === null) return await renderCart(c, WRONG_QUANTITY);
  const change = await setCartLine(c, pathParameter(c, "sku"), quantity);
  if (change.ok) return c.redirect("/cart", 303);
  return change.reason === "cart_full" ? await renderCart(c, CART_FULL) : refuse(c, "not_found");
}

async function removeLine(c: AppContext): Promise<Response> {
  await removeCartLine(c, pathParameter(c, "sku"));
  return c.redirect("/cart", 303);
}

function quantityOf(fields: URLSearchParams): number | null {
  const text = fields.get("quantity") ?? "1";
  const quantity = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  return quantity >= 1 && quantity <= MAX_LINE_QUANTITY ? quantity : null;
}
