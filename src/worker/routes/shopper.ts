/** What is the shopper's own on pages that everybody shares: the number beside the cart, the name, the wishes; never cached. */
import { wishedSkus } from "../../adapters/postgres/wishlists.ts";
import type { Shopper } from "../../contracts/shopper.ts";
import { signedInOf } from "../accounts/session.ts";
import type { AppContext } from "../app-env.ts";
import { servicesOf } from "../compose.ts";
import { readCart } from "../shopper-cart.ts";
import { register, type App } from "./register.ts";

export function registerShopper(app: App): void {
  register(app, "getShopper", getShopper);
}

async function getShopper(c: AppContext): Promise<Response> {
  const [signedIn, { lines }] = await Promise.all([signedInOf(c), readCart(c)]);
  const wishlist = signedIn === null ? [] : await wishesOf(c, signedIn.userId);
  const cartCount = lines.reduce((units, { quantity }) => units + quantity, 0);
  c.header("cache-control", "no-store");
  return c.json({ cartCount, name: signedIn?.name ?? null, wishlist } satisfies Shopper);
}

/** The cart's number does not wait for longer than this, ms: without its wishes a page shows empty hearts. */
const WISHES_TIMEOUT_MS = 400;

async function wishesOf(c: AppContext, userId: string): Promise<string[]> {
  const { database, telemetry } = servicesOf(c.env);
  const wishes = wishedSkus(database, userId).catch((fault: unknown) => {
    telemetry.fault("wishlist.unknown", fault, { requestId: c.get("requestId") });
    return [];
  });
  return await Promise.race([wishes, scheduler.wait(WISHES_TIMEOUT_MS).then(() => [])]);
}
