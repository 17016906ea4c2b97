/** Where a search found nothing, or nothing was asked yet: what helps to go on. */
import type { SearchAnswer } from "../../src/contracts/search.ts";
import { browseHref, changed, EVERYTHING } from "../browse-address.ts";
import { inCategoryOrder } from "../category-order.ts";
import { CardGrid } from "./product-card.tsx";

export interface SearchEmptyProps {
  /** What was searched for; empty where nothing was. */
  readonly text: string;
  /** The store's products from the front, for their categories and a few to look at; null where they cannot be had. */
  readonly popular: SearchAnswer | null;
}

export function SearchEmpty({ text, popular }: SearchEmptyProps) {
  return (
    <div class="search-empty">
      {text !== "" && (
        <ul class="search-advice">
          <li>Check the spelling, or try fewer words.</li>
          <li>Look for the kind of thing, such as “case” or “charger”, rather than its exact name.</li>
        </ul>
      )}
      {popular !== null && popular.facets.category.length > 0 && (
        <section aria-labelledby="by-category">
          <h2 id="by-category">Look by category</h2>
          <ul class="chips">
            {inCategoryOrder(popular.facets.category).map(({ value, label, count }) => (
              <li>
                <a class="chip" href={browseHref("/products", changed(EVERYTHING, { category: value }))}>
                  {label}
                  <span class="chip-count">
                    {count}
                    <span class="visually-hidden">{count === 1 ? " product" : " products"}</span>
                  </span>
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
      {popular !== null && popular.items.length > 0 && (
        <section aria-labelledby="popular">
          <h2 id="popular">Popular now</h2>
          <CardGrid items={popular.items} />
        </section>
      )}
    </div>
  );
}
