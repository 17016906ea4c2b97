/** The sitemap and the robots file as texts. Pure. Only what everybody sees is in them: nothing of a cart, an order or an account. */
import { categoryHref } from "../../web/category-address.ts";
import { productHref } from "../../web/option-choice.ts";

/** What a sitemap may hold by its standard; a catalog of more products needs several, and an index of them. */
const MAX_ADDRESSES = 50_000;

/** Pages that are the same in every catalog, beside the home page and the list of products. */
const STANDING_PAGES = ["/help", "/shipping", "/returns", "/privacy"] as const;

/** Where nobody finds anything: personal pages, the API, and filtered searches, of which there is no end. */
const CLOSED_PATHS = ["/api/", "/cart", "/checkout", "/orders", "/account", "/ops", "/search?*&"] as const;

export interface SitemapProduct {
  readonly slug: string;
  readonly category: string;
  /** When its content changed last, epoch ms. */
  readonly modifiedAt: number;
}

/** @param origin the store's, without a trailing slash */
export function sitemapXml(origin: string, products: readonly SitemapProduct[]): string {
  const newest = newestOf(products);
  const entries = [
    entry(`${origin}/`, newest),
    entry(`${origin}/products`, newest),
    ...[...Map.groupBy(products, ({ category }) => category)].map(([category, ofIt]) =>
      entry(origin + categoryHref(category), newestOf(ofIt)),
    ),
    ...STANDING_PAGES.map((path) => entry(origin + path, undefined)),
    ...products.map(({ slug, modifiedAt }) => entry(origin + productHref(slug), modifiedAt)),
  ].slice(0, MAX_ADDRESSES);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${entries.join("\n")}\n</urlset>\n`;
}

function newestOf(products: readonly SitemapProduct[]): number | undefined {
  return products.reduce<number | undefined>(
    (newest, { modifiedAt }) => (modifiedAt > (newest ?? -Infinity) ? modifiedAt : newest),
    undefined,
  );
}

/** @param modifiedAt epoch ms; left out where that is not known */
function entry(address: string, modifiedAt: number | undefined): string {
  const lastmod = modifiedAt === undefined ? "" : `<lastmod>${new Date(modifiedAt).toISOString()}</lastmod>`;
  return `<url><loc>${escaped(address)}</loc>${lastmod}</url>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

export function robotsText(origin: string): string {
  return `User-agent: *\n${CLOSED_PATHS.map((path) => `Disallow: ${path}\n`).join("")}\nSitemap: ${origin}/sitemap.xml\n`;
}
