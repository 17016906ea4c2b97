/** Home, product and comparison in their states, with made-up stock: for the preview and for tests. */
import type { AvailabilityItem, Product } from "../../src/contracts/catalog.ts";
import type { StockNoticeState } from "../components/stock-notice-form.tsx";
import { ComparePage } from "../pages/compare.tsx";
import { ProductPage } from "../pages/product.tsx";
import { UnsubscribePage } from "../pages/unsubscribe.tsx";
import { renderPage } from "../render.ts";
import type { SiteContext } from "../site.ts";
import { SAMPLE_RATES } from "./sample-rates.ts";

const MAX_RELATED = 4;

/**
 * @param products at least two; the first one has options
 * @param now epoch ms
 */
export function sampleProductPages(
  site: SiteContext,
  products: readonly Product[],
  now: number,
): Record<string, string> {
  const [product, second] = products;
  const selected = product?.skus[1] ?? product?.skus[0];
  const drop = products.find(({ dropAt }) => dropAt !== undefined) ?? second;
  const dropSku = drop?.skus[0];
  if (product === undefined || selected === undefined || drop === undefined || dropSku === undefined)
    throw new RangeError("the sample products need SKUs");
  const all = (item: Omit<AvailabilityItem, "sku">) => product.skus.map(({ sku }) => ({ sku, ...item }));
  const related = (to: Product) =>
    products
      .filter(({ slug, category }) => slug !== to.slug && category === to.category)
      .slice(0, MAX_RELATED);
  const page = (
    availability: readonly AvailabilityItem[],
    answer: { readonly problem?: string; readonly stockNotice?: StockNoticeState } = {},
  ) =>
    renderPage(
      <ProductPage
        site={site}
        product={product}
        selected={selected}
        availability={availability}
        related={related(product)}
        rates={SAMPLE_RATES}
        now={now}
        {...answer}
      />,
    );
  const soldOut = all({ status: "sold_out", available: 0 });
  return {
    product: page(product.skus.map(mixedStock)),
    "product-low": page(all({ status: "low_stock", available: 3 })),
    "product-sold-out": page(soldOut, { problem: "This one is sold out." }),
    "product-notice-refused": page(soldOut, {
      stockNotice: {
        kind: "refused",
        email: "ada@",
        error: "Enter an email address, like name@example.com.",
      },
    }),
    "product-notice-asked": page(soldOut, { stockNotice: { kind: "asked" } }),
    "product-drop": renderPage(
      <ProductPage
        site={site}
        product={drop}
        selected={dropSku}
        availability={[]}
        related={related(drop)}
        rates={SAMPLE_RATES}
        now={now}
      />,
    ),
    ...comparisonAndUnsubscribe(site, products),
  };
}

function comparisonAndUnsubscribe(site: SiteContext, products: readonly Product[]): Record<string, string> {
  const categories = [...new Set(products.map(({ category }) => category))];
  const choices = categories.map((category) => ({
    category,
    products: products.filter((product) => product.category === category),
  }));
  return {
    compare: renderPage(<ComparePage site={site} products={products.slice(0, 3)} choices={choices} />),
    "compare-empty": renderPage(<ComparePage site={site} products={[]} choices={choices} />),
    unsubscribe: renderPage(<UnsubscribePage site={site} token="1a" done={false} />),
    "unsubscribe-done": renderPage(<UnsubscribePage site={site} token="1a" done />),
  };
}

/** A bit of everything, so that every look of a choice can be seen. */
function mixedStock({ sku }: Product["skus"][number], index: number): AvailabilityItem {
  if (index % 4 === 2) return { sku, status: "sold_out", available: 0 };
  if (index % 5 === 0) return { sku, status: "low_stock", available: 3 };
  return { sku, status: "in_stock", available: 40 };
}
