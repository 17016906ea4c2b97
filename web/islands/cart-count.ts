/** The number beside the cart in the header. Pages are cached without it; it arrives on its own. */
import type { CartView } from "../../src/contracts/catalog.ts";
import { callApi } from "./api.ts";
import { setText, show } from "./show.ts";

/** Asks for the cart unless the page knew the count already. */
export async function fillCartCount(): Promise<void> {
  const badge = document.querySelector<HTMLElement>("[data-cart-count]");
  if (badge === null || badge.dataset["known"] !== undefined) return;
  const cart = await callApi<CartView>("GET", "/api/cart");
  // A missing count is no reason to trouble anyone: the cart page tells.
  if (cart.ok) showCartCount(unitsIn(cart.value));
}

export function unitsIn(cart: CartView): number {
  return cart.lines.reduce((sum, line) => sum + line.quantity, 0);
}

export function showCartCount(units: number): void {
  const badge = document.querySelector("[data-cart-count]");
  if (badge === null) return;
  setText(badge.querySelector("[data-cart-count-number]"), units > 99 ? "99+" : String(units));
  show(badge, units > 0);
}
