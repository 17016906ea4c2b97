/** The cart in a browser: changed, emptied and put back without leaving the page, with the keyboard's focus kept. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SEED_SKUS } from "../../local/seed/catalog.ts";
import { sharedStore } from "../harness/shared-store.ts";
import { browserMissing, launchBrowser, visit } from "./browser.ts";
import { during } from "./journey.ts";

const SKU = SEED_SKUS.unlimited;
const store = sharedStore();
const missing = browserMissing();

/** Remembers that the page has not been left: a mark on the window is gone with a load. */
const markPage = (page: Page) => page.evaluate("window.stillHere = true");
const isSamePage = (page: Page) => page.evaluate("window.stillHere === true");
const focusedId = (page: Page) => page.evaluate("document.activeElement.id");

describe.skipIf(missing !== null)(`the cart in a browser${missing === null ? "" : ` (${missing})`}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });

  it("is said not to be kept where the browser keeps no cookies", async () => {
    const [product] = await store.rows<{ slug: string }>(
      "select product_slug as slug from skus where sku = $1",
      [SKU],
    );
    await during(await visit(browser, store.url), async ({ page }) => {
      await page.addInitScript(() => {
        Object.defineProperty(Document.prototype, "cookie", { get: () => "", set: () => undefined });
      });
      await page.goto(`/products/${product!.slug}?sku=${SKU}`);
      await page.getByRole("button", { name: "Add to cart" }).click();
      await page.getByText("Your browser did not keep your cart.").waitFor();
      expect(await page.getByText("Added to your cart.").count()).toBe(0);
    });
  });

  it("takes a change of quantity, a removal and its undoing, and keeps the focus where the shopper is", async () => {
    const [product] = await store.rows<{ slug: string }>(
      "select product_slug as slug from skus where sku = $1",
      [SKU],
    );
    await during(await visit(browser, store.url), async ({ page, photograph }) => {
      await page.goto(`/products/${product!.slug}?sku=${SKU}`);
      await page.getByRole("button", { name: "Add to cart" }).click();
      await page.getByText("Added to your cart.").waitFor();
      await page.goto("/cart");
      const quantity = page.locator(`#quantity-${SKU}`);
      await quantity.waitFor();
      await page.getByRole("button", { name: "Update" }).waitFor({ state: "hidden" });
      await markPage(page);

      await quantity.focus();
      await quantity.selectOption("3");
      await page.getByText("Subtotal (3 items)").waitFor();
      expect([await isSamePage(page), await focusedId(page)]).toEqual([true, `quantity-${SKU}`]);
      expect(await page.locator("[data-cart-count-number]").innerText()).toBe("3");
      expect(await page.locator("[data-live-region]").innerText()).toMatch(/^3 items, subtotal \$/);

      const remove = page.getByRole("button", { name: "Remove" });
      await remove.focus();
      await page.keyboard.press("Enter");
      await page.getByText("There is nothing in it yet.").waitFor();
      await page.locator(".notice:focus").waitFor();
      await photograph("cart-removed");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.getByText("Subtotal (3 items)").waitFor();
      expect([await isSamePage(page), await focusedId(page)]).toEqual([true, `quantity-${SKU}`]);
    });
  });

  it("does the same without JavaScript, page by page", async () => {
    await during(await visit(browser, store.url, { javaScriptEnabled: false }), async ({ page }) => {
      const [product] = await store.rows<{ slug: string }>(
        "select product_slug as slug from skus where sku = $1",
        [SKU],
      );
      await page.goto(`/products/${product!.slug}?sku=${SKU}`);
      await page.getByRole("button", { name: "Add to cart" }).click();
      await page.locator(`#quantity-${SKU}`).selectOption("2");
      await page.getByRole("button", { name: "Update" }).click();
      await page.getByText("Subtotal (2 items)").waitFor();
      await page.getByRole("button", { name: "Remove" }).click();
      await page.getByText("There is nothing in it yet.").waitFor();
      await page.getByRole("button", { name: "Undo" }).click();
      await page.getByText("Subtotal (2 items)").waitFor();
      expect(new URL(page.url()).search).toBe("");
    });
  });
});
