/** The cart over the API. It follows a cookie, and is nobody else's: never cached. */
import { CartLineBody, Sku, type CartView } from "../../contracts/catalog.ts";
import { MAX_LINES } from "../../domain/line-limits.ts";
import type { CartState } from "../../domain/cart.ts";
import type { CartEstimate } from "../../domain/rates.ts";
import type { AppContext } from "../app-env.ts";
import { cartEstimate } from "../cart-estimate.ts";
import { servicesOf } from "../compose.ts";
import { problem } from "../middleware/problem.ts";
import { readJson, refuseBody } from "../middleware/request-body.ts";
import { readCart, refuseNewCart, removeCartLine, setCartLine } from "../shopper-cart.ts";
import { cartView } from "../storefront.ts";
import { pathParameter, register, type App } from "./register.ts";

export function registerCart(app: App): void {
  register(app, "getCart", async (c) => answer(c, await readCart(c)));
  register(app, "putCartLine", putCartLine);
  register(app, "deleteCartLine", deleteCartLine);
}

async function putCartLine(c: AppContext): Promise<Response> {
  const body = await readJson(c.req.raw, CartLineBody);
  if (!body.ok) return refuseBody(c, body);
  const sku = Sku.safeParse(pathParameter(c, "sku"));
  if (!sku.success) return unknownSku(c);
  const change = await setCartLine(c, sku.data, body.value.quantity);
  if (change.ok) return await answer(c, change.cart);
  if (change.reason === "unknown_sku") return unknownSku(c);
  if (change.reason === "too_many_carts") return refuseNewCart(c);
  const errors = [{ path: "sku", message: `a cart holds at most ${MAX_LINES} different SKUs` }];
  return problem(c, "validation_failed", { detail: "The cart is full.", errors });
}

async function deleteCartLine(c: AppContext): Promise<Response> {
  const sku = Sku.safeParse(pathParameter(c, "sku"));
  if (!sku.success) return unknownSku(c);
  return await answer(c, await removeCartLine(c, sku.data));
}

function unknownSku(c: AppContext): Response {
  return problem(c, "validation_failed", {
    errors: [{ path: "sku", message: "is not a SKU of this store" }],
  });
}

async function answer(c: AppContext, cart: CartState): Promise<Response> {
  c.header("cache-control", "no-store");
  const view = await cartView(servicesOf(c.env), cart);
  const estimate = await cartEstimate(c, view);
  return c.json(estimate === null ? view : { ...view, estimate: estimateView(estimate) });
}

function estimateView({ country, method, totals, isTaxOpen }: CartEstimate): CartView["estimate"] {
  return {
    country,
    shippingMethod: method.code,
    totals: { ...totals, taxes: [...(totals.taxes ?? [])] },
    taxMayBeAdded: isTaxOpen,
  };
}
