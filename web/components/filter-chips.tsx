/** The filters that are set, each a link to the list without it. */
import type { FacetValue, SearchFacets, SearchQuery } from "../../src/contracts/search.ts";
import { browseHref, changed, withoutFilters, type BrowsePath } from "../browse-address.ts";
import { priceRangeText } from "../price-text.ts";
import { CrossIcon } from "./icons.tsx";

export interface FilterChipsProps {
  readonly path: BrowsePath;
  readonly query: SearchQuery;
  readonly facets: SearchFacets;
}

interface Chip {
  readonly label: string;
  readonly without: SearchQuery;
}

const STORE_CURRENCY = "USD";

export function FilterChips({ path, query, facets }: FilterChipsProps) {
  const chips = chipsOf(query, facets);
  if (chips.length === 0) return null;
  return (
    <ul class="filter-chips" aria-label="Filters set">
      {chips.map(({ label, without }) => (
        <li>
          <a class="filter-chip" href={browseHref(path, without)} data-browse-link>
            <span class="visually-hidden">Remove filter: </span>
            {label}
            <CrossIcon />
          </a>
        </li>
      ))}
      {chips.length > 1 && (
        <li>
          <a class="text-link" href={browseHref(path, withoutFilters(query))} data-browse-link>
            Clear all
          </a>
        </li>
      )}
    </ul>
  );
}

function chipsOf(query: SearchQuery, facets: SearchFacets): Chip[] {
  const chips: Chip[] = [];
  if (query.inStock) chips.push({ label: "In stock", without: changed(query, { inStock: false }) });
  for (const name of ["color", "storage"] as const) {
    for (const value of query[name])
      chips.push({
        label: labelOf(facets[name], value),
        without: changed(query, { [name]: query[name].filter((other) => other !== value) }),
      });
  }
  const currency = facets.price?.min.currency ?? STORE_CURRENCY;
  const range = priceRangeText(query.minPrice, query.maxPrice, currency);
  if (range !== null)
    chips.push({ label: range, without: changed(query, { minPrice: null, maxPrice: null }) });
  return chips;
}

function labelOf(values: readonly FacetValue[], value: string): string {
  return values.find((candidate) => candidate.value === value)?.label ?? value;
}
