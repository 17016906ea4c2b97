import { describe, expect, it } from "vitest";
import { erasePerson, PARCEL_PATIENCE_MS } from "./erasure.ts";
import { newOrder, type OrderState } from "./state.ts";

const NOW = 1_000_000;
const DURATIONS = { holdMs: 1_800_000, windowMs: 600_000, graceMs: 120_000 };

function order(change: Partial<OrderState> = {}): OrderState {
  const opened = newOrder(
    {
      orderId: "o",
      fingerprint: "f",
      buyer: "b",
      accountId: "ada",
      lines: [{ sku: "A", name: "A", quantity: 1, unitAmountMinor: 100 }],
      totals: { subtotal: 100, shipping: 0, tax: 0, total: 100, currency: "USD" },
      shippingMethod: "standard",
    },
    DURATIONS,
    NOW,
    NOW,
    0,
  );
  return { ...opened, ...change };
}

describe("erasing the person of an order", () => {
  it.each(["expired", "cancelled", "refunded", "delivered"] as const)(
    "is done at once where it is %s",
    (status) => {
      const { state, erased } = erasePerson(order({ status }), NOW);
      expect(erased).toBe(true);
      expect(state).toMatchObject({ status, accountId: null, contactErased: true, notice: null });
    },
  );

  it("ends a reservation: nobody is left to pay for it", () => {
    const { state, erased } = erasePerson(order(), NOW);
    expect(erased).toBe(true);
    expect(state).toMatchObject({ status: "cancelled", units: "settling", accountId: null });
  });

  it.each(["paid", "shipped"] as const)(
    "waits for the parcel of an order that is %s, but not for ever",
    (status) => {
      const paid = order({ status });
      expect(erasePerson(paid, NOW + PARCEL_PATIENCE_MS - 1)).toEqual({ state: paid, erased: false });
      expect(erasePerson(paid, NOW + PARCEL_PATIENCE_MS).erased).toBe(true);
    },
  );

  it("waits for a payment that is being taken", () => {
    expect(erasePerson(order({ status: "authorised" }), NOW + 2 * PARCEL_PATIENCE_MS).erased).toBe(false);
  });
});
