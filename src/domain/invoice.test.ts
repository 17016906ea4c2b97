import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { creditNoteOf, invoiceOf, keptThrough, type InvoicedOrder } from "./invoice.ts";
import { priceOrder } from "./pricing.ts";

const seller = { name: "Holdfast", address: ["1 Harbor Street"], taxId: "DE123" };
const rates = [
  { name: "VAT", basisPoints: 1_900, included: true, onShipping: true },
  { name: "Levy", basisPoints: 150, included: false, onShipping: false },
];
function order(unitAmountMinor = 11_900): InvoicedOrder {
  const terms = {
    shipping: { name: "Express", amountMinor: 1_900, freeFromMinor: null, leastDays: 1, mostDays: 2 },
    taxRates: rates,
  };
  const { lines, totals } = priceOrder([{ name: "Phone", quantity: 2, unitAmountMinor }], terms, "EUR");
  return {
    orderId: "2abcdefghijklmnopqrstuvwxyz01234567",
    lines,
    totals,
    shippingName: "Express",
    email: "jan@example.com",
    address: { name: "Jan Łukasz", line1: "Hauptstr. 1", city: "Berlin", postalCode: "10115", country: "DE" },
    orderedAt: 0,
    paidAt: 1,
    paymentReference: "pi_1",
  };
}

describe("an invoice", () => {
  it("says who sold what to whom, with each line's taxes and the order's", () => {
    const invoice = invoiceOf(order(), seller);
    expect(invoice).toMatchObject({
      kind: "invoice",
      seller,
      buyer: { lines: ["Jan Łukasz", "Hauptstr. 1", "10115 Berlin", "Germany"], email: "jan@example.com" },
      lines: [{ name: "Phone", quantity: 2, amountMinor: 23_800, taxes: ["VAT 19%", "Levy 1.5%"] }],
    });
    expect(invoice.totals).toEqual(order().totals);
  });

  it("is kept for ten years from the end of its year", () => {
    expect(keptThrough(2026)).toBe(2036);
  });
});

describe("credit notes", () => {
  const credit = (of: InvoicedOrder, amountMinor: number, beforeMinor: number) =>
    creditNoteOf(of, seller, { invoiceNumber: "2026-000001", amountMinor, beforeMinor });

  it("of everything together take back exactly what the invoice said, tax by tax", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9_999_999 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }),
        (price, cuts) => {
          const of = order(price);
          const { total, taxes = [] } = of.totals;
          const steps = [...cuts.map((cut) => Math.floor(cut * total)), total].sort((a, b) => a - b);
          let before = 0;
          const sums = taxes.map(() => 0);
          for (const until of steps) {
            if (until === before) continue;
            const { totals } = credit(of, until - before, before);
            expect(totals.subtotal + totals.tax).toBe(totals.total);
            for (const [index, tax] of totals.taxes.entries()) {
              expect(tax.amount).toBeGreaterThanOrEqual(0);
              sums[index] = (sums[index] ?? 0) + tax.amount;
            }
            before = until;
          }
          expect(sums).toEqual(taxes.map(({ amount }) => amount));
        },
      ),
    );
  });

  it("never take back more than the order cost, nor nothing", () => {
    const { total } = order().totals;
    expect(() => credit(order(), total, 1)).toThrow(RangeError);
    expect(() => credit(order(), 0, 0)).toThrow(RangeError);
  });
});
