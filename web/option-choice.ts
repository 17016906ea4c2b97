/** Which SKU a choice of options leads to, and which picture shows it. Pure. */
import type { Product, ProductImage, ProductSku } from "../src/contracts/catalog.ts";

/**
 * The SKU to go to when `optionName` is set to `value` while `current` is chosen: the one that has the value and keeps most
 * of the other choices (all of them, where that combination exists).
 *
 * @returns null where no SKU of the product has that value
 */
export function skuWithOption(
  product: Product,
  current: ProductSku,
  optionName: string,
  value: string,
): ProductSku | null {
  let best: ProductSku | null = null;
  let bestShared = -1;
  for (const candidate of product.skus) {
    if (candidate.options[optionName] !== value) continue;
    const shared = Object.entries(current.options).filter(
      ([name, chosen]) => name !== optionName && candidate.options[name] === chosen,
    ).length;
    if (shared > bestShared) {
      best = candidate;
      bestShared = shared;
    }
  }
  return best;
}

/** The pictures of a SKU: those of its options first, then those of the product as a whole. Other variants' are left out. */
export function imagesOf(product: Product, sku: ProductSku | null): ProductImage[] {
  if (sku === null) return product.images;
  const fitting = product.images.filter((image) =>
    Object.entries(image.options).every(([name, value]) => sku.options[name] === value),
  );
  const specific = fitting.filter((image) => Object.keys(image.options).length > 0);
  const general = fitting.filter((image) => Object.keys(image.options).length === 0);
  const chosen = [...specific, ...general];
  return chosen.length > 0 ? chosen : product.images.slice(0, 1);
}

/** The lowest price among a product's SKUs, and whether others cost more; null for a product without SKUs. */
export function lowestPrice(product: Product): { price: ProductSku["price"]; varies: boolean } | null {
  let lowest: ProductSku["price"] | null = null;
  for (const { price } of product.skus) if (lowest === null || price.amount < lowest.amount) lowest = price;
  if (lowest === null) return null;
  const amount = lowest.amount;
  return { price: lowest, varies: product.skus.some(({ price }) => price.amount > amount) };
}

/** The address of a product page with a SKU chosen. */
export function productHref(slug: string, sku?: string): string {
  return sku === undefined ? `/products/${slug}` : `/products/${slug}?sku=${encodeURIComponent(sku)}`;
}
