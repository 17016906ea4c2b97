/** A shopper's way through the pages in a real browser: from the home page to "paid", and as far as it goes without JavaScript. */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { sharedStore } from "../harness/shared-store.ts";
import { EVENTUALLY_MS, newEmail } from "../harness/store.ts";
import { browserMissing, launchBrowser, visit } from "./browser.ts";
import { checkOut, during, fillCard, fillCheckout } from "./journey.ts";
import { waitFor } from "../../local/process/wait-for.ts";

const store = sharedStore();
const missing = browserMissing();

/** A product with two options and more stock than any test takes. */
const PRODUCT = { name: "Lumaro Aurora Mini", option: "Butter", price: "$599.00" };

describe.skipIf(missing !== null)(`a shopper in a browser${missing === null ? "" : ` (${missing})`}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });
  /** What the pages' policy stopped in these journeys is a fault of theirs; browsers tell the store at once. */
  const violations = () => store.logLines().filter((line) => line.includes("page.policy_violated"));
  let before: readonly string[] = [];
  beforeEach(() => {
    before = violations();
  });
  afterEach(() => {
    expect(violations().slice(before.length)).toEqual([]);
  });

  it("goes from the home page to a paid order, which shows itself, and gets the e-mail", async () => {
    const email = newEmail();
    await during(await visit(browser, store.url), async ({ page, photograph }) => {
      await page.goto("/");
      await photograph("1-home");
      await chooseProduct(page);
      await photograph("2-product");
      await page.getByRole("button", { name: "Add to cart" }).click();
      await page.getByText("Added to your cart.").waitFor();
      await page.getByRole("link", { name: "View cart" }).click();
      await page.getByRole("heading", { name: "Your cart" }).waitFor();
      await photograph("3-cart");
      await checkOut(page);
      await fillCheckout(page, email);
      await photograph("4-checkout");
      await page.getByRole("button", { name: "Reserve and pay" }).click();

      await page.getByRole("heading", { name: "Payment" }).waitFor();
      await fillCard(page, "4242424242424242");
      await photograph("5-payment");
      await page.getByRole("button", { name: `Pay ${PRODUCT.price}` }).click();

      // No reload: the page follows the order by itself.
      await page.getByRole("heading", { name: "Thank you. It is yours." }).waitFor();
      await photograph("6-order");
      expect(new URL(page.url()).pathname).toMatch(/^\/orders\/[^/]+$/);
      expect(await orderStatus(page)).toBe("paid");

      // The cart was emptied by the order, and the number beside it is gone without a reload.
      await page.locator("[data-cart-count]").waitFor({ state: "hidden" });
      await page.locator("header").getByRole("link", { name: "Cart" }).click();
      await page.getByText("There is nothing in it yet.").waitFor();
    });
    await waitFor(async () => (await store.mailTo(email)).length === 1, {
      what: "the confirmation e-mail",
      timeoutMs: EVENTUALLY_MS,
    });
  });

  it("is told of a declined card, and pays with another one after the bank's challenge", async () => {
    await during(await visit(browser, store.url), async ({ page, photograph }, complaints) => {
      await reserveThroughPages(page);
      await fillCard(page, "4000000000009995");
      await page.getByRole("button", { name: `Pay ${PRODUCT.price}` }).click();
      await page.getByText("Your card has insufficient funds.").waitFor();
      await photograph("declined");
      // The browser logs the provider's 402 by itself; that is no fault of the page.
      complaints.forget((complaint) => complaint.includes("402"));

      await fillCard(page, "4000000000003220");
      await page.getByRole("button", { name: `Pay ${PRODUCT.price}` }).click();
      const challenge = page.frameLocator('iframe[src*="/_challenge/"]');
      await challenge.getByRole("button", { name: "Complete" }).click();
      await page.getByRole("heading", { name: "Thank you. It is yours." }).waitFor();
      expect(await orderStatus(page)).toBe("paid");
    });
  });

  it("cancels a reservation, and its page says so", async () => {
    await during(await visit(browser, store.url), async ({ page }) => {
      await reserveThroughPages(page);
      await page.getByRole("link", { name: "Order status" }).click();
      await page.getByRole("heading", { name: "Reserved for you" }).waitFor();
      await page.getByText("Cancel this order").click();
      await page.getByRole("button", { name: "Cancel order" }).click();
      await page.getByRole("heading", { name: "Order cancelled" }).waitFor();
    });
  });

  it("comes as far as the payment step without JavaScript, and keeps what was typed on an error", async () => {
    const visited = await visit(browser, store.url, { javaScriptEnabled: false });
    await during(visited, async ({ page, photograph }, complaints) => {
      await page.goto("/");
      await chooseProduct(page);
      await page.getByRole("button", { name: "Add to cart" }).click();
      await page.goto("/cart");
      await page.getByText(PRODUCT.name).first().waitFor();
      await checkOut(page);

      // A browser takes this for a ZIP code; the store does not.
      await fillCheckout(page, newEmail());
      await page.getByLabel("ZIP code").fill("ABC");
      await page.getByRole("button", { name: "Reserve and pay" }).click();
      await page.getByText("Check the ZIP code.").first().waitFor();
      await photograph("no-script-error");
      complaints.forget((complaint) => complaint.includes("422"));
      expect(await page.getByLabel("Full name").inputValue()).toBe("Ada Lovelace");
      await page.getByLabel("ZIP code").fill("62701");
      await page.getByRole("button", { name: "Reserve and pay" }).click();

      await page.getByRole("heading", { name: "Payment" }).waitFor();
      // Not visible here: Playwright disables scripts only after the parser has decided not to show `noscript`.
      expect(await page.content()).toContain("Paying needs JavaScript");
      await photograph("no-script-payment");
      await page.getByRole("link", { name: "Order status" }).click();
      await page.getByRole("heading", { name: "Reserved for you" }).waitFor();
    });
  });

  it("is told at checkout when somebody else took the last unit", async () => {
    const sku = await store.stock.skuWith(1);
    const [product] = await store.rows<{ slug: string }>(
      "select product_slug as slug from skus where sku = $1",
      [sku],
    );
    await during(await visit(browser, store.url), async ({ page, photograph }, complaints) => {
      await page.goto(`/products/${product!.slug}?sku=${sku}`);
      await page.getByRole("button", { name: "Add to cart" }).click();
      await page.getByRole("link", { name: "View cart" }).click();
      await checkOut(page);
      await fillCheckout(page, newEmail());
      await store.placed({ lines: [{ sku, quantity: 1 }] });
      await page.getByRole("button", { name: "Reserve and pay" }).click();
      await page.getByText("Not everything is left").waitFor();
      await photograph("sold-out");
      expect(await page.getByLabel("Full name").inputValue()).toBe("Ada Lovelace");
      complaints.forget((complaint) => complaint.includes("409"));
    });
  });
});

async function chooseProduct(page: Page): Promise<void> {
  await page.getByRole("link", { name: PRODUCT.name }).first().click();
  await page.getByRole("heading", { name: PRODUCT.name }).waitFor();
  await page.getByRole("link", { name: PRODUCT.option }).click();
  await page.locator(".option-chosen", { hasText: PRODUCT.option }).waitFor();
}

async function reserveThroughPages(page: Page): Promise<void> {
  await page.goto("/");
  await chooseProduct(page);
  await page.getByRole("button", { name: "Add to cart" }).click();
  await page.getByRole("link", { name: "View cart" }).click();
  await checkOut(page);
  await fillCheckout(page, newEmail());
  await page.getByRole("button", { name: "Reserve and pay" }).click();
  await page.getByRole("heading", { name: "Payment" }).waitFor();
}

async function orderStatus(page: Page): Promise<string | null> {
  return await page.locator("[data-order-status]").getAttribute("data-order-status");
}
