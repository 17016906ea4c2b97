/** The number beside the cart in the header. Pages are cached without it; it arrives on its own. */
import type { CartView } from "../../src/contracts/catalog.ts";
import type { Shopper } from "../../src/contracts/shopper.ts";
import { SHOPPER_HINT_COOKIE } from "../../src/domain/shopper-hint.ts";
import { callApi } from "./api.ts";
import { setText, show } from "./show.ts";

/** Asks for the shopper's own unless the page knew the count already, or this browser never had a cart. */
export async function fillCartCount(): Promise<void> {
  const badge = document.querySelector<HTMLElement>("[data-cart-count]");
  if (badge === null || badge.dataset["known"] !== undefined) return;
  if (!document.cookie.includes(`__Host-${SHOPPER_HINT_COOKIE}=`)) return;
  const shopper = await callApi<Shopper>("GET", "/api/shopper");
  // A missing count is no reason to trouble anyone: the cart page tells.
  if (shopper.ok) showCartCount(shopper.value.cartCount);
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
