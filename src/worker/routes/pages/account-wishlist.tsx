/** The wish list by pages; the heart on a product's page posts here where there is no JavaScript. */
import type { SignedIn } from "../../../adapters/accounts/accounts.ts";
import { addWish, removeWish } from "../../../adapters/postgres/wishlists.ts";
import { Sku } from "../../../contracts/catalog.ts";
import { isProfileMessage, type ProfileMessage } from "../../../../web/components/profile-notice.tsx";
import { WishlistPage } from "../../../../web/pages/account-wishlist.tsx";
import { renderPage } from "../../../../web/render.ts";
import { recordedSessionOf } from "../../accounts/session.ts";
import type { AppContext } from "../../app-env.ts";
import { servicesOf } from "../../compose.ts";
import { pageForSignedIn } from "../../profile/page-for-signed-in.ts";
import { wishlistPage } from "../../profile/wishes.ts";
import { refuse } from "../../refuse.ts";
import type { App } from "../register.ts";
import { accountPage } from "./account-forms.ts";
import { signInHref } from "./account-sign-in.tsx";
import { readForm } from "./form.ts";
import { siteOf } from "./site.ts";

const HOME = "/account/wishlist";
const WISHES_ON_A_PAGE = 40;

export function registerAccountWishlist(app: App): void {
  app.get(HOME, pageForSignedIn(HOME, show));
  app.post(HOME, add);
  app.post(`${HOME}/remove`, pageForSignedIn(HOME, remove));
}

const said = (c: AppContext, message: ProfileMessage): Response => c.redirect(`${HOME}?said=${message}`, 303);

async function show(c: AppContext, { userId }: SignedIn): Promise<Response> {
  const cursor = c.req.query("cursor");
  const wishlist = await wishlistPage(servicesOf(c.env), userId, { limit: WISHES_ON_A_PAGE, cursor });
  // An address that somebody has made up leads to the beginning.
  if (wishlist === null) return c.redirect(HOME, 303);
  const message = c.req.query("said");
  return accountPage(
    c,
    renderPage(
      <WishlistPage
        site={siteOf(c)}
        wishlist={wishlist}
        isFurtherPage={cursor !== undefined}
        message={isProfileMessage(message) ? message : null}
      />,
    ),
  );
}

/** Whoever has to sign in first comes back to the product. */
async function add(c: AppContext): Promise<Response> {
  const form = await readForm(c);
  if (!form.ok) return refuse(c, form.code);
  const sku = Sku.safeParse(form.fields.get("sku"));
  const { catalog, database } = servicesOf(c.env);
  const entry = sku.success ? await catalog.sku(sku.data) : null;
  if (entry === null) return refuse(c, "not_found");
  const who = await recordedSessionOf(c);
  const product = `/products/${entry.product.slug}?sku=${encodeURIComponent(entry.sku.sku)}`;
  if (who === null) return c.redirect(signInHref(product, { said: "sign_in_first" }), 303);
  const added = await addWish(database, who.userId, entry.sku.sku);
  return said(c, added.ok ? "wish_added" : "wishlist_full");
}

async function remove(c: AppContext, { userId }: SignedIn): Promise<Response> {
  const form = await readForm(c);
  if (!form.ok) return refuse(c, form.code);
  const sku = Sku.safeParse(form.fields.get("sku"));
  if (!sku.success) return refuse(c, "not_found");
  await removeWish(servicesOf(c.env).database, userId, sku.data);
  return said(c, "wish_removed");
}
