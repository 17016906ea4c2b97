import { describe, expect, it } from "vitest";
import { edgeCopyUrl } from "./edge-copy.ts";

const skus = (count: number) =>
  Array.from({ length: count }, (_, n) => `A-SKU-OF-FORTY-CHARACTERS-AT-MOST-${n}`);

describe("the address of a copy", () => {
  it("is the set of SKUs, and short for however many", () => {
    const ORIGIN = "https://store.example";
    const addresses = [1, 100, 101, 102, 1_200].map((count) => edgeCopyUrl(ORIGIN, skus(count)));
    expect(new Set(addresses).size).toBe(addresses.length);
    expect(edgeCopyUrl(ORIGIN, skus(1_200))).toBe(addresses.at(-1));
    expect(Math.max(...addresses.map(({ length }) => length))).toBeLessThan(8_000);
  });
});
