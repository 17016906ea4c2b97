/**
 * Search results, or a place to begin searching. Cacheable: nothing personal in it.
 *
 * Props: `SearchPageProps`. Served at `/search?q=…`.
 */
import type { SearchAnswer, SearchQuery } from "../../src/contracts/search.ts";
import { browseHref, changed, isPlain } from "../browse-address.ts";
import { SearchBox } from "../components/search-box.tsx";
import { SearchEmpty } from "../components/search-empty.tsx";
import { SearchResults } from "../components/search-results.tsx";
import { Document } from "../document.tsx";
import type { SiteContext } from "../site.ts";

export interface SearchPageProps {
  readonly site: SiteContext;
  readonly query: SearchQuery;
  /** Null where nothing was asked. */
  readonly answer: SearchAnswer | null;
  /** The front of the store, shown where nothing was asked or found; null where it was not needed or cannot be had. */
  readonly popular: SearchAnswer | null;
}

export function SearchPage({ site, query, answer, popular }: SearchPageProps) {
  if (answer === null) return <StartPage site={site} popular={popular} />;
  const nothing = answer.total === 0 && isPlain(query);
  const heading = nothing ? `Nothing found for “${query.q}”` : `Results for “${query.q}”`;
  return (
    <Document
      site={{ ...site, searchText: query.q }}
      title={heading}
      description={`Search results for “${query.q}” at Holdfast.`}
      script="browse"
      // Whatever was searched for, the page worth finding is the search itself; filtered and empty ones are not to be listed at all.
      {...(isPlain(query) && !nothing ? { canonicalPath: "/search" } : {})}
    >
      <SearchResults
        path="/search"
        query={query}
        answer={answer}
        heading={heading}
        empty={<SearchEmpty text={query.q} popular={popular} />}
      >
        {answer.didYouMean !== undefined && (
          <p class="did-you-mean">
            Did you mean{" "}
            <a href={browseHref("/search", changed(query, { q: answer.didYouMean }))} data-browse-link>
              {answer.didYouMean}
            </a>
            ?
          </p>
        )}
      </SearchResults>
    </Document>
  );
}

/** Nothing asked yet. */
function StartPage({ site, popular }: Pick<SearchPageProps, "site" | "popular">) {
  return (
    <Document
      site={site}
      title="Search"
      description="Find phones, tablets, watches and what goes with them at Holdfast."
      canonicalPath="/search"
      script="browse"
    >
      <div class="wrap section page-top">
        <h1>What are you looking for?</h1>
        <SearchBox id="page-search" place="page" />
        <SearchEmpty text="" popular={popular} />
      </div>
    </Document>
  );
}
