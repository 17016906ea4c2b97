/** HTTP shapes of search and of filtered lists: one query, one answer, for the API, the search page and the listing. */
import * as z from "zod";
import { AVAILABILITY_STATUSES } from "../domain/availability.ts";
import { Price, ProductImage, Slug } from "./catalog.ts";

export const SEARCH_SORTS = ["relevance", "newest", "price_asc", "price_desc", "name"] as const;
export type SearchSort = (typeof SEARCH_SORTS)[number];

/** Longer queries are cut by the page and refused by the API. */
export const MAX_QUERY_LENGTH = 100;
/** Values of one facet that may be chosen together. */
export const MAX_FACET_CHOICES = 20;

/** What is looked for. Amounts are minor units of the store's currency; facet values are as the facets name them. */
export interface SearchQuery {
  /** Trimmed; empty lists everything. */
  readonly q: string;
  readonly category: string | null;
  /** Any of these; empty is any. */
  readonly color: readonly string[];
  readonly storage: readonly string[];
  readonly minPrice: number | null;
  readonly maxPrice: number | null;
  readonly inStock: boolean;
  readonly sort: SearchSort;
  /** How many items, 1 to 100. */
  readonly limit: number;
  /** `nextCursor` of the page before, or null for the first. */
  readonly cursor: string | null;
}

/** A text with the parts that matched, in order; the texts joined are the whole. */
export const Highlight = z.array(z.object({ text: z.string(), match: z.boolean() }));
export type Highlight = z.infer<typeof Highlight>;

export const SearchItem = z.object({
  slug: Slug,
  name: z.string(),
  highlight: Highlight,
  category: z.string(),
  status: z.enum(AVAILABILITY_STATUSES),
  /** The lowest price of its SKUs that match the filters. */
  price: Price,
  /** Whether other SKUs cost more. */
  priceVaries: z.boolean(),
  /** The picture of a matching variant where a colour is filtered by, else the first. */
  image: ProductImage.optional(),
  /** CSS colours of its finishes, in order. */
  swatches: z.array(z.string()),
});
export type SearchItem = z.infer<typeof SearchItem>;

export const FacetValue = z.object({
  value: z.string(),
  label: z.string(),
  /** Products that choosing this value (beside the other facets' choices) would show. */
  count: z.int().nonnegative(),
  /** CSS colour, of colours. */
  swatch: z.string().optional(),
});
export type FacetValue = z.infer<typeof FacetValue>;

export const SearchFacets = z.object({
  category: z.array(FacetValue),
  color: z.array(FacetValue),
  storage: z.array(FacetValue),
  /** The range of lowest prices in what text and category find, whatever the other filters; null where that is nothing. */
  price: z.object({ min: Price, max: Price }).nullable(),
  /** How many of what was found can be had now. */
  inStock: z.int().nonnegative(),
});
export type SearchFacets = z.infer<typeof SearchFacets>;

export const SearchAnswer = z.object({
  items: z.array(SearchItem),
  facets: SearchFacets,
  /** Products found, on all pages. */
  total: z.int().nonnegative(),
  tookMs: z.number().nonnegative(),
  nextCursor: z.string().nullable(),
  /** A better spelling that finds something, where the query as typed found nothing or little. */
  didYouMean: z.string().optional(),
});
export type SearchAnswer = z.infer<typeof SearchAnswer>;
