/** Home and a product. The same for everyone, so the edge keeps them for a moment. */
import type { Product, ProductSku } from "../../../contracts/catalog.ts";
import { HomePage } from "../../../../web/pages/home.tsx";
import { ProductPage } from "../../../../web/pages/product.tsx";
import { renderPage } from "../../../../web/render.ts";
import type { AppContext } from "../../app-env.ts";
import { listTags, nextOpening, PERSONAL_PAGE, productTag, sharedPage } from "../../caching.ts";
import { servicesOf } from "../../compose.ts";
import { limitReads } from "../../middleware/read-limit.ts";
import { refuse } from "../../refuse.ts";
import { inStock, type ProductInStock } from "../../storefront.ts";
import { pathParameter, type App } from "../register.ts";
import { siteOf } from "./site.ts";

/** A drop that opened this recently is still what the home page shows first. */
const RECENT_DROP_MS = 7 * 24 * 60 * 60 * 1000;

export function registerCatalogPages(app: App): void {
  app.get("/", limitReads, home);
  app.get("/products/:slug", limitReads, product);
}

async function home(c: AppContext): Promise<Response> {
  const now = Date.now();
  const products = await shownProducts(c);
  const page = <HomePage site={siteOf(c)} drop={firstDrop(products, now)} products={products} now={now} />;
  return sharedPage(c, renderPage(page), { tags: listTags(products), changesAt: nextOpening(products, now) });
}

/** The next drop ahead, else the one that opened last, if that is not long ago. */
function firstDrop(products: readonly Product[], now: number): Product | null {
  const drops = products
    .flatMap((product) => (product.dropAt === undefined ? [] : [{ product, at: Date.parse(product.dropAt) }]))
    .sort((a, b) => a.at - b.at);
  const ahead = drops.find(({ at }) => at > now);
  const recent = drops.findLast(({ at }) => at <= now && now - at < RECENT_DROP_MS);
  return (ahead ?? recent)?.product ?? null;
}

async function shownProducts(c: AppContext): Promise<Product[]> {
  const services = servicesOf(c.env);
  return (await inStock(services, await services.catalog.products())).map(({ product: shown }) => shown);
}

async function product(c: AppContext): Promise<Response> {
  const services = servicesOf(c.env);
  const found = await services.catalog.product(pathParameter(c, "slug"));
  if (found === null) return refuse(c, "not_found");
  const [shown] = await inStock(services, [found]);
  const wanted = c.req.query("sku");
  const selected = shown === undefined ? null : selectedSku(shown, wanted);
  if (shown === undefined || selected === null) return refuse(c, "not_found");
  return renderProduct(c, shown, selected);
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

/** The product's page; with a problem, as the answer to a form that was refused. */
export async function renderProduct(
  c: AppContext,
  { product: shown, availability }: ProductInStock,
  selected: ProductSku,
  problem?: string,
): Promise<Response> {
  const now = Date.now();
  const page = (
    <ProductPage
      site={siteOf(c)}
      product={shown}
      selected={selected}
      availability={availability}
      now={now}
      {...(problem === undefined ? {} : { problem })}
    />
  );
  if (problem === undefined)
    return sharedPage(c, renderPage(page), {
      tags: [productTag(shown.slug)],
      changesAt: nextOpening([shown], now),
    });
  c.header("cache-control", PERSONAL_PAGE);
  return c.html(renderPage(page), 422);
}
