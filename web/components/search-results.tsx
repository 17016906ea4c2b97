/**
 * What search and the lists share: categories, filters, order, products, and the way to more of them. Parts marked
 * `data-browse-part` are what browser code replaces when something is chosen.
 */
import type { Child } from "hono/jsx";
import type { SearchAnswer, SearchQuery, SearchSort } from "../../src/contracts/search.ts";
import { browseHref, changed, filterCount, withoutFilters, type BrowsePath } from "../browse-address.ts";
import { inCategoryOrder } from "../category-order.ts";
import { FilterChips } from "./filter-chips.tsx";
import { FILTER_FORM_ID, FILTER_PANEL_ID, FilterPanel } from "./filter-panel.tsx";
import { FilterIcon } from "./icons.tsx";
import { CardGrid } from "./product-card.tsx";

export interface SearchResultsProps {
  readonly path: BrowsePath;
  readonly query: SearchQuery;
  readonly answer: SearchAnswer;
  readonly heading: string;
  /** Between the heading and the categories. */
  readonly children?: Child;
  /** Instead of the products where there are none, and no filter is to blame. */
  readonly empty?: Child;
}

/** Products in the first row of a phone, whose pictures are fetched at once; the others' wait for the layout. */
const FIRST_ROW = 2;

export function SearchResults(props: SearchResultsProps) {
  const { path, query, answer, heading } = props;
  const nothing = answer.total === 0 && filterCount(query) === 0;
  return (
    <div class="wrap section page-top" data-browse>
      <div data-browse-part="head">
        <h1>{heading}</h1>
        {props.children}
        <CategoryChips path={path} query={query} answer={answer} />
      </div>
      {nothing ? (
        <div data-browse-part="results">{props.empty}</div>
      ) : (
        <div class="browse">
          <FilterPanel path={path} query={query} facets={answer.facets} total={answer.total} />
          <section class="browse-results" aria-label="Products" data-browse-part="results">
            <Toolbar path={path} query={query} total={answer.total} />
            <FilterChips path={path} query={query} facets={answer.facets} />
            {answer.total === 0 ? (
              <NothingFits path={path} query={query} />
            ) : (
              <CardGrid items={answer.items} priorityCount={FIRST_ROW} place="results" />
            )}
            {answer.nextCursor !== null && (
              <p class="pager">
                <a
                  class="button"
                  data-look="quiet"
                  href={browseHref(path, { ...query, cursor: answer.nextCursor })}
                  rel="next"
                  data-browse-more
                >
                  More products
                </a>
              </p>
            )}
          </section>
        </div>
      )}
    </div>
  );
}

/** Categories as links, each keeping what else was chosen. */
function CategoryChips({ path, query, answer }: Pick<SearchResultsProps, "path" | "query" | "answer">) {
  const categories = inCategoryOrder(answer.facets.category);
  if (categories.length === 0) return null;
  const href = (category: string | null) => browseHref(path, changed(query, { category }));
  return (
    <nav class="chips" aria-label="Categories">
      <a
        class="chip"
        href={href(null)}
        aria-current={query.category === null ? "page" : undefined}
        data-browse-link
      >
        All
      </a>
      {categories.map(({ value, label, count }) => (
        <a
          class="chip"
          href={href(value)}
          aria-current={query.category === value ? "page" : undefined}
          data-browse-link
        >
          {label}
          <span class="chip-count">
            {count}
            <span class="visually-hidden">{count === 1 ? " product" : " products"}</span>
          </span>
        </a>
      ))}
    </nav>
  );
}

function Toolbar({ path, query, total }: { path: BrowsePath; query: SearchQuery; total: number }) {
  const set = filterCount(query);
  return (
    <div class="browse-bar">
      <p id="result-count" class="browse-count" tabindex={-1} data-result-count>
        {total === 1 ? "1 product" : `${total.toLocaleString("en-US")} products`}
      </p>
      <button
        id="open-filters"
        class="button button-small"
        data-look="quiet"
        type="button"
        popovertarget={FILTER_PANEL_ID}
      >
        <FilterIcon />
        Filters
        {set > 0 && (
          <span class="browse-set">
            {set}
            <span class="visually-hidden"> set</span>
          </span>
        )}
      </button>
      <label class="browse-sort">
        <span>Sort by</span>
        <select id="sort" class="select" name="sort" form={FILTER_FORM_ID}>
          {sortLabels(path, query).map(([value, label]) => (
            <option value={value} selected={value === query.sort}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <noscript>
        <button class="button button-small" data-look="quiet" type="submit" form={FILTER_FORM_ID}>
          Sort
        </button>
      </noscript>
    </div>
  );
}

function sortLabels(path: BrowsePath, query: SearchQuery): readonly (readonly [SearchSort, string])[] {
  return [
    ["relevance", path === "/search" && query.q !== "" ? "Best match" : "Featured"],
    ["newest", "Newest"],
    ["price_asc", "Price, low to high"],
    ["price_desc", "Price, high to low"],
    ["name", "Name"],
  ];
}

function NothingFits({ path, query }: Pick<SearchResultsProps, "path" | "query">) {
  return (
    <div class="empty">
      <p class="empty-text">Nothing fits all of these filters at once.</p>
      <a class="button button-small" href={browseHref(path, withoutFilters(query))} data-browse-link>
        Clear the filters
      </a>
    </div>
  );
}
