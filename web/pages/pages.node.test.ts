/** Every page renders with every kind of data, says what it must, and leaves nothing to script or style inline. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Product } from "../../src/contracts/catalog.ts";
import { samplePages } from "../preview/sample-pages.tsx";
import { renderPage } from "../render.ts";
import { SAMPLE_RATES } from "../preview/sample-rates.ts";
import { ProductPage, type ProductPageProps } from "./product.tsx";

const NOW = Date.UTC(2026, 10, 22, 12);
const HOSTILE = `<script>alert(1)</script>"'&`;

function productNamed(name: string, dropAt?: string): Product {
  const colors = ["graphite", "glacier"];
  const storages = ["128", "256"];
  return {
    slug: "phone",
    name,
    description: `${name}. And more.`,
    category: "phones",
    status: dropAt === undefined ? "in_stock" : "coming_soon",
    ...(dropAt === undefined ? {} : { dropAt }),
    images: colors.map((color) => ({
      src: `/images/${color}.svg`,
      alt: name,
      width: 960,
      height: 960,
      options: { color },
    })),
    options: [
      {
        name: "color",
        label: "Finish",
        values: colors.map((value) => ({ value, label: value, swatch: "#123456" })),
      },
      {
        name: "storage",
        label: "Storage",
        values: storages.map((value) => ({ value, label: `${value} GB` })),
      },
    ],
    skus: colors.flatMap((color) =>
      storages.map((storage) => ({
        sku: `PHONE-${storage}-${color.toUpperCase()}`,
        name: `${name}, ${storage} GB`,
        options: { color, storage },
        price: { amount: 119900, currency: "USD" },
        purchaseLimit: 2,
      })),
    ),
  };
}

function productPage(props: Partial<ProductPageProps> & { product: Product }): string {
  const [selected] = props.product.skus;
  if (selected === undefined) throw new Error("the test's product has SKUs");
  return renderPage(
    ProductPage({
      site: { origin: "https://store.example" },
      selected,
      availability: [],
      rates: SAMPLE_RATES,
      now: NOW,
      ...props,
    }),
  );
}

describe("pages", () => {
  let pages: ReturnType<typeof samplePages>;
  beforeAll(() => {
    pages = samplePages(
      [productNamed(HOSTILE), productNamed("Second", new Date(NOW + 3_600_000).toISOString())],
      NOW,
    );
  });

  it("render as whole documents with one main heading each", () => {
    expect(pages.length).toBeGreaterThan(20);
    for (const { name, html } of pages) {
      expect(html, name).toMatch(/^<!doctype html><html lang="en">/);
      expect(html.match(/<h1[\s>]/g), name).toHaveLength(1);
      expect(html, name).not.toMatch(/undefined|\[object |NaN|Invalid Date/);
    }
  });

  it("contain no inline script, style or event handler, so that a strict content policy holds", () => {
    for (const { name, html } of pages) {
      expect(html.match(/<script(?![^>]*\b(?:src=|type="application\/ld\+json"))[^>]*>/g), name).toBeNull();
      expect(html, name).not.toMatch(/<style[\s>]|\sstyle=|\son[a-z]+="/);
    }
  });

  it("escape what comes from the catalog", () => {
    for (const { name, html } of pages) expect(html, name).not.toContain("<script>alert");
    expect(pages.find(({ name }) => name === "product")?.html).toContain("&lt;script&gt;alert(1)");
  });

  it("load scripts and styles by hashed names only", () => {
    for (const { name, html } of pages) {
      expect(html, name).toMatch(/<script type="module" src="\/assets\/\w+-[A-Z0-9]{8}\.js">/);
      expect(html, name).toMatch(/<link rel="stylesheet" href="\/assets\/store-[A-Z0-9]{8}\.css"/);
    }
  });
});

describe("the product page", () => {
  it("gives every combination of options an address of its own", () => {
    const html = productPage({ product: productNamed("Phone") });
    expect(html).toContain('href="/products/phone?sku=PHONE-256-GRAPHITE"');
    expect(html).toContain('href="/products/phone?sku=PHONE-128-GLACIER"');
  });

  it("closes the button while a drop is ahead and counts down to it", () => {
    const dropAt = new Date(NOW + 3_600_000).toISOString();
    const html = productPage({ product: productNamed("Phone", dropAt) });
    expect(html).toContain(`data-countdown="${dropAt}"`);
    expect(html).toMatch(/data-buy-button[^>]*disabled/);
  });

  it("closes the button of what is sold out and offers what is there", () => {
    const product = productNamed("Phone");
    const item = { sku: "PHONE-128-GRAPHITE", available: 0 };
    expect(productPage({ product, availability: [{ ...item, status: "sold_out" }] })).toMatch(
      /data-buy-button[^>]*disabled/,
    );
    expect(
      productPage({ product, availability: [{ ...item, available: 9, status: "in_stock" }] }),
    ).not.toMatch(/data-buy-button[^>]*disabled/);
  });

  it("offers no more units than one customer may buy", () => {
    const html = productPage({ product: productNamed("Phone") });
    expect(html.match(/<option /g)).toHaveLength(2);
  });
});

describe("the checkout page", () => {
  it("keeps what was typed and marks the fields in error", () => {
    const [{ html } = { html: "" }] = samplePages([productNamed("A"), productNamed("B")], NOW).filter(
      ({ name }) => name === "checkout-errors",
    );
    expect(html).toContain('value="1 Main Street"');
    expect(html).toMatch(/id="field-city"[^>]*aria-invalid="true"[^>]*aria-describedby="field-city-error"/);
    expect(html).toMatch(/value="express"[^>]*checked/);
  });

  it("lists what is wrong in the order of the form", () => {
    const [{ html } = { html: "" }] = samplePages([productNamed("A"), productNamed("B")], NOW).filter(
      ({ name }) => name === "checkout-errors",
    );
    const links = [...html.matchAll(/href="#(field-\w+)"/g)].map(([, field]) => field);
    expect(links).toEqual(["field-email", "field-city"]);
  });
});
