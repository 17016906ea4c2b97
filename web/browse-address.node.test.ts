import { describe, expect, it } from "vitest";
import { MAX_FACET_CHOICES, MAX_QUERY_LENGTH } from "../src/contracts/search.ts";
import { EVERYTHING, browseHref, changed, filterCount, isPlain, readBrowseQuery } from "./browse-address.ts";

const read = (text: string) => readBrowseQuery(new URLSearchParams(text));

describe("the address of a list", () => {
  it("says everything that was chosen, and is understood again", () => {
    const query = {
      ...EVERYTHING,
      q: "pro max",
      category: "phones",
      color: ["ember", "moss"],
      storage: ["256"],
      minPrice: 10_000,
      maxPrice: 120_000,
      inStock: true,
      sort: "price_asc" as const,
      cursor: "abc",
    };
    const href = browseHref("/search", query);
    expect(read(href.slice("/search?".length))).toEqual(query);
  });

  it("is the same whichever order the choices were made in, so that the cache keeps one copy", () => {
    expect(browseHref("/products", read("storage=256&color=moss&color=ember&q="))).toBe(
      browseHref("/products", read("color=ember,moss&storage=256&sort=relevance")),
    );
    expect(browseHref("/products", EVERYTHING)).toBe("/products");
  });

  it("takes prices as people write them in the form", () => {
    expect(read("priceFrom=%24+1,000&priceTo=1299.5")).toMatchObject({
      minPrice: 100_000,
      maxPrice: 129_950,
    });
    expect(read("priceFrom=900&priceTo=100")).toMatchObject({ minPrice: 10_000, maxPrice: 90_000 });
    expect(read("priceFrom=&priceTo=cheap")).toMatchObject({ minPrice: null, maxPrice: null });
    expect(read("minPrice=-5&maxPrice=1e9")).toMatchObject({ minPrice: null, maxPrice: null });
  });

  it("cuts what is too long and leaves out what makes no sense", () => {
    expect(read(`q=${"ä".repeat(300)}`).q).toHaveLength(MAX_QUERY_LENGTH);
    expect(read(`q=${encodeURIComponent(`a${"😀".repeat(80)}`)}`).q).toBe(`a${"😀".repeat(49)}`);
    expect(read("q=%20 two%0A%00words ").q).toBe("two words");
    expect(read("sort=sideways").sort).toBe("relevance");
    expect(read(Array.from({ length: 50 }, (_, index) => `color=c${index}`).join("&")).color).toHaveLength(
      MAX_FACET_CHOICES,
    );
    expect(read(`category=${"x".repeat(300)}`).category).toBeNull();
  });

  it("starts from the first page again when something is changed", () => {
    expect(changed(read("cursor=abc&color=ember"), { inStock: true })).toMatchObject({
      cursor: null,
      color: ["ember"],
      inStock: true,
    });
  });

  it("is worth finding only where the whole list is shown as it is", () => {
    expect(isPlain(read("category=phones"))).toBe(true);
    for (const text of ["color=ember", "sort=name", "cursor=abc", "inStock=true", "maxPrice=100"])
      expect(isPlain(read(`category=phones&${text}`)), text).toBe(false);
    expect(filterCount(read("color=ember,moss&minPrice=1&maxPrice=2&inStock=1"))).toBe(4);
  });
});
