/** The wish list over the API. */
import type { SignedIn } from "../../adapters/accounts/accounts.ts";
import { addWish, removeWish, wishedSkus } from "../../adapters/postgres/wishlists.ts";
import { Sku } from "../../contracts/catalog.ts";
import { MAX_WISHLIST_ITEMS, type WishedSkus, type Wishlist } from "../../contracts/profile.ts";
import type { AppContext } from "../app-env.ts";
import { servicesOf } from "../compose.ts";
import { problem } from "../middleware/problem.ts";
import { limitReads } from "../middleware/read-limit.ts";
import { forSignedIn } from "../profile/signed-in.ts";
import { wishlistPage } from "../profile/wishes.ts";
import { UNKNOWN_CURSOR, pageOf } from "./page-of.ts";
import { pathParameter, register, type App } from "./register.ts";

export function registerWishlist(app: App): void {
  register(app, "listWishes", forSignedIn(list), limitReads);
  register(app, "addWish", forSignedIn(add), limitReads);
  register(app, "removeWish", forSignedIn(remove), limitReads);
}

async function list(c: AppContext, { userId }: SignedIn): Promise<Response> {
  const page = pageOf(c);
  if (!page.ok) return problem(c, "validation_failed", { errors: page.errors });
  const wishlist = await wishlistPage(servicesOf(c.env), userId, page);
  if (wishlist === null) return problem(c, "validation_failed", { errors: UNKNOWN_CURSOR });
  return c.json(wishlist satisfies Wishlist);
}

async function add(c: AppContext, { userId }: SignedIn): Promise<Response> {
  const { catalog, database } = servicesOf(c.env);
  const sku = Sku.safeParse(pathParameter(c, "sku"));
  if (!sku.success || (await catalog.slugOf(sku.data)) === null) return unknownSku(c);
  const added = await addWish(database, userId, sku.data);
  if (added.ok) return await answer(c, userId);
  if (added.reason === "no_account") return problem(c, "unauthorised");
  return problem(c, "validation_failed", {
    detail: `A wish list holds at most ${String(MAX_WISHLIST_ITEMS)} things.`,
  });
}

/** Also for what the store does not sell any more. */
async function remove(c: AppContext, { userId }: SignedIn): Promise<Response> {
  const sku = Sku.safeParse(pathParameter(c, "sku"));
  if (!sku.success) return unknownSku(c);
  await removeWish(servicesOf(c.env).database, userId, sku.data);
  return await answer(c, userId);
}

function unknownSku(c: AppContext): Response {
  return problem(c, "validation_failed", {
    errors: [{ path: "sku", message: "is not a SKU of this store" }],
  });
}

async function answer(c: AppContext, userId: string): Promise<Response> {
  const skus = await wishedSkus(servicesOf(c.env).database, userId);
  return c.json({ skus } satisfies WishedSkus);
}
