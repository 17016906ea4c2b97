/** A shopper's cart: lines and a revision that rises with every change, so that a purchase's key can derive from it. */
import { MAX_LINES } from "./line-limits.ts";

export interface CartLine {
  readonly sku: string;
  readonly quantity: number;
}

export interface CartState {
  readonly revision: number;
  readonly lines: readonly CartLine[];
}

export const EMPTY_CART: CartState = { revision: 0, lines: [] };

export type CartOutcome =
  { readonly ok: true; readonly cart: CartState } | { readonly ok: false; readonly reason: "cart_full" };

/**
 * Puts a line in, or changes its quantity; a new line goes to the end.
 *
 * @param quantity 1 to `MAX_LINE_QUANTITY`; the HTTP schema has checked it
 */
export function setLine(cart: CartState, sku: string, quantity: number): CartOutcome {
  const present = cart.lines.find((line) => line.sku === sku);
  if (present?.quantity === quantity) return { ok: true, cart };
  if (present === undefined && cart.lines.length >= MAX_LINES) return { ok: false, reason: "cart_full" };
  const lines =
    present === undefined
      ? [...cart.lines, { sku, quantity }]
      : cart.lines.map((line) => (line === present ? { sku, quantity } : line));
  return { ok: true, cart: { revision: cart.revision + 1, lines } };
}

export function removeLine(cart: CartState, sku: string): CartState {
  const lines = cart.lines.filter((line) => line.sku !== sku);
  return lines.length === cart.lines.length ? cart : { revision: cart.revision + 1, lines };
}

/** Empties the cart after its order ended, unless it has changed since that order was placed. */
export function emptyCart(cart: CartState, expectedRevision: number): CartState {
  return cart.revision === expectedRevision ? { revision: cart.revision + 1, lines: [] } : cart;
}
