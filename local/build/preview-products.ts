/** The seed catalog as products of the API, for the preview. */
import type { Product } from "../../src/contracts/catalog.ts";
import { CURRENCY } from "../seed/seed-product.ts";
import { SEED_PRODUCTS } from "../seed/catalog.ts";

const UNTIL_DROP_MS = (2 * 24 + 5) * 60 * 60 * 1000;

/** @param now epoch ms; the drop is a little over two days later */
export function previewProducts(now: number): Product[] {
  return SEED_PRODUCTS.map((product) => ({
    slug: product.slug,
    name: product.name,
    description: product.description,
    category: product.category,
    status: product.isDrop ? "coming_soon" : "in_stock",
    ...(product.isDrop ? { dropAt: new Date(now + UNTIL_DROP_MS).toISOString() } : {}),
    images: product.images,
    options: product.options,
    details: product.details,
    skus: product.skus.map((sku) => ({
      sku: sku.sku,
      name: sku.name,
      options: sku.options,
      price: { amount: sku.unitAmountMinor, currency: CURRENCY },
      purchaseLimit: sku.purchaseLimit,
    })),
  }));
}
