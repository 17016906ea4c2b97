/** Products side by side: `/compare?p=slug&p=slug`. The same for everyone. */
import type { CatalogIndex } from "../../../adapters/catalog/catalog-index.ts";
import { COMPARED_PARAMETER, MAX_COMPARED } from "../../../../web/compare-address.ts";
import { ComparePage, type CompareChoices } from "../../../../web/pages/compare.tsx";
import { renderPage } from "../../../../web/render.ts";
import type { AppContext } from "../../app-env.ts";
import { CATALOG_TAG, nextOpening, productTag, sharedPage } from "../../caching.ts";
import { servicesOf } from "../../compose.ts";
import { limitReads } from "../../middleware/read-limit.ts";
import { inStock } from "../../storefront.ts";
import type { App } from "../register.ts";
import { siteOf } from "./site.ts";

/** Products that can be chosen of one kind: a list to pick from, not a catalog. */
const MAX_CHOICES = 40;

export function registerCompare(app: App): void {
  app.get("/compare", limitReads, compare);
}

/** What the store does not have is left out, as is what is named twice. */
async function compare(c: AppContext): Promise<Response> {
  const services = servicesOf(c.env);
  const index = await services.catalog.index();
  const wanted = new Set((c.req.queries(COMPARED_PARAMETER) ?? []).slice(0, 2 * MAX_COMPARED));
  const known = [...wanted].filter((slug) => index.bySlug.has(slug)).slice(0, MAX_COMPARED);
  const found = await services.catalog.products(known);
  const products = (await inStock(services, found)).map(({ product }) => product);
  const page = <ComparePage site={siteOf(c)} products={products} choices={choicesOf(index)} />;
  return sharedPage(c, renderPage(page), {
    tags: [CATALOG_TAG, ...products.map(({ slug }) => productTag(slug))],
    changesAt: nextOpening(products, Date.now()),
  });
}

function choicesOf({ byCategory }: CatalogIndex): CompareChoices[] {
  return [...byCategory].map(([category, products]) => ({
    category,
    products: products.slice(0, MAX_CHOICES),
  }));
}
