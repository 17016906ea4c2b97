/** A shopper's cart. */
import { describe, expect, it } from "vitest";
import fc from "fast-check";
import {
  EMPTY_CART,
  MAX_WAITING_LINES,
  mergeLines,
  removeLine,
  setLine,
  takeOutOrdered,
  type CartLine,
  type CartState,
} from "./cart.ts";
import { MAX_LINE_QUANTITY, MAX_LINES } from "./line-limits.ts";

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
    expect(takeOutOrdered(cart, 1)).toEqual({ revision: 2, lines: [] });
    expect(takeOutOrdered(cart, 0)).toBe(cart);
  });

  it("keeps what was not part of the order", () => {
    const cart = filled(["a", 3], ["b", 1], ["c", 1]);
    const ordered = [
      { sku: "a", quantity: 2 },
      { sku: "b", quantity: 4 },
    ];
    expect(takeOutOrdered(cart, 3, ordered)).toEqual({
      revision: 4,
      lines: [
        { sku: "a", quantity: 1 },
        { sku: "c", quantity: 1 },
      ],
    });
  });
});

/** Lines of distinct SKUs out of a few, so that carts have some in common. */
const lines = (max = MAX_LINES): fc.Arbitrary<CartLine[]> =>
  fc.uniqueArray(
    fc.record({
      sku: fc.integer({ min: 0, max: 19 }).map((number) => `sku-${number}`),
      quantity: fc.integer({ min: 1, max: MAX_LINE_QUANTITY }),
    }),
    { selector: ({ sku }) => sku, maxLength: max },
  );
const carts = lines().map((chosen) => filled(...chosen.map(({ sku, quantity }) => [sku, quantity] as const)));

/** Everything in a cart and waiting for it, by SKU. */
function contentOf({ lines: present, waiting = [] }: CartState): Map<string, number> {
  return new Map([...present, ...waiting].map(({ sku, quantity }) => [sku, quantity]));
}

/** What must hold of any cart. */
function expectSound(cart: CartState): void {
  const all = [...cart.lines, ...(cart.waiting ?? [])];
  expect(cart.lines.length).toBeLessThanOrEqual(MAX_LINES);
  expect(new Set(all.map(({ sku }) => sku)).size).toBe(all.length);
  expect(all.every(({ quantity }) => quantity >= 1 && quantity <= MAX_LINE_QUANTITY)).toBe(true);
  if (cart.waiting !== undefined) {
    expect(cart.lines).toHaveLength(MAX_LINES);
    expect(cart.waiting.length).toBeGreaterThan(0);
    expect(cart.waiting.length).toBeLessThanOrEqual(MAX_WAITING_LINES);
  }
}

describe("two carts", () => {
  it("merge without losing a line, and add up what they have in common to the most a line may have", () => {
    fc.assert(
      fc.property(carts, lines(), (cart, others) => {
        const merged = mergeLines(cart, others);
        expectSound(merged);
        const content = contentOf(merged);
        const given = new Map(others.map(({ sku, quantity }) => [sku, quantity]));
        for (const sku of new Set([...contentOf(cart).keys(), ...given.keys()])) {
          const sum = (contentOf(cart).get(sku) ?? 0) + (given.get(sku) ?? 0);
          expect(content.get(sku)).toBe(Math.min(sum, MAX_LINE_QUANTITY));
        }
        expect(content.size).toBe(new Set([...contentOf(cart).keys(), ...given.keys()]).size);
      }),
    );
  });

  it("keep every line of the first where it is", () => {
    fc.assert(
      fc.property(carts, lines(), (cart, others) => {
        const merged = mergeLines(cart, others);
        expect(merged.lines.slice(0, cart.lines.length).map(({ sku }) => sku)).toEqual(
          cart.lines.map(({ sku }) => sku),
        );
      }),
    );
  });

  it("hold the same whichever comes first, and in whichever order their lines come", () => {
    fc.assert(
      fc.property(carts, carts, (one, other) => {
        expect(contentOf(mergeLines(one, other.lines))).toEqual(contentOf(mergeLines(other, one.lines)));
        expect(contentOf(mergeLines(one, other.lines.toReversed()))).toEqual(
          contentOf(mergeLines(one, other.lines)),
        );
      }),
    );
  });

  it("raise the revision once, and not at all where nothing arrives", () => {
    const cart = filled(["a", 1]);
    expect(mergeLines(cart, [{ sku: "b", quantity: 1 }]).revision).toBe(2);
    expect(mergeLines(cart, [])).toBe(cart);
  });
});

describe("a line that waits", () => {
  it("comes in as soon as there is room, whatever made it", () => {
    fc.assert(
      fc.property(
        fc.array(lines(), { minLength: 2, maxLength: 4 }),
        fc.array(fc.nat(19), { maxLength: 20 }),
        (several, removed) => {
          let cart = several.reduce(mergeLines, EMPTY_CART);
          for (const number of removed) {
            const sku = `sku-${number}`;
            const before = contentOf(cart);
            const wasIn = cart.lines.some((line) => line.sku === sku);
            cart = removeLine(cart, sku);
            expectSound(cart);
            if (wasIn) before.delete(sku);
            expect(contentOf(cart)).toEqual(before);
          }
          const emptied = takeOutOrdered(cart, cart.revision);
          expectSound(emptied);
          expect(contentOf(emptied)).toEqual(contentOf({ revision: 0, lines: cart.waiting ?? [] }));
        },
      ),
    );
  });

  it("waits without success behind too many others", () => {
    let cart = filled(...Array.from({ length: MAX_LINES }, (_, index) => [`sku-${index}`, 1] as const));
    for (let number = 0; number <= MAX_WAITING_LINES; number++)
      cart = mergeLines(cart, [{ sku: `more-${number}`, quantity: 1 }]);
    expectSound(cart);
    expect(cart.waiting?.at(-1)?.sku).toBe(`more-${MAX_WAITING_LINES - 1}`);
  });
});
