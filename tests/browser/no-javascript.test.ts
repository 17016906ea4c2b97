/** The store without JavaScript: from the home page over search and list to a placed order, with all that a shopper meets on the way. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sharedStore } from "../harness/shared-store.ts";
import { newEmail } from "../harness/store.ts";
import { browserMissing, launchBrowser, visit } from "./browser.ts";
import { checkOut } from "./journey.ts";

const store = sharedStore();
const missing = browserMissing();

/** A product with two options and more stock than any test takes. */
const PRODUCT = { name: "Lumaro Aurora Mini", option: "Butter" };

describe.skipIf(missing !== null)(`without JavaScript${missing === null ? "" : ` (${missing})`}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });

  /** A profile whose scripts do nothing, and a page that loads none. */
  const inPlainPages = async (journey: (page: Page) => Promise<void>): Promise<void> => {
    const { page, complaints, photograph, end } = await visit(browser, store.url, {
      javaScriptEnabled: false,
    });
    const scripts: string[] = [];
    page.on("request", (request) => {
      if (request.resourceType() === "fetch" || request.resourceType() === "xhr") scripts.push(request.url());
    });
    try {
      await journey(page);
      expect(scripts).toEqual([]);
      expect(complaints).toEqual([]);
    } catch (error) {
      await photograph("no-javascript-failure");
      throw error;
    } finally {
      await end();
    }
  };

  it("a shopper searches, narrows, chooses, changes the cart and places an order that shows itself", async () => {
    await inPlainPages(async (page) => {
      await page.goto("/");
      await page.getByRole("searchbox").first().fill("aurora mini");
      await page.getByRole("searchbox").first().press("Enter");
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.locator("main").getByRole("link", { name: PRODUCT.name }).first().click();

      await page.getByRole("heading", { name: PRODUCT.name, level: 1 }).waitFor();
      await page.getByRole("link", { name: PRODUCT.option }).first().click();
      await page.locator(".option-chosen", { hasText: PRODUCT.option }).waitFor();
      await page.getByRole("button", { name: "Add to cart" }).click();

      await page.getByRole("heading", { name: "Your cart" }).waitFor();
      await setQuantity(page, "2");
      await checkOut(page);

      await fillCheckout(page, newEmail());
      await page.getByLabel("Express").check();
      await page.getByRole("button", { name: "Reserve and pay" }).click();
      await page.getByRole("heading", { name: "Payment" }).waitFor();
      await page.getByRole("link", { name: "Order status" }).click();
      await page.getByRole("heading", { name: "Reserved for you" }).waitFor();
      expect(await page.locator("[data-order-status]").getAttribute("data-order-status")).toBe("reserved");
      // A clock that stands would be wrong in a second: the moment is there instead.
      await page.getByText("Held for you until").waitFor();
      expect(await page.locator("[data-hold-clock]").isVisible()).toBe(false);
    });
  });

  it("no clock is seen that does not run", async () => {
    await inPlainPages(async (page) => {
      for (const path of ["/", "/products/aurora-fold"]) {
        await page.goto(path);
        await page.locator("[data-countdown]").first().waitFor({ state: "attached" });
        expect(await page.locator("[data-countdown]").first().isVisible()).toBe(false);
        await page.locator("main time").first().waitFor();
      }
    });
  });

  it("a shopper takes a line out of the cart again", async () => {
    await inPlainPages(async (page) => {
      await page.goto("/products/braid-cable");
      await page.getByRole("button", { name: "Add to cart" }).click();
      await page.getByRole("heading", { name: "Your cart" }).waitFor();
      await page.getByRole("button", { name: /^Remove/ }).click();
      await page.getByText("There is nothing in it yet.").waitFor();
    });
  });

  it("a shopper finds products by their category from the list", async () => {
    await inPlainPages(async (page) => {
      await page.goto("/products");
      await page
        .locator("main")
        .getByRole("link", { name: /^Phones/ })
        .first()
        .click();
      await page.locator("main").getByRole("link", { name: PRODUCT.name }).first().waitFor();
      expect(await page.locator("main").getByRole("link", { name: "Braid Cable" }).count()).toBe(0);
    });
  });
});

async function setQuantity(page: Page, quantity: string): Promise<void> {
  await page
    .getByLabel(/^Quantity/)
    .first()
    .selectOption(quantity);
  await page
    .getByRole("button", { name: /^Update/ })
    .first()
    .click();
  await page.getByRole("heading", { name: "Your cart" }).waitFor();
  expect(
    await page
      .getByLabel(/^Quantity/)
      .first()
      .inputValue(),
  ).toBe(quantity);
}

async function fillCheckout(page: Page, email: string): Promise<void> {
  await page.getByRole("heading", { name: "Checkout" }).waitFor();
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Full name").fill("Ada Lovelace");
  await page.getByLabel("Street and number").fill("1 Main St");
  await page.getByLabel(/^(Postal|ZIP) code/).fill("62701");
  await page.getByLabel("City").fill("Springfield");
  await page.getByLabel(/^(State|Region)/).fill("IL");
}
