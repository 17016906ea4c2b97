/** Search answers for the preview, from products in memory. */
import type { Product } from "../../src/contracts/catalog.ts";
import type { SearchAnswer, SearchItem, SearchQuery } from "../../src/contracts/search.ts";
import { highlight } from "../../src/domain/search/highlight.ts";
import { searchInMemory } from "../../src/domain/search/memory-search.ts";
import { categoryTitle } from "../category-address.ts";

/** One product of the preview can be had no more, so that this is seen, too. */
const SOLD_OUT_AT = 2;

export function sampleAnswer(products: readonly Product[], query: SearchQuery): SearchAnswer {
  const statusOf = new Map(
    products.flatMap(({ status, skus }, index) =>
      skus.map(({ sku }) => [sku, index === SOLD_OUT_AT ? "sold_out" : status] as const),
    ),
  );
  const found = searchInMemory(products, { ...query, offset: 0 }, (sku) => statusOf.get(sku) ?? "sold_out");
  const currency = products[0]?.skus[0]?.price.currency ?? "USD";
  const price = (amount: number) => ({ amount, currency });
  const items = found.products.flatMap(({ slug, lowestAmount, priceVaries, status, color }): SearchItem[] => {
    const product = products.find((candidate) => candidate.slug === slug);
    if (product === undefined) return [];
    const { name, category, images, options } = product;
    const image = images.find((each) => color === null || each.options["color"] === color);
    return [
      {
        slug,
        name,
        category,
        status,
        priceVaries,
        highlight: highlight(name, found.matched),
        price: price(lowestAmount),
        ...(image === undefined ? {} : { image }),
        swatches: options.flatMap(({ values }) => values.flatMap(({ swatch }) => swatch ?? [])),
      },
    ];
  });
  const { lowestPrice } = found;
  return {
    items,
    facets: {
      category: found.category.map((value) => ({ ...value, label: categoryTitle(value.label) })),
      color: [...found.color],
      storage: [...found.storage],
      price: lowestPrice === null ? null : { min: price(lowestPrice.min), max: price(lowestPrice.max) },
      inStock: found.inStock,
    },
    total: found.total,
    tookMs: 0,
    nextCursor: null,
  };
}
