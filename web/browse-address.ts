/**
 * The addresses of lists and of search results: what is looked for ↔ the query string. Lenient, as people and old links are: what
 * makes no sense is left out, never refused. Pure.
 */
import {
  MAX_FACET_CHOICES,
  MAX_QUERY_LENGTH,
  SEARCH_SORTS,
  type SearchQuery,
  type SearchSort,
} from "../src/contracts/search.ts";

/** The two kinds of list: search results, and the store's shelves. */
export type BrowsePath = "/search" | "/products";

/** Products on one page of a list: divides by two, three and four columns. */
export const PAGE_ITEMS = 24;
/** Nothing in a store costs more; a longer number is a slip of the hand. Minor units. */
const MAX_AMOUNT_MINOR = 100_000_000;
const MAX_VALUE_LENGTH = 60;
const MAX_CURSOR_LENGTH = 400;
/** Minor units in one of the whole units that the price fields of the form take. */
const MINOR_PER_WHOLE = 100;

export const EVERYTHING: SearchQuery = {
  q: "",
  category: null,
  color: [],
  storage: [],
  minPrice: null,
  maxPrice: null,
  inStock: false,
  sort: "relevance",
  limit: PAGE_ITEMS,
  cursor: null,
};

/**
 * What an address asks for. Besides the parameters that `browseHref` writes it takes those of the filter form: `priceFrom` and
 * `priceTo`, in whole units of the currency, because people fill them in.
 */
export function readBrowseQuery(params: URLSearchParams): SearchQuery {
  const minPrice = amountOf(params.get("minPrice"), 1) ?? amountOf(params.get("priceFrom"), MINOR_PER_WHOLE);
  const maxPrice = amountOf(params.get("maxPrice"), 1) ?? amountOf(params.get("priceTo"), MINOR_PER_WHOLE);
  const swapped = minPrice !== null && maxPrice !== null && minPrice > maxPrice;
  return {
    q: cutQuery(params.get("q") ?? ""),
    category: valueOf(params.get("category")),
    color: valuesOf(params, "color"),
    storage: valuesOf(params, "storage"),
    minPrice: swapped ? maxPrice : minPrice,
    maxPrice: swapped ? minPrice : maxPrice,
    inStock: ["1", "true", "on"].includes(params.get("inStock") ?? ""),
    sort: sortOf(params.get("sort")),
    limit: PAGE_ITEMS,
    cursor: cursorOf(params.get("cursor")),
  };
}

/** The one way to write an address: parameters in a fixed order, defaults left out, so that the cache keeps one copy. */
export function browseHref(path: BrowsePath, query: SearchQuery): string {
  const params = new URLSearchParams();
  if (query.q !== "") params.set("q", query.q);
  if (query.category !== null) params.set("category", query.category);
  for (const value of [...query.color].sort()) params.append("color", value);
  for (const value of [...query.storage].sort()) params.append("storage", value);
  if (query.minPrice !== null) params.set("minPrice", String(query.minPrice));
  if (query.maxPrice !== null) params.set("maxPrice", String(query.maxPrice));
  if (query.inStock) params.set("inStock", "true");
  if (query.sort !== "relevance") params.set("sort", query.sort);
  if (query.cursor !== null) params.set("cursor", query.cursor);
  const text = params.toString();
  return text === "" ? path : `${path}?${text}`;
}

/** The same list changed in something, from its first page. */
export function changed(query: SearchQuery, change: Partial<SearchQuery>): SearchQuery {
  return { ...query, cursor: null, ...change };
}

/** Without everything that the filter form sets; text, category and order stay. */
export function withoutFilters(query: SearchQuery): SearchQuery {
  return changed(query, { color: [], storage: [], minPrice: null, maxPrice: null, inStock: false });
}

/** How many filters of the form are set; a price range counts once. */
export function filterCount(query: SearchQuery): number {
  const priced = query.minPrice !== null || query.maxPrice !== null;
  return query.color.length + query.storage.length + (priced ? 1 : 0) + (query.inStock ? 1 : 0);
}

/** Whether an address shows a whole list as it is: nothing filtered, reordered or paged. Only such pages are worth finding. */
export function isPlain(query: SearchQuery): boolean {
  return filterCount(query) === 0 && query.sort === "relevance" && query.cursor === null;
}

function cutQuery(text: string): string {
  const tidy = text
    .normalize("NFC")
    .replace(/[\s\p{Cc}\p{Cs}]+/gu, " ")
    .trim();
  // The cut may have halved a character: half of one is none.
  return tidy
    .slice(0, MAX_QUERY_LENGTH)
    .replace(/\p{Cs}$/u, "")
    .trim();
}

function valueOf(text: string | null): string | null {
  const tidy = (text ?? "").replace(/\p{Cc}+/gu, "").trim();
  return tidy === "" || tidy.length > MAX_VALUE_LENGTH ? null : tidy;
}

function valuesOf(params: URLSearchParams, name: string): string[] {
  const values = params
    .getAll(name)
    .flatMap((text) => text.split(","))
    .flatMap((text) => valueOf(text) ?? []);
  return [...new Set(values)].slice(0, MAX_FACET_CHOICES);
}

/** @returns minor units; null for what is no amount */
function amountOf(text: string | null, minorPerUnit: number): number | null {
  const tidy = (text ?? "").replace(/[\s$,]/g, "");
  if (!/^\d{1,9}(\.\d{0,2})?$/.test(tidy)) return null;
  const amount = Math.round(Number(tidy) * minorPerUnit);
  return amount > MAX_AMOUNT_MINOR ? null : amount;
}

function sortOf(text: string | null): SearchSort {
  return SEARCH_SORTS.find((sort) => sort === text) ?? "relevance";
}

function cursorOf(text: string | null): string | null {
  return text === null || text === "" || text.length > MAX_CURSOR_LENGTH ? null : text;
}
