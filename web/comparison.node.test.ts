import { describe, expect, it } from "vitest";
import type { Product } from "../src/contracts/catalog.ts";
import { compareHref, compareWithKind } from "./compare-address.ts";
import { comparedRows } from "./comparison.ts";

function product(slug: string, details: Product["details"]): Product {
  return {
    slug,
    name: slug,
    description: "",
    category: "phones",
    status: "in_stock",
    images: [],
    options: [
      { name: "color", label: "Finish", values: [{ value: "a", label: "A", swatch: "#000000" }] },
      {
        name: "storage",
        label: "Storage",
        values: [
          { value: "1", label: "128 GB" },
          { value: "2", label: "256 GB" },
        ],
      },
    ],
    skus: [],
    details,
  };
}

describe("a comparison", () => {
  it("has a row for every fact that any product states, and nothing where one does not", () => {
    const rows = comparedRows([
      product("one", [{ label: "Weight", value: "208 g" }]),
      product("other", [
        { label: "Water", value: "IP68" },
        { label: "Weight", value: "168 g" },
      ]),
    ]);
    expect(rows).toEqual([
      { label: "Storage", values: ["128\u00a0GB, 256\u00a0GB", "128\u00a0GB, 256\u00a0GB"] },
      { label: "Weight", values: ["208\u00a0g", "168\u00a0g"] },
      { label: "Water", values: [null, "IP68"] },
    ]);
  });

  it("has an address that names at most three products", () => {
    expect(compareHref(["a", "b", "c", "d"])).toBe("/compare?p=a&p=b&p=c");
    expect(compareHref([])).toBe("/compare");
  });

  it("begins with a product and others of its kind, where there are any", () => {
    const one = product("one", []);
    expect(compareWithKind(one, [one, product("two", [])])).toBe("/compare?p=one&p=two");
    expect(compareWithKind(one, [one])).toBeNull();
  });
});
