/** What is the shopper's own in the header: the number beside the cart, and the name. Pages are cached without it; it arrives on its own. */
import type { CartView } from "../../src/contracts/catalog.ts";
import type { Shopper } from "../../src/contracts/shopper.ts";
import { SHOPPER_HINT_COOKIE } from "../../src/domain/shopper-hint.ts";
import { callApi } from "./api.ts";
import { setText, show } from "./show.ts";

/**
 * Asks for the shopper's own unless the page knew it already, or there is nothing to ask for in this browser.
 *
 * @returns what was answered, for whatever else on the page is the shopper's; null where nothing was asked or answered
 */
export async function fillCartCount(): Promise<Shopper | null> {
  const badge = document.querySelector<HTMLElement>("[data-cart-count]");
  const isCountKnown = badge === null || badge.dataset["known"] !== undefined;
  if (isCountKnown && document.querySelector("[data-account-name]") === null) return null;
  if (!document.cookie.includes(`__Host-${SHOPPER_HINT_COOKIE}=`)) return null;
  const shopper = await callApi<Shopper>("GET", "/api/shopper");
  // A missing count is no reason to trouble anyone: the cart page tells.
  if (!shopper.ok) return null;
  if (!isCountKnown) showCartCount(shopper.value.cartCount);
  showName(shopper.value.name);
  return shopper.value;
}

/** The first name only: there is little room. */
function showName(name: string | null): void {
  const [first = ""] = name?.trim().split(/\s+/) ?? [];
  if (first === "") return;
  setText(document.querySelector("[data-account-name]"), first);
  document.querySelector("[data-account-link]")?.setAttribute("aria-label", `Account of ${first}`);
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
