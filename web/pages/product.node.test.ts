/** What a product's page says and offers in each state of its stock. */
import { describe, expect, it } from "vitest";
import type { AvailabilityItem, Product } from "../../src/contracts/catalog.ts";
import { renderPage } from "../render.ts";
import { SAMPLE_RATES } from "../preview/sample-rates.ts";
import { ProductPage, type ProductPageProps } from "./product.tsx";

/** A Sunday. */
const NOW = Date.UTC(2026, 10, 22, 12);
const SMALL = "PHONE-128-BLACK";
const LARGE = "PHONE-256-BLACK";

const phone: Product = {
  slug: "phone",
  name: "Phone",
  description: "A phone.",
  category: "phones",
  status: "in_stock",
  images: [],
  options: [
    {
      name: "storage",
      label: "Storage",
      values: [
        { value: "128", label: "128 GB" },
        { value: "256", label: "256 GB" },
      ],
    },
  ],
  skus: [
    { sku: SMALL, name: "Phone, 128 GB", options: { storage: "128" }, price: usd(79_900), purchaseLimit: 2 },
    { sku: LARGE, name: "Phone, 256 GB", options: { storage: "256" }, price: usd(89_900), purchaseLimit: 2 },
  ],
  details: [{ label: "In the box", value: "Phone <and> cable" }],
};

function usd(amount: number) {
  return { amount, currency: "USD" };
}

function page(props: Partial<ProductPageProps> = {}): string {
  const [selected] = phone.skus;
  if (selected === undefined) throw new Error("the test's product has SKUs");
  const site = { origin: "https://store.example" };
  return renderPage(
    ProductPage({
      site,
      product: phone,
      selected,
      availability: [],
      rates: SAMPLE_RATES,
      now: NOW,
      ...props,
    }),
  );
}

function stock(
  small: Omit<AvailabilityItem, "sku">,
  large: Omit<AvailabilityItem, "sku">,
): AvailabilityItem[] {
  return [
    { sku: SMALL, ...small },
    { sku: LARGE, ...large },
  ];
}

const plenty = { status: "in_stock", available: 40 } as const;
const gone = { status: "sold_out", available: 0 } as const;

/** The link of a choice, with what it says. */
function choice(html: string, id: string): string {
  return new RegExp(`<a [^>]*id="choice-storage-${id}".*?</a>`, "s").exec(html)?.[0] ?? "";
}

describe("the choice of options", () => {
  it("says what each costs and how little is left of it", () => {
    const html = page({ availability: stock(plenty, { status: "low_stock", available: 3 }) });
    expect(choice(html, "128")).toMatch(/128 GB.*\$799.*data-stock-note[^>]*><\/span>/s);
    expect(choice(html, "256")).toMatch(/256 GB.*\$899.*Only 3 left/s);
  });

  it("lets what is sold out be chosen all the same", () => {
    const html = page({ availability: stock(plenty, gone) });
    expect(choice(html, "256")).toMatch(/href="\/products\/phone\?sku=PHONE-256-BLACK".*Sold out/s);
  });
});

describe("the request to be told", () => {
  const form = (html: string) => /<form[^>]*data-stock-notice[^>]*>/.exec(html)?.[0] ?? "";

  it("waits behind what is in stock and comes forward when that is sold out", () => {
    expect(form(page({ availability: stock(plenty, plenty) }))).toMatch(
      /data-stock-notice="restock".*hidden/,
    );
    const soldOut = page({ availability: stock(gone, plenty) });
    expect(form(soldOut)).toContain('action="/products/phone/notices"');
    expect(form(soldOut)).not.toContain("hidden");
    expect(soldOut).toContain(`<input type="hidden" name="sku" value="${SMALL}"`);
  });

  it("is about the opening while a drop is ahead", () => {
    const dropAt = new Date(NOW + 3_600_000).toISOString();
    const html = page({ product: { ...phone, status: "coming_soon", dropAt } });
    expect(form(html)).toContain('data-stock-notice="drop"');
    expect(html).toContain("Tell me before it opens");
  });

  it("keeps what was typed and says what is wrong with it", () => {
    const refused = { kind: "refused", email: 'ada"@', error: "Enter an e-mail address." } as const;
    const html = page({ availability: stock(gone, gone), stockNotice: refused });
    expect(html).toMatch(/value="ada&quot;@"[^>]*aria-invalid="true"[^>]*aria-describedby="notice-error/);
    expect(html).toContain('id="notice-error"');
  });

  it("is answered in the place of the form", () => {
    const html = page({ availability: stock(gone, gone), stockNotice: { kind: "asked" } });
    expect(form(html)).toBe("");
    expect(html).toContain("We will tell you.");
  });
});

describe("what else the page tells", () => {
  it("is when an order will arrive, for each way of shipping; for a drop, counted from its opening", () => {
    expect(page()).toMatch(
      /Standard, free.*Thu,\sNov\s26\s–\sMon,\sNov\s30.*Express, \$19.*Tue,\sNov\s24\s–\sWed,\sNov\s25/s,
    );
    const dropAt = new Date(Date.UTC(2026, 10, 24, 17)).toISOString();
    expect(page({ product: { ...phone, dropAt } })).toMatch(/Express.*Wed,\sNov\s25\s–\sThu,\sNov\s26/s);
  });

  it("is its details, escaped, and the way to others of its kind and to their comparison", () => {
    const html = page({ related: [{ ...phone, slug: "other", name: "Other" }] });
    expect(html).toContain("Phone &lt;and&gt; cable");
    expect(html).toContain('href="/products/other"');
    expect(html).toContain('href="/compare?p=phone&amp;p=other"');
  });

  it("stays the same for a minute while a drop is ahead, so that copies of it can be confirmed", () => {
    const product: Product = {
      ...phone,
      status: "coming_soon",
      dropAt: new Date(NOW + 7_200_000).toISOString(),
    };
    expect(page({ product, now: NOW + 1_000 })).toBe(page({ product, now: NOW + 59_000 }));
  });
});
