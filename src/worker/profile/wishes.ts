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
  const items = await Promise.all(
    found.items.map(async ({ sku, addedAt }): Promise<WishlistItem> => {
      const [entry, level] = await Promise.all([services.catalog.sku(sku), availabilityOf(services, [sku])]);
      const wished = { sku, addedAt: addedAt.toISOString() };
      if (entry === null) return { ...wished, product: null };
      const status = (level.ok ? level.answer.items[0]?.status : undefined) ?? entry.product.status;
      return {
        ...wished,
        product: { slug: entry.product.slug, name: entry.sku.name, price: entry.sku.price, status },
      };
    }),
  );
  return { items, nextCursor: found.nextCursor };
}
