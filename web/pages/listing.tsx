/**
 * A list of products: all, or one category. Cacheable: nothing personal in it.
 *
 * Props: `ListingPageProps`. Served at `/products` and `/products?category=…`; `nextHref` where the list goes on.
 */
import type { Product } from "../../src/contracts/catalog.ts";
import { ProductGrid } from "../components/product-card.tsx";
import { Document } from "../document.tsx";
import type { SiteContext } from "../site.ts";

export interface ListingPageProps {
  readonly site: SiteContext;
  readonly products: readonly Product[];
  /** Every category there is, as the catalog spells it. */
  readonly categories: readonly string[];
  /** The chosen one, or null for all. */
  readonly category: string | null;
  /** Address of the next page. */
  readonly nextHref?: string;
}

/** Products in the first rows, whose pictures are fetched at once. */
const FIRST_ROWS = 4;

export function ListingPage({ site, products, categories, category, nextHref }: ListingPageProps) {
  const title = category === null ? "All products" : categoryTitle(category);
  return (
    <Document
      site={site}
      title={title}
      description={`${title} at Holdfast. Free standard shipping, tax included.`}
      canonicalPath={categoryHref(category)}
    >
      <section class="wrap section page-top">
        <h1>{title}</h1>
        <nav class="chips" aria-label="Categories">
          <a class="chip" href={categoryHref(null)} aria-current={category === null ? "page" : undefined}>
            All
          </a>
          {categories.map((name) => (
            <a class="chip" href={categoryHref(name)} aria-current={name === category ? "page" : undefined}>
              {categoryTitle(name)}
            </a>
          ))}
        </nav>
        {products.length === 0 ? (
          <p class="empty-text">Nothing here at the moment.</p>
        ) : (
          <ProductGrid products={products} priorityCount={FIRST_ROWS} />
        )}
        {nextHref !== undefined && (
          <p class="pager">
            <a class="button" data-look="quiet" href={nextHref} rel="next">
              More products
            </a>
          </p>
        )}
      </section>
    </Document>
  );
}

export function categoryHref(category: string | null): string {
  return category === null ? "/products" : `/products?category=${encodeURIComponent(category)}`;
}

/** `phones` → `Phones`; `screen-protectors` → `Screen protectors`. */
export function categoryTitle(category: string): string {
  const words = category.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
