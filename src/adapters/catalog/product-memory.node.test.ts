import { describe, expect, it } from "vitest";
import type { CatalogProduct } from "./content.ts";
import { ProductMemory } from "./product-memory.ts";

const product = (slug: string): CatalogProduct => ({
  revision: 1,
  product: { slug, name: slug, description: "", category: "phones", images: [], options: [], skus: [] },
  terms: {},
});

describe("the products an isolate remembers", () => {
  it("are the two thousand asked for last", () => {
    const memory = new ProductMemory();
    for (let n = 0; n < 2_000; n += 1) memory.put(product(`p${n}`), 100);
    expect(memory.get("p0")).toBeDefined();
    memory.put(product("new"), 100);
    expect(memory.get("p0")).toBeDefined();
    expect(memory.get("p1")).toBeUndefined();
  });

  it("are fewer where they are large, and one that is put again counts once", () => {
    const memory = new ProductMemory();
    for (let time = 0; time < 10; time += 1) memory.put(product("same"), 1_000_000);
    for (const slug of ["a", "b", "c"]) memory.put(product(slug), 1_000_000);
    expect(["same", "a", "b", "c"].filter((slug) => memory.get(slug) !== undefined)).toHaveLength(4);
    memory.put(product("d"), 1_000_000);
    expect(memory.get("same")).toBeUndefined();
    expect(["a", "b", "c", "d"].filter((slug) => memory.get(slug) !== undefined)).toHaveLength(4);
  });
});
