/** What stands in the way of ordering a line of the cart, as far as the page can know: the sale itself decides. Pure. */
import type { CartView } from "../src/contracts/catalog.ts";

/** Said where a browser does not keep the cookie that leads to its cart. */
export const COOKIES_NEEDED =
  "Your browser did not keep your cart. Allow cookies for this store, then add the item again.";

export type CartLineView = CartView["lines"][number];

/** The most of a line that can be ordered now; null where nothing bounds it but the line limit. */
function mostOf({ purchaseLimit, available }: CartLineView): number | null {
  const bounds = [purchaseLimit, available].filter((bound) => bound !== null);
  return bounds.length === 0 ? null : Math.max(0, Math.min(...bounds));
}

/**
 * In words for the shopper, with what to do about it.
 *
 * @returns null where the line can be ordered as it is
 */
export function lineProblem(line: CartLineView): string | null {
  if (line.status === "sold_out" || line.status === "coming_soon") return "Remove it to order the rest.";
  const most = mostOf(line);
  if (most === null || line.quantity <= most) return null;
  if (line.purchaseLimit === most) return `One customer can buy up to ${most}: choose fewer.`;
  return `There are not enough left: choose ${most}${most > 1 ? " or fewer" : ""}.`;
}

/** `3 items`; everything of every line counts. */
export function unitsText(lines: readonly Pick<CartLineView, "quantity">[]): string {
  const units = unitsIn(lines);
  return `${units} ${units === 1 ? "item" : "items"}`;
}

export function unitsIn(lines: readonly Pick<CartLineView, "quantity">[]): number {
  return lines.reduce((sum, line) => sum + line.quantity, 0);
}
