/** The shopper's cart: read it, change a line. Shared by the API and the pages. */
import { isAccountCartId, newCartId } from "../adapters/signing/index.ts";
import { EMPTY_CART, type CartLine, type CartState } from "../domain/cart.ts";
import { keepCart } from "./cookies.ts";
import type { AppContext } from "./app-env.ts";
import { servicesOf } from "./compose.ts";
import { cartIdOf } from "./own-cart.ts";

export type CartChange =
  | { readonly ok: true; readonly cart: CartState }
  | { readonly ok: false; readonly reason: "unknown_sku" | "cart_full" };

/** The cart as it is; empty, and without making an object, for a browser that has none. */
export async function readCart(c: AppContext): Promise<CartState> {
  const cartId = await cartIdOf(c);
  return cartId === null ? EMPTY_CART : await c.env.CART.getByName(cartId).read();
}

/**
 * Sets how many units of a SKU are in the cart.
 *
 * @param quantity 1 to 10
 */
export async function setCartLine(c: AppContext, sku: string, quantity: number): Promise<CartChange> {
  const services = servicesOf(c.env);
  if ((await services.catalog.slugOf(sku)) === null) return { ok: false, reason: "unknown_sku" };
  const cartId = (await cartIdOf(c)) ?? newCartId();
  const cart = c.env.CART.getByName(cartId);
  const outcome = await cart.setLine(sku, quantity);
  if (!outcome.ok) return outcome;
  keepWayTo(c, cartId);
  return { ok: true, cart: outcome.cart };
}

/**
 * Puts lines back into the cart, e.g. those of an order that ended: never fewer of a SKU than are in it.
 *
 * @returns the cart, and whether every line is in it; not where a SKU has left the catalog or the cart is full
 */
export async function putBack(
  c: AppContext,
  lines: readonly CartLine[],
): Promise<{ readonly cart: CartState; readonly complete: boolean }> {
  const services = servicesOf(c.env);
  const cartId = (await cartIdOf(c)) ?? newCartId();
  const object = c.env.CART.getByName(cartId);
  let cart: CartState = await object.read();
  let complete = true;
  for (const { sku, quantity } of lines) {
    const present = cart.lines.find((line) => line.sku === sku)?.quantity ?? 0;
    const known = (await services.catalog.slugOf(sku)) !== null;
    const outcome = known ? await object.setLine(sku, Math.max(present, quantity)) : null;
    if (outcome?.ok === true) cart = outcome.cart;
    else complete = false;
  }
  keepWayTo(c, cartId);
  return { cart, complete };
}

/** Also for a guest's cart that is there already: using it keeps it for another 30 days. To an account's, the session leads. */
function keepWayTo(c: AppContext, cartId: string): void {
  if (!isAccountCartId(cartId)) keepCart(c, servicesOf(c.env).signing, cartId);
}

/** Takes a SKU out of the cart; a browser without a cart gets no cart by that. */
export async function removeCartLine(c: AppContext, sku: string): Promise<CartState> {
  const cartId = await cartIdOf(c);
  return cartId === null ? EMPTY_CART : await c.env.CART.getByName(cartId).removeLine(sku);
}
