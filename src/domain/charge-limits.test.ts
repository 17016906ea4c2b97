import { describe, expect, it } from "vitest";
import { chargeFault, priceFault } from "./charge-limits.ts";

describe("what can be charged", () => {
  it.each([
    [50, "USD"],
    [99_999_999, "USD"],
    [30, "GBP"],
    [50, "JPY"],
    [17_500, "HUF"],
  ])("is %i %s", (amount, currency) => {
    expect(chargeFault(amount, currency)).toBeNull();
  });

  it.each([
    [0, "USD", "must be at least $0.50"],
    [49, "USD", "must be at least $0.50"],
    [100_000_000, "USD", "must be at most $999,999.99"],
    [29, "GBP", "must be at least £0.30"],
    [49, "JPY", "must be at least ¥50"],
    [1_499, "CZK", "must be at least CZK 15.00"],
    [1_000, "XTS", "is in a currency that cannot be charged"],
    [1_000, "constructor", "is in a currency that cannot be charged"],
  ])("is not %i %s: it %s", (amount, currency, message) => {
    expect(chargeFault(amount, currency)?.message.replaceAll("\u00a0", " ")).toBe(message);
  });
});

describe("a price", () => {
  it("of exactly 0 is a gift, and between that and the minimum there is none", () => {
    expect(priceFault(0, "USD")).toBeNull();
    expect(priceFault(1, "USD")?.kind).toBe("below_minimum");
    expect(priceFault(-1, "USD")?.kind).toBe("below_minimum");
    expect(priceFault(50, "USD")).toBeNull();
    expect(priceFault(100_000_000, "USD")?.kind).toBe("above_maximum");
    expect(priceFault(0, "XTS")?.kind).toBe("currency");
  });
});
