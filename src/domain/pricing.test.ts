/** What an order costs. */
import { describe, expect, it } from "vitest";
import { SHIPPING_AMOUNT_MINOR, totalsOf } from "./pricing.ts";

describe("totals", () => {
  it("are the lines and the shipping, in minor units", () => {
    const lines = [
      { quantity: 2, unitAmountMinor: 119_900 },
      { quantity: 1, unitAmountMinor: 1_999 },
    ];
    expect(totalsOf(lines, "standard", "USD")).toEqual({
      subtotal: 241_799,
      shipping: 0,
      tax: 0,
      total: 241_799,
      currency: "USD",
    });
    expect(totalsOf(lines, "express", "USD").total).toBe(241_799 + SHIPPING_AMOUNT_MINOR.express);
  });

  it("refuse sums that are no safe integers", () => {
    const price = (unitAmountMinor: number) =>
      totalsOf([{ quantity: 1, unitAmountMinor }], "standard", "USD");
    expect(() => price(Number.MAX_SAFE_INTEGER + 1)).toThrow(RangeError);
    expect(() => price(-1)).toThrow(RangeError);
    expect(() => price(0.5)).toThrow(RangeError);
  });
});
