/** What search results and lists say, where their links lead, and what of them is to be found by search engines. */
import { describe, expect, it } from "vitest";
import type { SearchAnswer, SearchItem, SearchQuery } from "../../src/contracts/search.ts";
import { EVERYTHING } from "../browse-address.ts";
import { renderPage } from "../render.ts";
import { ListingPage } from "./listing.tsx";
import { SearchPage } from "./search.tsx";

const site = { origin: "https://store.example" };
const price = (amount: number) => ({ amount, currency: "USD" });

function item(change: Partial<SearchItem> = {}): SearchItem {
  return {
    slug: "phone",
    name: "Phone Pro",
    highlight: [
      { text: "Phone ", match: false },
      { text: "Pro", match: true },
    ],
    category: "phones",
    status: "in_stock",
    price: price(119_900),
    priceVaries: true,
    swatches: ["#112233", "#445566"],
    ...change,
  };
}

function answer(change: Partial<SearchAnswer> = {}): SearchAnswer {
  return {
    items: [item()],
    facets: {
      category: [{ value: "phones", label: "Phones", count: 1 }],
      color: [
        { value: "ember", label: "Ember", count: 1, swatch: "#c4613f" },
        { value: "moss", label: "Moss", count: 0, swatch: "#5d6b52" },
      ],
      storage: [{ value: "256", label: "256 GB", count: 1 }],
      price: { min: price(59_950), max: price(119_900) },
      inStock: 1,
    },
    total: 1,
    tookMs: 1,
    nextCursor: null,
    ...change,
  };
}

const NOTHING = answer({
  items: [],
  total: 0,
  facets: { category: [], color: [], storage: [], price: null, inStock: 0 },
});

function search(
  change: Partial<SearchQuery>,
  found: SearchAnswer | null,
  popular: SearchAnswer | null = null,
) {
  return renderPage(SearchPage({ site, query: { ...EVERYTHING, ...change }, answer: found, popular }));
}

function listing(change: Partial<SearchQuery>, found = answer()) {
  return renderPage(ListingPage({ site, query: { ...EVERYTHING, ...change }, answer: found }));
}

describe("the search page", () => {
  it("shows what was found with what matched marked, from which price, and in how many colours", () => {
    const html = search({ q: "pro" }, answer());
    expect(html).toContain("Results for “pro”");
    expect(html).toContain("Phone <mark>Pro</mark>");
    expect(html).toMatch(/From <span class="money">\$1,199\.00/);
    expect(html).toContain("2 colours");
    expect(html).toMatch(/data-result-count[^>]*>1 product</);
  });

  it("keeps what was typed in the field of the header", () => {
    expect(search({ q: `a"b` }, answer())).toMatch(/id="site-search"[^>]*value="a&quot;b"/);
  });

  it("offers a better spelling as a link to its results, with the filters that are set", () => {
    const html = search({ q: "prro", inStock: true }, answer({ didYouMean: "pro" }));
    expect(html).toMatch(/Did you mean <a href="\/search\?q=pro&amp;inStock=true"[^>]*>pro<\/a>/);
  });

  it("helps on where nothing was found", () => {
    const html = search({ q: "zeppelin" }, NOTHING, answer());
    expect(html).toContain("Nothing found for “zeppelin”");
    expect(html).toMatch(/<a class="chip" href="\/products\?category=phones"/);
    expect(html).toContain("Popular now");
    expect(html).not.toContain("data-filters");
  });

  it("lets filters be taken back where they leave nothing", () => {
    const html = search({ q: "pro", color: ["ember"] }, NOTHING);
    expect(html).toContain("Nothing fits all of these filters");
    expect(html).toMatch(/href="\/search\?q=pro"[^>]*>Clear the filters/);
  });

  it("asks where nothing was asked yet", () => {
    const html = search({}, null, answer());
    expect(html).toContain("What are you looking for?");
    expect(html.match(/role="search"/g)).toHaveLength(2);
  });
});

