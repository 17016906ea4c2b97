/** The shopper's cart: read it, change a line. Shared by the API and the pages. */
import { isAccountCartId, newCartId } from "../adapters/signing/index.ts";
import { EMPTY_CART, type CartLine, type CartState } from "../domain/cart.ts";
import { keepCart } from "./cookies.ts";
import type { AppContext } from "./app-env.ts";
import { servicesOf } from "./compose.ts";
import { LIMIT_PERIOD_SECONDS } from "./configuration.ts";
import { clientNetwork } from "./middleware/read-limit.ts";
import { cartIdOf } from "./own-cart.ts";
import { refuse } from "./refuse.ts";

export type CartChange =
  | { readonly ok: true; readonly cart: CartState }
  | { readonly ok: false; readonly reason: "unknown_sku" | "cart_full" | "too_many_carts" };

export type PutBack =
  /** `complete`: every line is in the cart. */
  | { readonly ok: true; readonly cart: CartState; readonly complete: boolean }
  | { readonly ok: false; readonly reason: "too_many_carts" };

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
  const cartId = await cartToChange(c);
  if (cartId === null) return { ok: false, reason: "too_many_carts" };
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
export async function putBack(c: AppContext, lines: readonly CartLine[]): Promise<PutBack> {
  const services = servicesOf(c.env);
  const cartId = await cartToChange(c);
  if (cartId === null) return { ok: false, reason: "too_many_carts" };
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
  return { ok: true, cart, complete };
}

/**
 * The id of the shopper's cart, or of a new one for a browser that has none. Null where the browser's network has made too many:
 * a program that keeps no cookie would make an object with every request.
 */
async function cartToChange(c: AppContext): Promise<string | null> {
  const present = await cartIdOf(c);
  if (present !== null) return present;
  const mayMakeOne = await servicesOf(c.env).newCartLimit.allows(clientNetwork(c));
  return mayMakeOne ? newCartId() : null;
}

/** The answer to `too_many_carts`. */
export function refuseNewCart(c: AppContext): Response {
  return refuse(c, "rate_limited", {
    detail:
      "Too many new carts from your network. Please try again in a few seconds, or sign in to use your own cart.",
    retryAfterSeconds: LIMIT_PERIOD_SECONDS,
  });
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
