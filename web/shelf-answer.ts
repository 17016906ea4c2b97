/**
 * A list's answer worked out from products at hand, in the shape of a search answer: what is shown while Postgres, which
 * answers searches, is away. Knows no typing errors and no pages. Pure.
 */
import type { Product, ProductSku } from "../src/contracts/catalog.ts";
import type { FacetValue, SearchAnswer, SearchItem, SearchQuery } from "../src/contracts/search.ts";
import type { Money } from "../src/domain/money.ts";
import { canBeBought } from "./availability-label.ts";
import { categoryTitle } from "./category-address.ts";
import { imagesOf } from "./option-choice.ts";

type Facet = "category" | "color" | "storage" | "price" | "inStock";

/** @param products in the order of the store, each with its status; text must occur in a name as typed */
export function shelfAnswer(products: readonly Product[], query: SearchQuery): SearchAnswer {
  const named = products.filter(({ name }) => name.toLowerCase().includes(query.q.toLowerCase()));
  const fitting = (except: Facet | null) => named.filter((product) => fits(product, query, except));
  const items = fitting(null).flatMap((product) => itemOf(product, query) ?? []);
  return {
    items: ordered(items, query).slice(0, query.limit),
    facets: {
      category: counted(fitting("category"), ({ category }) => [
        { value: category, label: categoryTitle(category) },
      ]),
      color: counted(fitting("color"), (product) => optionValues(product, "color")),
      storage: counted(fitting("storage"), (product) => optionValues(product, "storage")),
      price: priceRange(fitting("price").flatMap((product) => itemOf(product, query)?.price ?? [])),
      inStock: fitting("inStock").filter(({ status }) => canBeBought(status)).length,
    },
    total: items.length,
    tookMs: 0,
    nextCursor: null,
  };
}

/** Whether a product is shown; one facet's own choice is left aside for that facet's counts. */
function fits(product: Product, query: SearchQuery, except: Facet | null): boolean {
  if (except !== "category" && query.category !== null && product.category !== query.category) return false;
  if (except !== "inStock" && query.inStock && !canBeBought(product.status)) return false;
  return product.skus.some((sku) => skuFits(sku, query, except));
}

function skuFits(sku: ProductSku, query: SearchQuery, except: Facet | null): boolean {
  const { color = "", storage = "" } = sku.options;
  if (except !== "color" && query.color.length > 0 && !query.color.includes(color)) return false;
  if (except !== "storage" && query.storage.length > 0 && !query.storage.includes(storage)) return false;
  if (except === "price") return true;
  return sku.price.amount >= (query.minPrice ?? 0) && sku.price.amount <= (query.maxPrice ?? Infinity);
}

function itemOf(product: Product, query: SearchQuery): SearchItem | null {
  const skus = product.skus
    .filter((sku) => skuFits(sku, query, null))
    .sort((a, b) => a.price.amount - b.price.amount);
  const cheapest = skus[0];
  if (cheapest === undefined) return null;
  const image = query.color.length > 0 ? imagesOf(product, cheapest)[0] : product.images[0];
  return {
    slug: product.slug,
    name: product.name,
    highlight: marked(product.name, query.q),
    category: product.category,
    status: product.status,
    price: cheapest.price,
    priceVaries: product.skus.some(({ price }) => price.amount > cheapest.price.amount),
    ...(image === undefined ? {} : { image }),
    swatches: optionValues(product, "color").flatMap(({ swatch }) => swatch ?? []),
  };
}

function marked(name: string, text: string): SearchItem["highlight"] {
  const at = text === "" ? -1 : name.toLowerCase().indexOf(text.toLowerCase());
  if (at < 0) return [{ text: name, match: false }];
  return [
    { text: name.slice(0, at), match: false },
    { text: name.slice(at, at + text.length), match: true },
    { text: name.slice(at + text.length), match: false },
  ].filter((part) => part.text !== "");
}

function optionValues(product: Product, name: string): Omit<FacetValue, "count">[] {
  return product.options.find((option) => option.name === name)?.values ?? [];
}

function counted(
  products: readonly Product[],
  valuesOf: (product: Product) => readonly Omit<FacetValue, "count">[],
): FacetValue[] {
  const byValue = new Map<string, FacetValue>();
  for (const value of products.flatMap(valuesOf)) {
    const count = (byValue.get(value.value)?.count ?? 0) + 1;
    byValue.set(value.value, { ...value, count });
  }
  return [...byValue.values()];
}

function priceRange(prices: readonly Money[]): { min: Money; max: Money } | null {
  const sorted = [...prices].sort((a, b) => a.amount - b.amount);
  const min = sorted[0];
  const max = sorted.at(-1);
  return min === undefined || max === undefined ? null : { min, max };
}

function ordered(items: SearchItem[], { sort }: SearchQuery): SearchItem[] {
  if (sort === "price_asc") return items.sort((a, b) => a.price.amount - b.price.amount);
  if (sort === "price_desc") return items.sort((a, b) => b.price.amount - a.price.amount);
  return sort === "name" ? items.sort((a, b) => a.name.localeCompare(b.name)) : items;
}
