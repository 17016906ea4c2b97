import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  paidForLine,
  priceOrder,
  taxesOfLine,
  taxesOfShipping,
  totalsOf,
  type OrderTerms,
} from "./pricing.ts";
import type { AppliedRate } from "./tax.ts";

const shipping = { name: "Express", amountMinor: 1_900, freeFromMinor: null, leastDays: 1, mostDays: 2 };
const rate = (basisPoints: number, given: Partial<AppliedRate> = {}): AppliedRate => ({
  name: `Tax ${String(basisPoints)}`,
  basisPoints,
  included: false,
  onShipping: true,
  ...given,
});
const terms = (...taxRates: AppliedRate[]): OrderTerms => ({ shipping, taxRates });
const lines = [
  { quantity: 2, unitAmountMinor: 119_900 },
  { quantity: 1, unitAmountMinor: 1_999 },
];

describe("the total of an order", () => {
  it("is the sum of lines and shipping where no tax applies", () => {
    expect(totalsOf(lines, terms(), "USD")).toEqual({
      subtotal: 241_799,
      shipping: 1_900,
      tax: 0,
      total: 243_699,
      currency: "USD",
      taxes: [],
    });
  });

  it("leaves out shipping from the free-from subtotal on", () => {
    const free = (freeFromMinor: number) =>
      totalsOf(lines, { shipping: { ...shipping, freeFromMinor }, taxRates: [] }, "USD").shipping;
    expect(free(241_799)).toBe(0);
    expect(free(241_800)).toBe(1_900);
  });

  it("gains added taxes, on shipping only where the rate says so", () => {
    const both = totalsOf(lines, terms(rate(1_000), rate(500, { onShipping: false })), "USD");
    expect(both.taxes.map(({ amount }) => amount)).toEqual([23_980 + 200 + 190, 11_990 + 100]);
    expect(both.tax).toBe(24_370 + 12_090);
    expect(both.total).toBe(243_699 + both.tax);
  });

  it("stays the same with an included tax, which is told", () => {
    const { total, tax, taxes } = totalsOf(
      [{ quantity: 1, unitAmountMinor: 11_900 }],
      terms(rate(1_900, { included: true })),
      "EUR",
    );
    expect({ total, tax }).toEqual({ total: 13_800, tax: 0 });
    // 19/119 of 119.00 and of 19.00.
    expect(taxes).toEqual([{ name: "Tax 1900", basisPoints: 1_900, included: true, amount: 1_900 + 303 }]);
  });

  it("rounds each line half up, rather than the sum", () => {
    const cents = { quantity: 1, unitAmountMinor: 5 };
    const { tax } = totalsOf(
      [cents, cents],
      { shipping: { ...shipping, amountMinor: 0 }, taxRates: [rate(1_000)] },
      "USD",
    );
    expect(tax).toBe(2);
  });

  it("refuses sums that are not safe integers", () => {
    const price = (unitAmountMinor: number) => totalsOf([{ quantity: 1, unitAmountMinor }], terms(), "USD");
    expect(() => price(Number.MAX_SAFE_INTEGER + 1)).toThrow(RangeError);
    expect(() => price(-2_000)).toThrow(RangeError);
    expect(() => price(0.5)).toThrow(RangeError);
  });
});

const anyRates = fc.array(
  fc.record({
    name: fc.constantFrom("VAT", "GST", "PST"),
    basisPoints: fc.integer({ min: 0, max: 10_000 }),
    included: fc.boolean(),
    onShipping: fc.boolean(),
  }),
  { maxLength: 4 },
);
const anyLines = fc.array(
  fc.record({
    quantity: fc.integer({ min: 1, max: 10 }),
    unitAmountMinor: fc.integer({ min: 0, max: 9_999_999 }),
  }),
  { minLength: 1, maxLength: 10 },
);
const anyShipping = fc.record({
  amountMinor: fc.integer({ min: 0, max: 99_999 }),
  freeFromMinor: fc.option(fc.integer({ min: 0, max: 999_999 })),
});

describe("whatever the rates are", () => {
  it("the parts of an order add up to its total, line by line and tax by tax", () => {
    fc.assert(
      fc.property(anyLines, anyRates, anyShipping, (given, taxRates, price) => {
        const order = priceOrder(given, { shipping: { ...shipping, ...price }, taxRates }, "USD");
        const { totals } = order;
        expect(totals.total).toBe(totals.subtotal + totals.shipping + totals.tax);
        const shippingTaxes = taxesOfShipping(totals, order.lines);
        const added = shippingTaxes.filter(({ included }) => !included);
        const paidForShipping = totals.shipping + added.reduce((sum, { amount }) => sum + amount, 0);
        const paidForLines = order.lines.reduce((sum, line) => sum + paidForLine(totals, line), 0);
        expect(paidForLines + paidForShipping).toBe(totals.total);
        for (const [index, { amount }] of totals.taxes.entries()) {
          const ofLines = order.lines.reduce(
            (sum, line) => sum + (taxesOfLine(totals, line)[index]?.amount ?? 0),
            0,
          );
          expect(ofLines + (shippingTaxes[index]?.amount ?? 0)).toBe(amount);
        }
      }),
    );
  });

  it("no line's tax is further than half a minor unit from the exact one, included taxes taken together", () => {
    fc.assert(
      fc.property(anyLines, anyRates, (given, taxRates) => {
        const order = priceOrder(given, terms(...taxRates), "USD");
        const points = taxRates.reduce(
          (sum, { included, basisPoints }) => sum + (included ? basisPoints : 0),
          0,
        );
        for (const line of order.lines) {
          const amount = line.quantity * line.unitAmountMinor;
          const taxes = taxesOfLine(order.totals, line);
          const contained = taxes.reduce((sum, tax) => sum + (tax.included ? tax.amount : 0), 0);
          expect(Math.abs(contained - (amount * points) / (10_000 + points))).toBeLessThanOrEqual(0.5 + 1e-6);
          for (const tax of taxes) {
            expect(Number.isSafeInteger(tax.amount) && tax.amount >= 0).toBe(true);
            const exact = ((amount - contained) * tax.basisPoints) / 10_000;
            if (!tax.included) expect(Math.abs(tax.amount - exact)).toBeLessThanOrEqual(0.5 + 1e-6);
          }
        }
      }),
    );
  });

  it("more of something, or a higher rate, never costs less", () => {
    fc.assert(
      fc.property(anyLines, anyRates, fc.integer({ min: 0, max: 9_999 }), (given, taxRates, more) => {
        const total = (priced: typeof given, rates: typeof taxRates) =>
          totalsOf(priced, terms(...rates), "USD").total;
        const dearer = given.map((line) => ({ ...line, unitAmountMinor: line.unitAmountMinor + more }));
        expect(total(dearer, taxRates)).toBeGreaterThanOrEqual(total(given, taxRates));
        const added = taxRates.filter(({ included }) => !included);
        const higher = added.map((each) => ({ ...each, basisPoints: each.basisPoints + more }));
        expect(total(given, higher)).toBeGreaterThanOrEqual(total(given, added));
      }),
    );
  });
});
