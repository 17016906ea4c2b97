import { describe, expect, it } from "vitest";
import { inCategoryOrder } from "./category-order.ts";

describe("categories in a row", () => {
  it("stand in one order whatever their counts, and new ones follow as they came", () => {
    const answered = ["chargers", "hats", "phones", "audio", "bags", "tablets"].map((value) => ({ value }));
    expect(inCategoryOrder(answered).map(({ value }) => value)).toEqual([
      "phones",
      "tablets",
      "audio",
      "chargers",
      "hats",
      "bags",
    ]);
  });
});