describe("filters", () => {
  it("are a form that works by itself and keeps text, category and choices", () => {
    const html = search({ q: "pro", category: "phones", color: ["ember"], minPrice: 10_000 }, answer());
    expect(html).toMatch(/<form id="filters" action="\/search"/);
    expect(html).toContain('<input type="hidden" name="q" value="pro"/>');
    expect(html).toContain('<input type="hidden" name="category" value="phones"/>');
    expect(html).toMatch(/name="color" value="ember" checked/);
    expect(html).toMatch(/name="color" value="moss"\/>/);
    expect(html).toMatch(/name="priceFrom" value="100"/);
    expect(html).toMatch(/<select id="sort"[^>]*form="filters"/);
  });

  it("that are set are links to the list without them, from its first page", () => {
    const html = listing({ category: "phones", color: ["ember"], maxPrice: 50_000, cursor: "x" });
    expect(html).toMatch(
      /href="\/products\?category=phones&amp;maxPrice=50000"[^>]*><span[^>]*>Remove filter: <\/span>Ember/,
    );
    expect(html).toMatch(
      /href="\/products\?category=phones&amp;color=ember"[^>]*><span[^>]*>Remove filter: <\/span>Up to \$500/,
    );
    expect(html).toMatch(/href="\/products\?category=phones"[^>]*>Clear all/);
  });

  it("keep in the form what is chosen though nothing of it is left", () => {
    expect(listing({ color: ["gone"] })).toMatch(/name="color" value="gone" checked/);
  });

  it("fold many values away, and open the fold where one of them is chosen", () => {
    const values = Array.from({ length: 20 }, (_, index) => ({
      value: `c${index}`,
      label: `Colour ${index}`,
      count: 1,
    }));
    const many = answer({ facets: { ...answer().facets, color: values } });
    expect(listing({}, many)).toMatch(/<details id="more-color" class="facet-more">.*12 more/s);
    expect(listing({ color: ["c19"] }, many)).toMatch(/<details id="more-color" class="facet-more" open/);
  });

  it("show the range of prices rounded outwards, so that nothing falls outside", () => {
    const html = listing({});
    expect(html).toContain("$599.50 to $1,199");
    expect(html).toMatch(/name="priceFrom"[^>]*placeholder="599"/);
    expect(html).toMatch(/name="priceTo"[^>]*placeholder="1199"/);
  });
});

describe("a list", () => {
  it("leads on to its next page with everything that was chosen", () => {
    const html = listing({ color: ["ember"], sort: "name" }, answer({ nextCursor: "24", total: 30 }));
    expect(html).toMatch(/href="\/products\?color=ember&amp;sort=name&amp;cursor=24" rel="next"/);
  });

  it("names its categories with their numbers, and which is open", () => {
    const html = listing({ category: "phones" });
    expect(html).toContain("<h1>Phones</h1>");
    expect(html).toMatch(/href="\/products\?category=phones" aria-current="page"[^>]*>Phones/);
  });

  it("is found by search engines whole and by category, and otherwise not", () => {
    expect(listing({ category: "phones" })).toContain(
      '<link rel="canonical" href="https://store.example/products?category=phones"',
    );
    for (const change of [
      { color: ["ember"] },
      { sort: "name" as const },
      { cursor: "24" },
      { inStock: true },
    ])
      expect(listing(change), JSON.stringify(change)).toContain('<meta name="robots" content="noindex"');
  });

  it("has searches found as the search page itself, and empty ones not at all", () => {
    expect(search({ q: "pro" }, answer())).toContain(
      '<link rel="canonical" href="https://store.example/search"',
    );
    expect(search({ q: "zeppelin" }, NOTHING)).toContain('content="noindex"');
    expect(search({ q: "pro", inStock: true }, answer())).toContain('content="noindex"');
  });
});
