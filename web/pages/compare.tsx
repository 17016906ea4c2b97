/**
 * Products compared: up to three side by side, and a form to choose them that needs no JavaScript. Cacheable: nothing personal
 * in it; not for search engines, since there is one for every combination.
 *
 * Props: `ComparePageProps`. Served at `/compare?p=slug&p=slug`.
 */
import type { Product } from "../../src/contracts/catalog.ts";
import { categoryTitle } from "../category-address.ts";
import { compareHref, COMPARED_PARAMETER, MAX_COMPARED } from "../compare-address.ts";
import { CompareTable } from "../components/compare-table.tsx";
import { Document } from "../document.tsx";
import type { SiteContext } from "../site.ts";

export interface ComparePageProps {
  readonly site: SiteContext;
  /** What is compared, with the status as far as it is known; at most `MAX_COMPARED`. */
  readonly products: readonly Product[];
  /** What can be chosen, by category. */
  readonly choices: readonly CompareChoices[];
}

export interface CompareChoices {
  readonly category: string;
  readonly products: readonly Pick<Product, "slug" | "name">[];
}

const PLACES = ["First", "Second", "Third"];

export function ComparePage({ site, products, choices }: ComparePageProps) {
  return (
    <Document site={site} title="Compare" description="Products of our store side by side.">
      <div class="wrap section page-top">
        <h1 id="compare-title">Compare</h1>
        {products.length === 0 ? <Beginnings choices={choices} /> : <CompareTable products={products} />}
        <ChoiceForm products={products} choices={choices} />
      </div>
    </Document>
  );
}

/** Before anything is chosen: whole kinds to begin with. */
function Beginnings({ choices }: Pick<ComparePageProps, "choices">) {
  return (
    <>
      <p class="lead">Up to three products side by side: all of a kind, or your own choice.</p>
      <ul class="chips">
        {choices
          .filter(({ products }) => products.length > 1)
          .map(({ category, products }) => (
            <li>
              <a class="chip" href={compareHref(products.map(({ slug }) => slug))}>
                {categoryTitle(category)}
              </a>
            </li>
          ))}
      </ul>
    </>
  );
}

function ChoiceForm({ products, choices }: Pick<ComparePageProps, "products" | "choices">) {
  return (
    <form class="compare-form" method="get" action="/compare">
      <h2>Choose what to compare</h2>
      <div class="compare-fields">
        {PLACES.slice(0, MAX_COMPARED).map((place, index) => (
          <div class="field">
            <label class="field-label" for={`compare-${index}`}>
              {place} product
            </label>
            <select class="select" id={`compare-${index}`} name={COMPARED_PARAMETER}>
              <option value="">None</option>
              {choices.map(({ category, products: options }) => (
                <optgroup label={categoryTitle(category)}>
                  {options.map(({ slug, name }) => (
                    <option value={slug} selected={slug === products[index]?.slug}>
                      {name}
                    </option>
                  ))}
                </optgroup>
              ))}
            </select>
          </div>
        ))}
        <button class="button" type="submit">
          Compare
        </button>
      </div>
    </form>
  );
}
