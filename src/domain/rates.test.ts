import { describe, expect, it } from "vitest";
import { estimateFor, isServed, quotesFor, termsOf, type Rates } from "./rates.ts";
import type { ShippingMethod } from "./shipping.ts";
import type { TaxRate } from "./tax.ts";

const method = (code: string, given: Partial<ShippingMethod> = {}): ShippingMethod => ({
  code,
  name: code,
  amountMinor: 0,
  freeFromMinor: null,
  currency: "USD",
  leastDays: 3,
  mostDays: 5,
  ...given,
});
const rate = (country: string, region: string, basisPoints: number, included = false): TaxRate => ({
  country,
  region,
  name: region === "" ? "GST" : "PST",
  basisPoints,
  included,
  onShipping: true,
});
const RATES: Rates = {
  revision: 1,
  zones: [
    {
      code: "america",
      name: "America",
      countries: ["US", "CA"],
      methods: [
        method("express", { amountMinor: 1_900 }),
        method("standard", { amountMinor: 500, freeFromMinor: 5_000 }),
      ],
    },
    { code: "gb", name: "Britain", countries: ["GB"], methods: [method("post", { currency: "GBP" })] },
  ],
  taxes: [rate("CA", "BC", 700), rate("CA", "", 500), rate("GB", "", 2_000, true)],
};
const LINES = [{ quantity: 1, unitAmountMinor: 1_000 }];

describe("the terms of an order", () => {
  it("are those of the zone, and the country's taxes before its region's", () => {
    const outcome = termsOf(RATES, { country: "CA", region: "British Columbia" }, "standard", "USD");
    expect(outcome).toMatchObject({
      ok: true,
      terms: {
        shipping: { name: "standard", amountMinor: 500 },
        taxRates: [{ name: "GST" }, { name: "PST" }],
      },
    });
  });

  it.each([
    ["a country in no zone", { country: "FR" }, "standard", "USD", "country_not_served"],
    ["a method of another zone", { country: "US", region: "IL" }, "post", "USD", "method_not_offered"],
    ["a method in another currency", { country: "GB" }, "post", "USD", "method_not_offered"],
    [
      "a region that taxes depend on and that nobody knows",
      { country: "CA", region: "Somewhere" },
      "standard",
      "USD",
      "region_unknown",
    ],
    ["no region where taxes depend on it", { country: "CA" }, "standard", "USD", "region_unknown"],
  ] as const)("are none for %s", (_, destination, code, currency, reason) => {
    expect(termsOf(RATES, destination, code, currency)).toEqual({ ok: false, reason });
  });

  it("ask for no known region where no tax depends on it", () => {
    expect(termsOf(RATES, { country: "US", region: "Somewhere" }, "express", "USD")).toMatchObject({
      ok: true,
    });
  });

  it.each(["BC", "bc", " British  columbia", "B.C."])("know the region as %j", (region) => {
    const { quotes, isTaxOpen } = quotesFor(RATES, { country: "CA", region }, LINES, "USD");
    expect(isTaxOpen).toBe(false);
    expect(quotes[0]?.totals.taxes).toHaveLength(2);
  });

  it("know Québec with and without its accent", () => {
    const inQuebec: Rates = { ...RATES, taxes: [rate("CA", "QC", 998)] };
    for (const region of ["Québec", "quebec", "QC"])
      expect(termsOf(inQuebec, { country: "CA", region }, "standard", "USD")).toMatchObject({
        ok: true,
        terms: { taxRates: [{ basisPoints: 998 }] },
      });
  });
});

describe("an estimate", () => {
  it("takes the cheapest method for these items", () => {
    const estimate = (unitAmountMinor: number) =>
      estimateFor(RATES, { country: "US" }, [{ quantity: 1, unitAmountMinor }], "USD");
    expect(estimate(1_000)).toMatchObject({ method: { code: "standard" }, totals: { total: 1_500 } });
    expect(estimate(5_000)).toMatchObject({ method: { code: "standard" }, totals: { total: 5_000 } });
  });

  it("says that taxes are open until the region is known", () => {
    expect(estimateFor(RATES, { country: "CA" }, LINES, "USD")?.isTaxOpen).toBe(true);
    expect(estimateFor(RATES, { country: "US" }, LINES, "USD")?.isTaxOpen).toBe(false);
  });

  it("is none where nothing is shipped", () => {
    expect(estimateFor(RATES, { country: "FR" }, LINES, "USD")).toBeNull();
    expect(isServed(RATES, "FR")).toBe(false);
  });
});
