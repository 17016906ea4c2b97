/** What is the shopper's own on pages that everybody shares: the number beside the cart; never cached. */
import type { Shopper } from "../../contracts/shopper.ts";
import type { AppContext } from "../app-env.ts";
import { readCart } from "../shopper-cart.ts";
import { register, type App } from "./register.ts";

export function registerShopper(app: App): void {
  register(app, "getShopper", getShopper);
}

async function getShopper(c: AppContext): Promise<Response> {
  const { lines } = await readCart(c);
  const cartCount = lines.reduce((units, { quantity }) => units + quantity, 0);
  c.header("cache-control", "no-store");
  return c.json({ cartCount, name: null, wishlist: [] } satisfies Shopper);
}
