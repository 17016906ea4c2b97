/** What a search asks of whoever does it, database or memory, and what that answers: before words are put to it. */
import type { AvailabilityStatus } from "../availability.ts";
import type { MatchedWords } from "./highlight.ts";

export interface SearchSelection {
  readonly q: string;
  readonly category: string | null;
  readonly color: readonly string[];
  readonly storage: readonly string[];
  readonly minPrice: number | null;
  readonly maxPrice: number | null;
  readonly inStock: boolean;
  readonly sort: "relevance" | "newest" | "price_asc" | "price_desc" | "name";
  readonly limit: number;
  readonly offset: number;
}

export interface FoundProduct {
  readonly slug: string;
  /** The lowest price among the SKUs that pass the filters, minor units. */
  readonly lowestAmount: number;
  readonly priceVaries: boolean;
  readonly status: AvailabilityStatus;
  /** The chosen colour that it comes in, whose picture to show. */
  readonly color: string | null;
}

export interface FacetCount {
  readonly value: string;
  readonly label: string;
  count: number;
  readonly swatch?: string | undefined;
}

/** What a search finds that asks for nothing there is. */
export const NOTHING_FOUND: SearchFindings = {
  total: 0,
  products: [],
  category: [],
  color: [],
  storage: [],
  lowestPrice: null,
  inStock: 0,
  matched: { whole: [], beginnings: [] },
  corrections: [],
};

export interface SearchFindings {
  readonly total: number;
  readonly products: readonly FoundProduct[];
  readonly category: readonly FacetCount[];
  readonly color: readonly FacetCount[];
  readonly storage: readonly FacetCount[];
  /** Of all that text and category find, whatever the other filters: minor units; null where nothing was found. */
  readonly lowestPrice: { readonly min: number; readonly max: number } | null;
  readonly inStock: number;
  readonly matched: MatchedWords;
  /** Words of the query that were taken for others, as typed and as taken. */
  readonly corrections: readonly { readonly typed: string; readonly taken: string }[];
}
