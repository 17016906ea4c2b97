/** What is the shopper's own on pages that everybody shares: the number beside the cart, the name; never cached. */
import type { Shopper } from "../../contracts/shopper.ts";
import { signedInOf } from "../accounts/session.ts";
import type { AppContext } from "../app-env.ts";
import { readCart } from "../shopper-cart.ts";
import { register, type App } from "./register.ts";

export function registerShopper(app: App): void {
  register(app, "getShopper", getShopper);
}

async function getShopper(c: AppContext): Promise<Response> {
  const [signedIn, { lines }] = await Promise.all([signedInOf(c), readCart(c)]);
  const cartCount = lines.reduce((units, { quantity }) => units + quantity, 0);
  c.header("cache-control", "no-store");
  return c.json({ cartCount, name: signedIn?.name ?? null, wishlist: [] } satisfies Shopper);
}
