import { describe, expect, it } from "vitest";
import type { Product } from "../src/contracts/catalog.ts";
import { frontOf, shelvesOf, tilesOf } from "./shelves.ts";

function product(slug: string, category: string): Product {
  return {
    slug,
    name: slug,
    description: "",
    category,
    status: "in_stock",
    images: [],
    options: [],
    skus: [],
  };
}

const CATALOG = [
  product("phone-1", "phones"),
  product("phone-2", "phones"),
  product("tablet-1", "tablets"),
  product("tablet-2", "tablets"),
  product("watch-1", "watches"),
  product("case-1", "cases"),
  product("case-2", "cases"),
  product("cable-1", "cables"),
];
const slugs = (products: readonly Product[]) => products.map(({ slug }) => slug);

describe("the home page's shelves", () => {
  it("show the range: one of each kind before the second of any", () => {
    const [newest, main, accessories] = shelvesOf(CATALOG, null);
    expect(slugs(newest?.products ?? [])).toEqual(["tablet-1", "watch-1", "tablet-2"]);
    expect(slugs(main?.products ?? [])).toEqual(["phone-1", "phone-2"]);
    expect(slugs(accessories?.products ?? [])).toEqual(["case-1", "cable-1", "case-2"]);
  });

  it("do not repeat among what is new what the page shows first", () => {
    expect(slugs(shelvesOf(CATALOG, "watch-1")[0]?.products ?? [])).toEqual(["tablet-1", "tablet-2"]);
  });

  it("stay short in a large catalog, and are left out where there is nothing for them", () => {
    const many = Array.from({ length: 10_000 }, (_, index) => product(`phone-${index}`, "phones"));
    expect(shelvesOf(many, null).map(({ products }) => products.length)).toEqual([4]);
    expect(shelvesOf([], null)).toEqual([]);
  });
});

describe("the front of a large catalog", () => {
  const KINDS = [
    "phones",
    "tablets",
    "watches",
    "audio",
    "cases",
    "desks",
    "lamps",
    "chairs",
    "books",
    "cables",
    "more",
  ];
  const large = Array.from({ length: 1_000 }, (_, n) => product(`p${n}`, KINDS[(n * n) % KINDS.length]!));
  const front = frontOf(large);

  it("is a few of each of its first categories, in list order", () => {
    expect(front.length).toBeLessThanOrEqual(60);
    expect(front).toEqual(large.filter((each) => front.includes(each)));
  });

  it("makes the shelves and tiles that the whole would make, whatever is shown first", () => {
    expect(tilesOf(front)).toEqual(tilesOf(large));
    for (const drop of [null, ...slugs(front)])
      expect(shelvesOf(front, drop)).toEqual(shelvesOf(large, drop));
  });
});

describe("the ways into the store", () => {
  it("are its categories in the catalog's order, a bounded number of them", () => {
    expect(tilesOf(CATALOG).map(({ title, href }) => [title, href])).toContainEqual([
      "Cases",
      "/products?category=cases",
    ]);
    const many = Array.from({ length: 100 }, (_, index) => product(`p-${index}`, `kind-${index}`));
    expect(tilesOf(many)).toHaveLength(8);
  });
});
