import { describe, expect, it } from "vitest";
import { lineProblem, unitsText, type CartLineView } from "./cart-check.ts";

const LINE: CartLineView = {
  sku: "PHONE",
  name: "Phone",
  quantity: 2,
  unitPrice: { amount: 100, currency: "USD" },
  status: "in_stock",
  available: 40,
  purchaseLimit: null,
};

describe("a line of the cart", () => {
  it("is fine up to what one customer may buy and what is left", () => {
    expect(lineProblem(LINE)).toBeNull();
    expect(lineProblem({ ...LINE, purchaseLimit: 2, available: 2, status: "low_stock" })).toBeNull();
    expect(lineProblem({ ...LINE, available: null })).toBeNull();
  });

  it("says how many can be had where it asks for more", () => {
    expect(lineProblem({ ...LINE, purchaseLimit: 1 })).toBe("One customer can buy up to 1: choose fewer.");
    expect(lineProblem({ ...LINE, quantity: 4, available: 3 })).toBe(
      "There are not enough left: choose 3 or fewer.",
    );
    expect(lineProblem({ ...LINE, quantity: 4, available: 3, purchaseLimit: 2 })).toBe(
      "One customer can buy up to 2: choose fewer.",
    );
  });

  it("is in the way while it cannot be bought at all", () => {
    for (const status of ["sold_out", "coming_soon"] as const)
      expect(lineProblem({ ...LINE, status })).toBe("Remove it to order the rest.");
  });

  it("counts its units, not itself", () => {
    expect([unitsText([LINE, LINE]), unitsText([{ quantity: 1 }])]).toEqual(["4 items", "1 item"]);
  });
});
