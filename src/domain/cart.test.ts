/** A shopper's cart. */
import { describe, expect, it } from "vitest";
import { EMPTY_CART, emptyCart, removeLine, setLine, type CartState } from "./cart.ts";
import { MAX_LINES } from "./line-limits.ts";

function filled(...lines: readonly (readonly [sku: string, quantity: number])[]): CartState {
  let cart = EMPTY_CART;
  for (const [sku, quantity] of lines) {
    const outcome = setLine(cart, sku, quantity);
    if (!outcome.ok) throw new Error(outcome.reason);
    cart = outcome.cart;
  }
  return cart;
}

describe("a cart", () => {
  it("takes new lines at its end, and changes one where it stands", () => {
    expect(filled(["a", 1], ["b", 2], ["a", 3])).toEqual({
      revision: 3,
      lines: [
        { sku: "a", quantity: 3 },
        { sku: "b", quantity: 2 },
      ],
    });
  });

  it("raises its revision with every change and with nothing else", () => {
    const cart = filled(["a", 1]);
    expect(setLine(cart, "a", 1)).toEqual({ ok: true, cart });
    expect(removeLine(cart, "b")).toBe(cart);
    expect(removeLine(cart, "a")).toEqual({ revision: 2, lines: [] });
  });

  it("is full at its limit: no new line, but the present ones can be changed", () => {
    const full = filled(...Array.from({ length: MAX_LINES }, (_, index) => [`sku-${index}`, 1] as const));
    expect(setLine(full, "one-more", 1)).toEqual({ ok: false, reason: "cart_full" });
    expect(setLine(full, "sku-0", 2).ok).toBe(true);
  });

  it("is emptied for the order it became, and not when it has changed since", () => {
    const cart = filled(["a", 1]);
    expect(emptyCart(cart, 1)).toEqual({ revision: 2, lines: [] });
    expect(emptyCart(cart, 0)).toBe(cart);
  });
});
