/** What a shopper is told about a SKU's stock. */
import { describe, expect, it } from "vitest";
import { availabilityStatus, LOW_STOCK_UNITS } from "./availability.ts";

const NOW = 1_800_000_000_000;

describe("availability", () => {
  it.each([
    [0, "sold_out"],
    [1, "low_stock"],
    [LOW_STOCK_UNITS, "low_stock"],
    [LOW_STOCK_UNITS + 1, "in_stock"],
  ])("of %d units is %s", (available, status) => {
    expect(availabilityStatus(available, null, NOW)).toBe(status);
  });

  it("is coming soon until the very moment the sale opens, whatever the stock", () => {
    expect(availabilityStatus(0, NOW + 1, NOW)).toBe("coming_soon");
    expect(availabilityStatus(10, NOW, NOW)).toBe("in_stock");
  });
});
