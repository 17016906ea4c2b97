/** Search as the API and the pages use it: Postgres finds, the catalog gives the products their words and pictures. */
import type { Product } from "../contracts/catalog.ts";
import { MAX_SEARCH_OFFSET, cursorAt, isOfferedOffset, offsetOfCursor } from "../contracts/search-cursor.ts";
import type { SearchAnswer, SearchItem, SearchQuery } from "../contracts/search.ts";
import { searchProducts } from "../adapters/postgres/search.ts";
import { correctedText } from "../domain/search/correction.ts";
import { byCount, bySize } from "../domain/search/facet-order.ts";
import type { FoundProduct, SearchFindings, SearchSelection } from "../domain/search/findings.ts";
import { highlight, type MatchedWords } from "../domain/search/highlight.ts";
import { likeliest, searchInMemory } from "../domain/search/memory-search.ts";
import type { Services } from "./compose.ts";
import { inStock } from "./storefront.ts";

/** Where nothing was found that says so: a catalog has one currency. */
const STORE_CURRENCY = "USD";
/** Products that a search in memory looks through. */
const MAX_CANDIDATES = 200;

export type FoundAnswer = SearchAnswer & {
  /** Found in memory, because Postgres is away. */
  readonly degraded: boolean;
};

/**
 * What a query finds. A cursor that is not one of search's counts as none.
 *
 * @throws CatalogUnavailable where there is no catalog either
 */
export async function search(services: Services, query: SearchQuery): Promise<FoundAnswer> {
  const startedAt = performance.now();
  const offset = offsetOfCursor(query.cursor);
  const selection: SearchSelection = { ...query, offset: isOfferedOffset(offset) ? offset : 0 };
  const { findings, degraded } = await find(services, selection);
  const answer = await inWords(services, selection, findings);
  return { ...answer, tookMs: Math.round((performance.now() - startedAt) * 10) / 10, degraded };
}

async function find(
  services: Services,
  selection: SearchSelection,
): Promise<{ findings: SearchFindings; degraded: boolean }> {
  try {
    return { findings: await searchProducts(services.database, selection, Date.now()), degraded: false };
  } catch (error) {
    services.telemetry.fault("search.degraded", error);
    return { findings: await findInCatalog(services, selection), degraded: true };
  }
}

/** Of a catalog too large for that, the products whose names answer best are looked through: search is degraded anyway. */
async function findInCatalog(services: Services, selection: SearchSelection): Promise<SearchFindings> {
  const { list } = await services.catalog.index();
  const candidates = likeliest(list, selection, MAX_CANDIDATES).map(({ slug }) => slug);
  const products = await inStock(services, await services.catalog.availableProducts(candidates));
  const statuses = new Map(
    products.flatMap(({ availability }) => availability.map(({ sku, status }) => [sku, status] as const)),
  );
  return searchInMemory(
    products.map(({ product }) => product),
    selection,
    (sku) => statuses.get(sku) ?? "sold_out",
  );
}

async function inWords(
  { catalog }: Services,
  selection: SearchSelection,
  findings: SearchFindings,
): Promise<Omit<SearchAnswer, "tookMs">> {
  const shown = await catalog.products(findings.products.map(({ slug }) => slug));
  const bySlug = new Map(shown.map((product) => [product.slug, product]));
  const items = findings.products.flatMap((found) => {
    const product = bySlug.get(found.slug);
    // A product that is newer than this copy of the catalog: its page would not be there either.
    return product === undefined ? [] : [itemOf(found, product, findings.matched)];
  });
  const currency = items[0]?.price.currency ?? STORE_CURRENCY;
  const price = (amount: number) => ({ amount, currency });
  const next = selection.offset + selection.limit;
  const lowest = findings.lowestPrice;
  const didYouMean = findings.total === 0 ? null : correctedText(selection.q, findings.corrections);
  return {
    items,
    facets: {
      category: byCount(findings.category).map((value) => ({ ...value, label: capitalised(value.label) })),
      color: byCount(findings.color),
      storage: bySize(findings.storage),
      price: lowest === null ? null : { min: price(lowest.min), max: price(lowest.max) },
      inStock: findings.inStock,
    },
    total: findings.total,
    nextCursor: next < findings.total && next <= MAX_SEARCH_OFFSET ? cursorAt(next) : null,
    ...(didYouMean === null ? {} : { didYouMean }),
  };
}

function itemOf(
  found: FoundProduct,
  { slug, name, category, images, options, skus }: Product,
  matched: MatchedWords,
): SearchItem {
  const image =
    images.find((each) => found.color === null || each.options["color"] === found.color) ?? images[0];
  const colors = options.find((option) => option.name === "color")?.values ?? [];
  return {
    slug,
    name,
    highlight: highlight(name, matched),
    category,
    status: found.status,
    price: { amount: found.lowestAmount, currency: skus[0]?.price.currency ?? STORE_CURRENCY },
    priceVaries: found.priceVaries,
    ...(image === undefined ? {} : { image }),
    swatches: colors.flatMap(({ swatch }) => swatch ?? []),
  };
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
