/** What the pages of a purchase say in each state. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Product } from "../../src/contracts/catalog.ts";
import { samplePurchasePages } from "../preview/sample-purchase.tsx";
import { renderPage } from "../render.ts";
import { HoldClock } from "../components/hold-clock.tsx";

/** A Sunday. */
const NOW = Date.UTC(2026, 10, 22, 12);

function product(slug: string): Product {
  const sku = slug.toUpperCase();
  return {
    slug,
    name: slug,
    description: "For tests.",
    category: "phones",
    status: "in_stock",
    images: [],
    options: [],
    skus: [{ sku, name: slug, options: {}, price: { amount: 10_000, currency: "USD" }, purchaseLimit: 2 }],
  };
}

describe("the pages of a purchase", () => {
  let pages: Record<string, string>;
  beforeAll(() => {
    const products = ["first", "second", "third", "fourth", "fifth"].map(product);
    pages = samplePurchasePages({ origin: "https://store.example" }, products, NOW);
  });
  const page = (name: string) => pages[name] ?? "";

  it("the cart offers what one buyer may have, and says where a line asks for more", () => {
    expect(page("cart").match(/<option /g)).toHaveLength(4);
    const long = page("cart-long");
    expect(long.match(/One customer can buy up to 2: choose fewer\./g)).toHaveLength(3);
    expect(long).toMatch(/id="quantity-THIRD"[^>]*aria-describedby="problem-THIRD"/);
    expect(long).toMatch(/<option value="3" selected/);
    expect(page("cart")).not.toContain("cart-line-problem");
  });

  it("a line of the cart that is gone can only be taken out; what one costs is said beside several", () => {
    const gone = page("cart-sold-out");
    expect(gone).not.toContain('id="quantity-FIRST"');
    expect(gone).toMatch(/<button id="remove-FIRST" class="button [^>]*data-look="quiet"/);
    expect(gone).toContain('id="quantity-SECOND"');
    const cart = page("cart");
    expect(cart).toMatch(/id="quantity-FIRST"/);
    expect(cart.match(/<\/span> each/g)).toHaveLength(1);
  });

  it("the cart says when the parcel arrives", () => {
    // Leaves on Monday 23rd; three to five working days.
    expect(page("cart")).toMatch(/Thu,\u00a0Nov\u00a026.–.Mon,\u00a0Nov\u00a030/);
  });

  it("a full cart names what waits for room in it", () => {
    expect(page("cart-waiting")).toContain("Your cart is full: 10 different items are the most it holds");
    expect(page("cart-waiting")).toMatch(/<li>Braid cable, 1 m, Navy, 2 units<\/li><li>Halo charger<\/li>/);
    expect(page("cart")).not.toContain("Your cart is full");
  });

  it("finding an order keeps what was typed and says what is wrong; once asked, there is no form any more", () => {
    const wrong = page("find-order-errors");
    expect(wrong).toMatch(/<a href="#field-number">Order number<\/a>/);
    expect(wrong).toMatch(/id="field-email"[^>]*value="ada@"[^>]*aria-invalid="true"/);
    expect(page("find-order")).not.toContain("aria-invalid");
    expect(page("find-order-asked")).not.toContain('<form class="form');
  });

  it("the checkout has a place for every field's error, filled only where there is one", () => {
    const hidden = page("checkout").match(/<p class="field-error" id="field-\w+-error" hidden/g);
    expect(hidden).toHaveLength(8);
    expect(page("checkout")).toMatch(/data-field-problems[^>]*hidden/);
    expect(page("checkout-errors").match(/class="field-error" id="field-\w+-error" hidden/g)).toHaveLength(6);
    expect(page("checkout-errors")).toMatch(/<p class="field-error" id="field-city-error">Enter the city\./);
  });

  it("an order that lapsed shows what is left and the way back; an open one does not", () => {
    expect(page("order-expired")).toContain("Your items went back on sale");
    expect(page("order-expired")).toMatch(/method="post" action="\/orders\/\w+\/again"/);
    expect(page("order-expired-part")).toContain("Not everything is left right now.");
    expect(page("order-expired-gone")).toContain("None are left right now.");
    expect(page("order-expired-gone")).toContain("/again");
    for (const name of ["order-reserved", "order-paid", "order-refunded"])
      expect(page(name), name).not.toContain("/again");
  });

  it("a limit that an own order stands in the way of leads to that order, or says when to try again", () => {
    expect(page("checkout-limit")).toMatch(/href="\/orders\/\w+\/pay"[^>]*>\s*Go to that order/);
    expect(page("checkout-limit-moment")).toContain("try again in about 60");
    expect(page("checkout-limit-moment")).not.toContain("Go to that order");
  });

  it("an order beyond what one customer can buy says so and that nothing was charged, and offers no second try", () => {
    expect(page("order-over-limit")).toContain("This is more than one customer can buy");
    expect(page("order-over-limit")).toContain("You have not been charged");
    expect(page("order-over-limit")).not.toContain("/again");
    expect(page("order-lost")).not.toContain("more than one customer");
    expect(page("order-lost")).toContain("/again");
  });

  it("an order says what happens next and when it arrives, and prints a receipt once it is paid", () => {
    expect(page("order-paid")).toContain("Next: we pack your parcel.");
    expect(page("order-paid")).toMatch(/Expected Tue,\u00a0Nov\u00a024/);
    expect(page("order-paid")).toContain("data-print");
    expect(page("order-reserved")).not.toContain("data-print");
    expect(page("order-paid")).toContain("1234-5678");
    expect(page("order-paid").match(/aria-current="step"/g)).toHaveLength(1);
  });

  it("an order whose payment is being confirmed asks for nothing, and is not offered to be cancelled", () => {
    expect(page("order-confirming")).toContain("Next: your bank&#39;s answer.");
    expect(page("order-confirming")).not.toContain("Next: your payment.");
    expect(page("order-confirming")).not.toContain("Cancel this order");
    expect(page("order-reserved")).toContain("Next: your payment.");
    expect(page("order-reserved")).toContain("Cancel this order");
  });

  it("names the order in the way of a cart that was ordered before", () => {
    expect(page("cart-removed")).toContain("An order of yours is waiting to be paid");
    expect(page("checkout-used-up")).toContain("Please change your cart first");
  });
});

describe("the hold's clock", () => {
  const clock = (remainingMs: number) =>
    renderPage(
      HoldClock({
        until: new Date(NOW + remainingMs).toISOString(),
        serverTime: new Date(NOW).toISOString(),
      }),
    );

  it("warns at five minutes and at one, in words too", () => {
    expect(clock(301_000)).toMatch(/data-tone="calm"/);
    expect(clock(300_000)).toMatch(/data-tone="warning".*Less than 5 minutes left/s);
    expect(clock(60_000)).toMatch(/data-tone="urgent".*Less than a minute left/s);
    expect(clock(0)).toMatch(/data-tone="ended"/);
  });
});
