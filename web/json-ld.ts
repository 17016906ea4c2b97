/** What pages tell search engines, in schema.org's words. Pure: from what the page shows, so that both say the same. */
import type { AvailabilityItem, Product, ProductSku } from "../src/contracts/catalog.ts";
import type { AvailabilityStatus } from "../src/domain/availability.ts";
import { formatMoney, type Money } from "../src/domain/money.ts";
import { productHref } from "./option-choice.ts";
import { shareImage } from "./pictures.ts";
import { STORE_NAME } from "./site.ts";

export type JsonLd = { readonly "@type": string } & Readonly<Record<string, unknown>>;

const AVAILABILITY: Readonly<Record<AvailabilityStatus, string>> = {
  in_stock: "https://schema.org/InStock",
  low_stock: "https://schema.org/LimitedAvailability",
  sold_out: "https://schema.org/OutOfStock",
  // Together with the moment it starts.
  coming_soon: "https://schema.org/PreOrder",
};

/**
 * A product with one offer per SKU.
 *
 * @param availability what is known of its SKUs; one that is missing counts as the product's own status says
 */
export function productData(
  origin: string,
  product: Product,
  availability: readonly AvailabilityItem[],
): JsonLd {
  const statuses = new Map(availability.map(({ sku, status }) => [sku, status]));
  const share = shareImage(product.slug);
  const pictures = product.images.map(({ src }) => `${origin}${src}`);
  return {
    "@type": "Product",
    name: product.name,
    description: product.description,
    category: product.category,
    url: origin + productHref(product.slug),
    // The first must be in a format that search engines show: the originals are drawings.
    image: share === null ? pictures : [origin + share.path],
    offers: product.skus.map((sku) => offer(origin, product, sku, statuses.get(sku.sku) ?? product.status)),
  };
}

function offer(origin: string, product: Product, sku: ProductSku, status: AvailabilityStatus) {
  return {
    "@type": "Offer",
    name: sku.name,
    sku: sku.sku,
    url: origin + productHref(product.slug, sku.sku),
    price: decimalAmount(sku.price),
    priceCurrency: sku.price.currency,
    availability: AVAILABILITY[status],
    ...(status === "coming_soon" && product.dropAt !== undefined
      ? { availabilityStarts: product.dropAt }
      : {}),
    itemCondition: "https://schema.org/NewCondition",
    seller: { "@type": "Organization", name: STORE_NAME },
  };
}

/** `1199.00`: with a point, without a sign, and with as many digits as the currency has. */
function decimalAmount(price: Money): string {
  return formatMoney(price, "en-US").replace(/[^\d.]/g, "");
}

/** The way from the home page to a page, both of them included. @param steps name and path of each, in order */
export function breadcrumbData(
  origin: string,
  steps: readonly { readonly name: string; readonly path: string }[],
): JsonLd {
  return {
    "@type": "BreadcrumbList",
    itemListElement: steps.map(({ name, path }, index) => ({
      "@type": "ListItem",
      position: index + 1,
      name,
      item: origin + path,
    })),
  };
}

/** Products in the order a page lists them. */
export function productListData(origin: string, products: readonly Pick<Product, "slug" | "name">[]): JsonLd {
  return {
    "@type": "ItemList",
    numberOfItems: products.length,
    itemListElement: products.map(({ slug, name }, index) => ({
      "@type": "ListItem",
      position: index + 1,
      name,
      url: origin + productHref(slug),
    })),
  };
}

/** The store, and how to search in it: for the home page. */
export function storeData(origin: string): JsonLd[] {
  return [
    { "@type": "Organization", name: STORE_NAME, url: `${origin}/`, logo: `${origin}/icons/icon-512.png` },
    {
      "@type": "WebSite",
      name: STORE_NAME,
      url: `${origin}/`,
      potentialAction: {
        "@type": "SearchAction",
        target: { "@type": "EntryPoint", urlTemplate: `${origin}/search?q={search_term_string}` },
        "query-input": "required name=search_term_string",
      },
    },
  ];
}
