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
  /** When its content changed last (RFC 3339); left out where that is not known. */
  readonly modifiedAt?: string | undefined;
}

/** @param origin the store's, without a trailing slash */
export function sitemapXml(origin: string, products: readonly SitemapProduct[]): string {
  const categories = [...new Set(products.map(({ category }) => category))];
  const newest = newestOf(products);
  const entries = [
    entry(`${origin}/`, newest),
    entry(`${origin}/products`, newest),
    ...categories.map((category) =>
      entry(
        origin + categoryHref(category),
        newestOf(products.filter((product) => product.category === category)),
      ),
    ),
    ...STANDING_PAGES.map((path) => entry(origin + path, undefined)),
    ...products.map(({ slug, modifiedAt }) => entry(origin + productHref(slug), modifiedAt)),
  ].slice(0, MAX_ADDRESSES);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${entries.join("\n")}\n</urlset>\n`;
}

function newestOf(products: readonly SitemapProduct[]): string | undefined {
  // Times in one format sort as text does.
  return products.reduce<string | undefined>(
    (newest, { modifiedAt }) =>
      newest === undefined || (modifiedAt !== undefined && modifiedAt > newest) ? modifiedAt : newest,
    undefined,
  );
}

function entry(address: string, modifiedAt: string | undefined): string {
  const lastmod = modifiedAt === undefined ? "" : `<lastmod>${escaped(modifiedAt)}</lastmod>`;
  return `<url><loc>${escaped(address)}</loc>${lastmod}</url>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

export function robotsText(origin: string): string {
  return `User-agent: *\n${CLOSED_PATHS.map((path) => `Disallow: ${path}\n`).join("")}\nSitemap: ${origin}/sitemap.xml\n`;
}
