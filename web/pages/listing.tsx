/**
 * A list of products: all, or one category, with filters. Cacheable: nothing personal in it.
 *
 * Props: `ListingPageProps`. Served at `/products` and `/products?category=…`.
 */
import type { SearchAnswer, SearchQuery } from "../../src/contracts/search.ts";
import { isPlain } from "../browse-address.ts";
import { categoryHref, categoryTitle } from "../category-address.ts";
import { SearchResults } from "../components/search-results.tsx";
import { JsonLdBlocks } from "../components/json-ld-block.tsx";
import { Document } from "../document.tsx";
import { breadcrumbData, productListData } from "../json-ld.ts";
import type { SiteContext } from "../site.ts";

export interface ListingPageProps {
  readonly site: SiteContext;
  readonly query: SearchQuery;
  readonly answer: SearchAnswer;
}

export function ListingPage({ site, query, answer }: ListingPageProps) {
  const { category } = query;
  const title =
    category === null
      ? "All products"
      : (answer.facets.category.find(({ value }) => value === category)?.label ?? categoryTitle(category));
  return (
    <Document
      site={site}
      title={title}
      description={`${title} at Holdfast. We sell exactly what we have: what you reserve is yours.`}
      script="browse"
      jsonLd={
        <JsonLdBlocks
          data={[
            breadcrumbData(site.origin, [
              { name: "All products", path: categoryHref(null) },
              ...(category === null ? [] : [{ name: title, path: categoryHref(category) }]),
            ]),
            productListData(site.origin, answer.items),
          ]}
        />
      }
      {...(isPlain(query) ? { canonicalPath: categoryHref(category) } : {})}
    >
      <SearchResults
        path="/products"
        query={query}
        answer={answer}
        heading={title}
        empty={<p class="empty-text">Nothing here at the moment.</p>}
      />
    </Document>
  );
}

// Other pages know these by the list.
export { categoryHref, categoryTitle };
