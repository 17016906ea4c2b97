/** A page of a wish list, with what each thing is now. */
import { listWishes } from "../../adapters/postgres/wishlists.ts";
import type { Wishlist, WishlistItem } from "../../contracts/profile.ts";
import type { Services } from "../compose.ts";
import { availabilityOf } from "../storefront.ts";

/** Null where the cursor is not one of ours. */
export async function wishlistPage(
  services: Services,
  userId: string,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<Wishlist | null> {
  const found = await listWishes(services.database, userId, page);
  if (!found.ok) return null;
  const entries = await services.catalog.skus(found.items.map(({ sku }) => sku));
  const levels = await availabilityOf(
    services,
    entries.flatMap((entry) => entry?.sku.sku ?? []),
  );
  const statuses = new Map(levels.ok ? levels.answer.items.map(({ sku, status }) => [sku, status]) : []);
  const items = found.items.map(({ sku, addedAt }, index): WishlistItem => {
    const wished = { sku, addedAt: addedAt.toISOString() };
    const entry = entries[index] ?? null;
    if (entry === null) return { ...wished, product: null };
    const status = statuses.get(sku) ?? entry.product.status;
    return {
      ...wished,
      product: { slug: entry.product.slug, name: entry.sku.name, price: entry.sku.price, status },
    };
  });
  return { items, nextCursor: found.nextCursor };
}
