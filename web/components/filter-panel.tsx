/**
 * The filters of a list, as a form that works by itself; browser code applies each choice at once (web/islands/browse.ts).
 * Beside the products where there is room; on a phone it opens over them, by `popover`, which needs no script.
 */
import type { SearchFacets, SearchQuery } from "../../src/contracts/search.ts";
import { filterCount, withoutFilters, browseHref, type BrowsePath } from "../browse-address.ts";
import { formatPrice } from "../price-text.ts";
import { FacetChoice, FacetGroup } from "./facet-group.tsx";
import { CrossIcon } from "./icons.tsx";

export interface FilterPanelProps {
  readonly path: BrowsePath;
  readonly query: SearchQuery;
  readonly facets: SearchFacets;
  readonly total: number;
}

/** Ids that the rest of the page refers to. */
export const FILTER_PANEL_ID = "filter-panel";
export const FILTER_FORM_ID = "filters";

const MINOR_PER_WHOLE = 100;

export function FilterPanel({ path, query, facets, total }: FilterPanelProps) {
  return (
    <aside id={FILTER_PANEL_ID} class="filters" popover="auto" aria-labelledby="filters-title">
      <div class="filters-head">
        <h2 id="filters-title">Filters</h2>
        <button
          class="filters-close"
          type="button"
          popovertarget={FILTER_PANEL_ID}
          popovertargetaction="hide"
          aria-label="Close filters"
        >
          <CrossIcon />
        </button>
      </div>
      <form id={FILTER_FORM_ID} action={path} data-filters data-browse-part="filters">
        {query.q !== "" && <input type="hidden" name="q" value={query.q} />}
        {query.category !== null && <input type="hidden" name="category" value={query.category} />}
        <fieldset class="facet">
          <legend>Availability</legend>
          <FacetChoice
            name="inStock"
            value={{ value: "true", label: "In stock", count: facets.inStock }}
            checked={query.inStock}
          />
        </fieldset>
        <FacetGroup name="color" label="Colour" values={facets.color} chosen={query.color} />
        <FacetGroup name="storage" label="Storage" values={facets.storage} chosen={query.storage} />
        <PriceRange query={query} facets={facets} />
        <div class="filters-foot">
          <button class="button button-small" type="submit">
            <span data-without-script>Apply filters</span>
            <span data-with-script>{total === 1 ? "Show 1 product" : `Show ${total} products`}</span>
          </button>
          {filterCount(query) > 0 && (
            <a class="text-link" href={browseHref(path, withoutFilters(query))} data-browse-link>
              Clear all
            </a>
          )}
        </div>
      </form>
    </aside>
  );
}

function PriceRange({ query, facets }: Pick<FilterPanelProps, "query" | "facets">) {
  const { price } = facets;
  if (price === null && query.minPrice === null && query.maxPrice === null) return null;
  return (
    <fieldset class="facet">
      <legend>
        Price
        {price !== null && (
          <span class="facet-range">
            {formatPrice(price.min)}
            {price.max.amount > price.min.amount && ` to ${formatPrice(price.max)}`}
          </span>
        )}
      </legend>
      <div class="price-range">
        <PriceField
          id="price-from"
          name="priceFrom"
          label="From"
          amount={query.minPrice}
          hint={price?.min.amount}
        />
        <PriceField
          id="price-to"
          name="priceTo"
          label="To"
          amount={query.maxPrice}
          hint={price?.max.amount}
          up
        />
      </div>
    </fieldset>
  );
}

interface PriceFieldProps {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  /** Minor units. */
  readonly amount: number | null;
  /** What is shown while the field is empty, minor units. */
  readonly hint: number | undefined;
  /** Round the hint up rather than down. */
  readonly up?: boolean;
}

function PriceField({ id, name, label, amount, hint, up = false }: PriceFieldProps) {
  const whole = hint === undefined ? undefined : (up ? Math.ceil : Math.floor)(hint / MINOR_PER_WHOLE);
  return (
    <label class="price-field" for={id}>
      <span>{label}</span>
      <input
        id={id}
        class="input"
        name={name}
        value={amount === null ? "" : String(amount / MINOR_PER_WHOLE)}
        placeholder={whole === undefined ? undefined : String(whole)}
        inputmode="decimal"
        autocomplete="off"
        maxlength={10}
      />
    </label>
  );
}
