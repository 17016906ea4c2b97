import { describe, expect, it } from "vitest";
import { likeliest } from "./memory-search.ts";

const LIST = Array.from({ length: 1_000 }, (_, n) => ({
  name: n === 700 ? "Murmur Buds" : `Product ${String(n)}`,
  category: n % 2 === 0 ? "audio" : "phones",
}));
const names = (q: string, category: string | null = null) =>
  likeliest(LIST, { q, category }, 100).map(({ name }) => name);

describe("the products that a search in memory looks at", () => {
  it("are all of a short list", () => {
    expect(likeliest(LIST, { q: "murmur", category: null }, 1_000)).toEqual(LIST);
  });

  it("are those of a long one whose names answer, with a slip as well", () => {
    expect(names("murmur")).toEqual(["Murmur Buds"]);
    expect(names("murmer buds")).toContain("Murmur Buds");
    expect(names("nothing like it")).not.toContain("Product 1");
  });

  it("are the first ones of the list, or of the category, where nothing is typed", () => {
    expect(names("")).toEqual(LIST.slice(0, 100).map(({ name }) => name));
    expect(names("", "phones")).toEqual(
      LIST.filter(({ category }) => category === "phones")
        .slice(0, 100)
        .map(({ name }) => name),
    );
  });

  it("are no more than asked for", () => {
    expect(names("product")).toHaveLength(100);
  });
});
