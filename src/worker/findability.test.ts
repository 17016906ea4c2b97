/** What search engines get: sitemap, robots file, and structured data that agrees with the API. */
import { beforeEach, describe, expect, test } from "vitest";
import { AvailabilityList, ProductList } from "../contracts/catalog.ts";
import { imageDelivery } from "./image-delivery.ts";
import { robotsText, sitemapXml } from "./sitemap.ts";
import { keepTestCatalog, ORIGIN, send } from "./store-under-test.ts";

beforeEach(keepTestCatalog);

const addressesIn = (xml: string) => [...xml.matchAll(/<loc>([^<]*)<\/loc>/g)].map(([, address]) => address);

async function products() {
  return ProductList.parse(await (await send("/api/products")).json()).items;
}

describe("the sitemap", () => {
  test("lists every product and category, and no personal page", async () => {
    const response = await send("/sitemap.xml");
    expect(response.headers.get("content-type")).toContain("application/xml");
    const addresses = addressesIn(await response.text());
    const shown = await products();
    expect(shown.length).toBeGreaterThan(1);
    for (const { slug, category } of shown) {
      expect(addresses).toContain(`${ORIGIN}/products/${slug}`);
      expect(addresses).toContain(`${ORIGIN}/products?category=${category}`);
    }
    expect(addresses).toContain(`${ORIGIN}/`);
    expect(new Set(addresses).size).toBe(addresses.length);
    expect(
      addresses.filter((address) => /cart|checkout|orders|account|search|api/.test(address ?? "")),
    ).toEqual([]);
  });

  test("names no page that is not there", async () => {
    const addresses = addressesIn(await (await send("/sitemap.xml")).text());
    for (const address of addresses.filter((address) => !address?.includes("?"))) {
      const response = await send(new URL(address ?? "").pathname);
      expect([address, response.status]).toEqual([address, 200]);
      expect(await response.text()).toContain(`<link rel="canonical" href="${address}"`);
    }
  });

  test("is kept at the edge, dropped with the catalog, and confirmed by 304", async () => {
    const response = await send("/sitemap.xml");
    expect(response.headers.get("cache-control")).toContain("s-maxage=3600");
    expect(response.headers.get("cache-tag")).toBe("catalog");
    const again = await send("/sitemap.xml", {
      headers: { "if-none-match": response.headers.get("etag") ?? "" },
    });
    expect(again.status).toBe(304);
  });

  test("tells when a product or one of its category changed last, and escapes what addresses may hold", () => {
    const xml = sitemapXml(ORIGIN, [
      { slug: "old", category: "r&d", modifiedAt: Date.UTC(2026, 0, 1) },
      { slug: "new", category: "r&d", modifiedAt: Date.UTC(2026, 1, 1) },
    ]);
    expect(xml).toContain(`<loc>${ORIGIN}/products/old</loc><lastmod>2026-01-01T00:00:00.000Z</lastmod>`);
    expect(xml).toContain(`category=r%26d</loc><lastmod>2026-02-01T00:00:00.000Z</lastmod>`);
    expect(xml).toContain(`<loc>${ORIGIN}/privacy</loc></url>`);
    expect(xml).not.toMatch(/&(?!amp;|lt;|gt;)/);
  });
});

describe("the robots file", () => {
  test("closes what is personal or endless, and leads to the sitemap", async () => {
    const response = await send("/robots.txt");
    expect(response.headers.get("content-type")).toContain("text/plain");
    const text = await response.text();
    expect(text).toBe(robotsText(ORIGIN));
    for (const path of ["/api/", "/cart", "/checkout", "/orders", "/search?*&"])
      expect(text).toContain(`Disallow: ${path}\n`);
    expect(text).toContain(`Sitemap: ${ORIGIN}/sitemap.xml`);
  });
});

describe("a product page", () => {
  test("tells search engines the prices and the availability that the API tells", async () => {
    for (const product of await products()) {
      const html = await (await send(`/products/${product.slug}`)).text();
      const blocks = [...html.matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs)].map(
        ([, json]) => JSON.parse(json ?? "") as Record<string, unknown>,
      );
      const offers = blocks.find((block) => block["@type"] === "Product")?.["offers"] as Record<
        string,
        string
      >[];
      const query = product.skus.map(({ sku }) => `sku=${sku}`).join("&");
      const { items } = AvailabilityList.parse(await (await send(`/api/availability?${query}`)).json());
      expect(
        offers.map(({ sku, price, priceCurrency, availability }) => [
          sku,
          price,
          priceCurrency,
          availability,
        ]),
      ).toEqual(
        product.skus.map(({ sku, price }) => [
          sku,
          (price.amount / 100).toFixed(2),
          price.currency,
          items.find((item) => item.sku === sku)?.status === "in_stock"
            ? "https://schema.org/InStock"
            : "unexpected",
        ]),
      );
      expect(blocks.map((block) => block["@type"])).toContain("BreadcrumbList");
    }
  });
});

describe("where pictures come from", () => {
  test("is what the deployment says, but for addresses that Cloudflare Images does not serve", () => {
    expect(imageDelivery("cloudflare", "https://shop.example")).toBe("cloudflare");
    expect(imageDelivery("cloudflare", "https://holdfast.someone.workers.dev")).toBe("files");
    expect(imageDelivery("files", "https://shop.example")).toBe("files");
    expect(() => imageDelivery("cloud", "https://shop.example")).toThrow("IMAGE_DELIVERY");
  });
});
