import { jsx } from "hono/jsx";
import { describe, expect, it } from "vitest";
import type { AvailabilityItem, Product } from "../src/contracts/catalog.ts";
import { JsonLdBlocks } from "./components/json-ld-block.tsx";
import { breadcrumbData, productData, productListData, storeData } from "./json-ld.ts";

const ORIGIN = "https://store.example";
const DROP = "2026-12-01T17:00:00.000Z";

function product(changes: Partial<Product> = {}): Product {
  const sku = (name: string, amount: number, currency: string) => ({
    sku: name,
    name: `Phone, ${name}`,
    options: {},
    price: { amount, currency },
    purchaseLimit: null,
  });
  return {
    slug: "phone",
    name: "Phone",
    description: "A phone.",
    category: "phones",
    status: "in_stock",
    images: [{ src: "/images/phone.jpg", alt: "", width: 960, height: 960, options: {} }],
    options: [],
    skus: [sku("PHONE-A", 119_905, "USD"), sku("PHONE-B", 1_500, "JPY"), sku("PHONE-C", 5, "USD")],
    ...changes,
  };
}

const known = (status: AvailabilityItem["status"], sku = "PHONE-A"): AvailabilityItem => ({
  sku,
  status,
  available: 0,
});
const offersOf = (shown: Product, availability: readonly AvailabilityItem[]) =>
  productData(ORIGIN, shown, availability)["offers"] as Record<string, unknown>[];

describe("what a product page tells search engines", () => {
  it("has an offer per SKU, with its price in whole units, its currency and its address", () => {
    expect(
      offersOf(product(), []).map(({ sku, price, priceCurrency, url }) => [sku, price, priceCurrency, url]),
    ).toEqual([
      ["PHONE-A", "1199.05", "USD", "https://store.example/products/phone?sku=PHONE-A"],
      ["PHONE-B", "1500", "JPY", "https://store.example/products/phone?sku=PHONE-B"],
      ["PHONE-C", "0.05", "USD", "https://store.example/products/phone?sku=PHONE-C"],
    ]);
  });

  it.each([
    ["in_stock", "InStock"],
    ["low_stock", "LimitedAvailability"],
    ["sold_out", "OutOfStock"],
    ["coming_soon", "PreOrder"],
  ] as const)("a SKU that is %s is %s there, and others are what the product is", (status, expected) => {
    const [first, second] = offersOf(product({ status: "sold_out" }), [known(status)]);
    expect(first?.["availability"]).toBe(`https://schema.org/${expected}`);
    expect(second?.["availability"]).toBe("https://schema.org/OutOfStock");
  });

  it("says when a drop begins, and nothing of the kind once it has begun", () => {
    const drop = product({ dropAt: DROP });
    expect(offersOf(drop, [known("coming_soon")])[0]?.["availabilityStarts"]).toBe(DROP);
    expect(offersOf(drop, [known("in_stock")])[0]).not.toHaveProperty("availabilityStarts");
  });

  it("shows the catalog's pictures where none was made for sharing", () => {
    expect(productData(ORIGIN, product({ slug: "aurora-pro" }), [])["image"]).toEqual([
      expect.stringMatching(/^https:\/\/store\.example\/pictures\/share-aurora-pro\.[0-9a-f]+\.jpg$/),
    ]);
    expect(productData(ORIGIN, product(), [])["image"]).toEqual([`${ORIGIN}/images/phone.jpg`]);
  });
});

describe("a block of structured data", () => {
  it("parses, and no text in it can end it", () => {
    const hostile = "</script><script>alert(1)</script><!--";
    const html = String(jsx(JsonLdBlocks, { data: [productData(ORIGIN, product({ name: hostile }), [])] }));
    expect(html.match(/<\/?script/g)).toHaveLength(2);
    const [, json = ""] = /^<script type="application\/ld\+json">(.*)<\/script>$/s.exec(html) ?? [];
    expect(JSON.parse(json)).toMatchObject({
      "@context": "https://schema.org",
      "@type": "Product",
      name: hostile,
    });
  });
});

describe("lists", () => {
  it("number what they hold from one, with absolute addresses", () => {
    expect(breadcrumbData(ORIGIN, [{ name: "All", path: "/products" }])["itemListElement"]).toEqual([
      { "@type": "ListItem", position: 1, name: "All", item: `${ORIGIN}/products` },
    ]);
    expect(productListData(ORIGIN, [{ slug: "phone", name: "Phone" }])).toMatchObject({
      numberOfItems: 1,
      itemListElement: [{ position: 1, url: `${ORIGIN}/products/phone` }],
    });
  });

  it("the store tells how to search in it", () => {
    expect(JSON.stringify(storeData(ORIGIN))).toContain(`${ORIGIN}/search?q={search_term_string}`);
  });
});
