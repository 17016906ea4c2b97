/** Home and a product. The same for everyone, so the edge keeps them for a moment. */
import type { IndexEntry } from "../../../adapters/catalog/content.ts";
import type { Product, ProductSku } from "../../../contracts/catalog.ts";
import { deliveryChangesAt } from "../../../domain/delivery-estimate.ts";
import type { StockNoticeState } from "../../../../web/components/stock-notice-form.tsx";
import { productHref } from "../../../../web/option-choice.ts";
import { HomePage } from "../../../../web/pages/home.tsx";
import { ProductPage } from "../../../../web/pages/product.tsx";
import { renderPage } from "../../../../web/render.ts";
import { frontOf } from "../../../../web/shelves.ts";
import type { AppContext } from "../../app-env.ts";
import {
  CATALOG_TAG,
  linkTag,
  listTags,
  nextDrop,
  nextOpening,
  PERSONAL_PAGE,
  productTag,
  RATES_TAG,
  sharedPage,
} from "../../caching.ts";
import { servicesOf } from "../../compose.ts";
import { askedForNotice } from "../../cookies.ts";
import { limitReads } from "../../middleware/read-limit.ts";
import { refuse } from "../../refuse.ts";
import { inStock, type ProductInStock } from "../../storefront.ts";
import { pathParameter, type App } from "../register.ts";
import { siteOf } from "./site.ts";

/** A drop that opened this recently is still what the home page shows first. */
const RECENT_DROP_MS = 7 * 24 * 60 * 60 * 1000;
/** Others of its kind that a product's page leads to. */
const MAX_RELATED = 4;

export function registerCatalogPages(app: App): void {
  app.get("/", limitReads, home);
  app.get("/products/:slug", limitReads, product);
}

async function home(c: AppContext): Promise<Response> {
  const now = Date.now();
  const services = servicesOf(c.env);
  const { list, drops, rates } = await services.catalog.index();
  const first = firstDrop(drops, now);
  const slugs = new Set(frontOf(list).map(({ slug }) => slug));
  const shown = list.filter((entry) => slugs.has(entry.slug) || entry === first).map(({ slug }) => slug);
  const products = (await inStock(services, await services.catalog.availableProducts(shown))).map(
    ({ product }) => product,
  );
  const drop = products.find(({ slug }) => slug === first?.slug) ?? null;
  const page = <HomePage site={siteOf(c)} drop={drop} products={products} rates={rates} now={now} />;
  return sharedPage(c, renderPage(page), {
    tags: [RATES_TAG, ...listTags(products)],
    changesAt: nextDrop(drops, now),
  });
}

/** The next drop ahead, else the one that opened last, if that is not long ago. */
function firstDrop(drops: readonly IndexEntry[], now: number): IndexEntry | null {
  const inTime = drops
    .flatMap((entry) => (entry.opensAt === null ? [] : [{ entry, at: entry.opensAt }]))
    .sort((a, b) => a.at - b.at);
  const ahead = inTime.find(({ at }) => at > now);
  const recent = inTime.findLast(({ at }) => at <= now && now - at < RECENT_DROP_MS);
  return (ahead ?? recent)?.entry ?? null;
}

async function product(c: AppContext): Promise<Response> {
  const services = servicesOf(c.env);
  const found = await services.catalog.product(pathParameter(c, "slug"));
  if (found === null) return refuse(c, "not_found");
  const [shown] = await inStock(services, [found]);
  const wanted = c.req.query("sku");
  const selected = shown === undefined ? null : selectedSku(shown, wanted);
  if (shown === undefined || selected === null) return refuse(c, "not_found");
  if (c.req.query("notice") !== "asked") return renderProduct(c, shown, selected);
  // The address alone promises nothing: it may have been passed on, and the answer is this browser's.
  if (!askedForNotice(c, selected.sku)) return c.redirect(productHref(found.slug, selected.sku), 303);
  return renderProduct(c, shown, selected, { stockNotice: { kind: "asked" } });
}

/** The SKU of the address, or the first one still to be had; null for one that the product does not have. */
function selectedSku(
  { product: { skus }, availability }: ProductInStock,
  wanted: string | undefined,
): ProductSku | null {
  if (wanted !== undefined) return skus.find(({ sku }) => sku === wanted) ?? null;
  const available = new Set(availability.filter((item) => item.available > 0).map(({ sku }) => sku));
  return skus.find(({ sku }) => available.has(sku)) ?? skus[0] ?? null;
}

/** What a product's page says about what its visitor just did; such a page is nobody else's. */
export interface ProductAnswer {
  /** Why the cart did not do what was asked. */
  readonly problem?: string;
  readonly stockNotice?: StockNoticeState;
}

/** The product's page; as the answer to a form where it says what became of it. */
export async function renderProduct(
  c: AppContext,
  { product: shown, availability }: ProductInStock,
  selected: ProductSku,
  answer: ProductAnswer = {},
): Promise<Response> {
  const now = Date.now();
  const related = await relatedTo(c, shown);
  const { rates } = await servicesOf(c.env).catalog.index();
  const page = (
    <ProductPage
      site={siteOf(c)}
      product={shown}
      selected={selected}
      availability={availability}
      related={related}
      rates={rates}
      now={now}
      {...answer}
    />
  );
  const { problem, stockNotice } = answer;
  if (problem === undefined && stockNotice === undefined)
    return sharedPage(c, renderPage(page), {
      tags: [CATALOG_TAG, RATES_TAG, productTag(shown.slug), ...related.map(({ slug }) => linkTag(slug))],
      changesAt: Math.min(nextOpening([shown], now) ?? Infinity, deliveryChangesAt(now)),
    });
  c.header("cache-control", PERSONAL_PAGE);
  return c.html(renderPage(page), problem === undefined && stockNotice?.kind === "asked" ? 200 : 422);
}

/** The page shows no prices of these, so it does not change with them (`linkTag`). */
async function relatedTo(c: AppContext, { slug, category }: Product): Promise<Product[]> {
  const { catalog } = servicesOf(c.env);
  const kind = (await catalog.index()).byCategory.get(category) ?? [];
  const others = kind.slice(0, MAX_RELATED + 1).filter((entry) => entry.slug !== slug);
  return await catalog.availableProducts(others.slice(0, MAX_RELATED).map((entry) => entry.slug));
}
