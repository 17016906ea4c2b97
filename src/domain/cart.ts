/**
 * A shopper's cart: lines and a revision that rises with every change, so that a purchase's key can derive from it. Two carts
 * merge without losing a line: what does not fit waits, and comes in as soon as there is room.
 */
import { MAX_LINE_QUANTITY, MAX_LINES } from "./line-limits.ts";

export interface CartLine {
  readonly sku: string;
  readonly quantity: number;
}

export interface CartState {
  readonly revision: number;
  readonly lines: readonly CartLine[];
  /** Lines of other carts that did not fit, oldest first; only there while the cart is full. None of them is in `lines`. */
  readonly waiting?: readonly CartLine[];
}

/** More lines than these never wait: nobody comes with five full carts. */
export const MAX_WAITING_LINES = 4 * MAX_LINES;

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
  return { ok: true, cart: changed(cart, lines) };
}

export function removeLine(cart: CartState, sku: string): CartState {
  const lines = cart.lines.filter((line) => line.sku !== sku);
  return lines.length === cart.lines.length ? cart : changed(cart, lines);
}

/**
 * Takes out what was ordered, unless the cart has changed since that order was placed.
 *
 * @param ordered the order's lines; everything where nothing is said
 */
export function takeOutOrdered(
  cart: CartState,
  expectedRevision: number,
  ordered: readonly CartLine[] = cart.lines,
): CartState {
  if (cart.revision !== expectedRevision) return cart;
  const lines = cart.lines.flatMap(({ sku, quantity }) => {
    const taken = ordered.find((line) => line.sku === sku)?.quantity ?? 0;
    return quantity > taken ? [{ sku, quantity: quantity - taken }] : [];
  });
  return changed(cart, lines);
}

/**
 * The cart with another one's lines: quantities of the same SKU are added up, to the most a line may have. Every line of this
 * cart stays where it is; what does not fit waits.
 *
 * @param lines of distinct SKUs
 */
export function mergeLines(cart: CartState, lines: readonly CartLine[]): CartState {
  if (lines.length === 0) return cart;
  const arriving = new Map(lines.map(({ sku, quantity }) => [sku, quantity]));
  const addedUp = ({ sku, quantity }: CartLine): CartLine => {
    const more = arriving.get(sku) ?? 0;
    arriving.delete(sku);
    return { sku, quantity: Math.min(quantity + more, MAX_LINE_QUANTITY) };
  };
  const present = cart.lines.map(addedUp);
  const waiting = (cart.waiting ?? []).map(addedUp);
  const fresh = [...arriving].map(([sku, quantity]) => ({ sku, quantity }));
  return changed({ ...cart, waiting: [...waiting, ...fresh] }, present);
}

/** The next revision: these lines, and those that waited as far as there is room. */
function changed({ revision, waiting = [] }: CartState, lines: readonly CartLine[]): CartState {
  const room = Math.max(0, MAX_LINES - lines.length);
  const stillWaiting = waiting.slice(room, room + MAX_WAITING_LINES);
  return {
    revision: revision + 1,
    lines: [...lines, ...waiting.slice(0, room)],
    ...(stillWaiting.length === 0 ? {} : { waiting: stillWaiting }),
  };
}
