/** Checkout in a browser: told what is wrong by keyboard alone, losing nothing by a reload, and the way back after a lapsed hold. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waitFor } from "../../local/process/wait-for.ts";
import { ownStore } from "../harness/own-store.ts";
import { EVENTUALLY_MS, newEmail } from "../harness/store.ts";
import { browserMissing, launchBrowser, visit } from "./browser.ts";
import { during, fillCard, fillCheckout } from "./journey.ts";

const HOLD_SECONDS = 12;

const missing = browserMissing();

describe.skipIf(missing !== null)(`checkout in a browser${missing === null ? "" : ` (${missing})`}`, () => {
  const running = ownStore({ holdSeconds: HOLD_SECONDS, paymentSeconds: HOLD_SECONDS, graceSeconds: 4 });
  const store = () => running().store;
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });

  /** Opens the checkout of a cart that has this in it. */
  async function openCheckout(page: Page, sku: string, quantity = 1): Promise<void> {
    const [product] = await store().rows<{ slug: string }>(
      "select product_slug as slug from skus where sku = $1",
      [sku],
    );
    await page.goto(`/products/${product!.slug}?sku=${sku}`);
    if (quantity > 1) await page.getByLabel("Quantity").selectOption(String(quantity));
    await page.getByRole("button", { name: "Add to cart" }).click();
    await page
      .getByText("Added")
      .or(page.getByRole("heading", { name: "Your cart" }))
      .first()
      .waitFor();
    await page.goto("/checkout");
    await page.getByRole("heading", { name: "Checkout" }).waitFor();
  }

  /** Waits until shoppers are told so: figures are a moment old. */
  async function shownAs(sku: string, status: string): Promise<void> {
    await waitFor(
      async () => {
        const { body } = await store().request("GET", `/api/availability?sku=${sku}`);
        return (body as { items: { status: string }[] }).items[0]?.status === status;
      },
      { what: `${sku} to be shown as ${status}`, timeoutMs: EVENTUALLY_MS },
    );
  }

  it("tells by keyboard alone what is wrong with a field, and leads to each from a list", async () => {
    const sku = await store().stock.skuWith(5);
    await during(await visit(browser, store().url), async ({ page, photograph }) => {
      await openCheckout(page, sku);
      const email = page.getByLabel("E-mail");
      await email.focus();
      await page.keyboard.type("ada@");
      expect(await email.getAttribute("aria-invalid")).toBeNull();
      await page.keyboard.press("Tab");
      await page.getByText("Enter an email address, like ada@example.com.").waitFor();
      expect(await email.getAttribute("aria-invalid")).toBe("true");
      expect((await email.getAttribute("aria-describedby"))?.split(" ")).toContain("field-email-error");

      // The complaint goes while it is put right.
      await page.keyboard.press("Shift+Tab");
      await page.keyboard.press("End");
      await page.keyboard.type("example.com");
      await page.locator("#field-email-error").waitFor({ state: "hidden" });

      await page.keyboard.press("Enter");
      await page.locator("[data-field-problems] .notice:focus").waitFor();
      await photograph("checkout-problems");
      const links = page.locator("[data-field-problems] a");
      expect(await links.allInnerTexts()).toEqual([
        "Full name",
        "Street and number",
        "ZIP code",
        "City",
        "State",
      ]);
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.locator("#field-name:focus").waitFor();
      expect(new URL(page.url()).pathname).toBe("/checkout");

      await page.getByLabel("Country").selectOption("GB");
      await page.getByText("Enter the postcode.").waitFor();
      expect(await page.getByLabel("County").count()).toBe(1);
    });
  });

  it("keeps what was typed over a reload, until the order is paid", async () => {
    const sku = await store().stock.skuWith(5);
    const email = newEmail();
    await during(await visit(browser, store().url), async ({ page }) => {
      await openCheckout(page, sku);
      await page.getByLabel("Country").selectOption("US");
      await fillCheckout(page, email);
      await page.getByLabel("Express").check();
      await page.reload();
      expect(await page.getByLabel("E-mail").inputValue()).toBe(email);
      expect(await page.getByLabel("Full name").inputValue()).toBe("Ada Lovelace");
      expect(await page.getByLabel("Express").isChecked()).toBe(true);
      await page.getByRole("button", { name: "Reserve and pay" }).click();
      await page.getByRole("heading", { name: "Payment" }).waitFor();
      await fillCard(page, "4242424242424242");
      await page.locator("[data-payment-submit]").click();
      await page.getByRole("heading", { name: "Thank you. It is yours." }).waitFor();
      // The page's script does it, a moment after the heading is there.
      await waitFor(async () => (await page.evaluate("sessionStorage.getItem('checkout')")) === null, {
        what: "the form to be forgotten",
        timeoutMs: EVENTUALLY_MS,
      });
    });
  });

  it("draws methods and totals anew for another address, and the focus stays where it is", async () => {
    const sku = await store().stock.skuWith(5);
    await during(await visit(browser, store().url), async ({ page }) => {
      await openCheckout(page, sku);
      let answer = (): void => undefined;
      const answered = new Promise<void>((resolve) => (answer = resolve));
      await page.route("**/checkout?*", async (route) => {
        await answered;
        await route.continue();
      });
      await page.getByLabel("State").fill("IL");
      await page.getByLabel("Express").focus();
      await page.getByLabel("Express").evaluate((element) => {
        element.dataset["drawn"] = "before";
      });
      answer();
      await page.locator('[data-drawn="before"]').waitFor({ state: "detached" });
      expect(await page.evaluate(() => document.activeElement?.getAttribute("value"))).toBe("express");
    });
  });

  it("warns before the hold lapses, and leads back to the same checkout when it has", async () => {
    const sku = await store().stock.skuWith(3);
    await during(await visit(browser, store().url), async ({ page, photograph }) => {
      await openCheckout(page, sku, 2);
      await fillCheckout(page, newEmail());
      await page.getByRole("button", { name: "Reserve and pay" }).click();
      await page.getByText("Less than a minute left").waitFor();
      await page.getByRole("heading", { name: "Your items went back on sale" }).waitFor();
      await photograph("hold-lapsed");
      await store().stock.until(sku, { available: 3, held: 0 });
      // What is shown is up to a second older than what is there, and the way back goes by what is shown.
      await page.getByText("Only 3 left").waitFor();
      await page.getByRole("button", { name: "Reserve them again" }).click();
      await page.getByRole("heading", { name: "Checkout" }).waitFor();
      expect(await page.getByLabel("Full name").inputValue()).toBe("Ada Lovelace");
      await page.getByRole("button", { name: "Reserve and pay" }).click();
      await page.getByRole("heading", { name: "Payment" }).waitFor();
      expect(await store().stock.figures(sku)).toMatchObject({ available: 1, held: 2 });
    });
  });

  it("says so where somebody else has the items meanwhile, also without JavaScript", async () => {
    const sku = await store().stock.skuWith(1);
    const visited = await visit(browser, store().url, { javaScriptEnabled: false });
    await during(visited, async ({ page, photograph }, complaints) => {
      await openCheckout(page, sku);
      await fillCheckout(page, newEmail());
      await page.getByRole("button", { name: "Reserve and pay" }).click();
      await page.getByRole("heading", { name: "Payment" }).waitFor();
      await store().stock.until(sku, { available: 1, held: 0 });
      await shownAs(sku, "low_stock");
      const other = await store().placed({ lines: [{ sku, quantity: 1 }] });
      await store().pay(other);
      await shownAs(sku, "sold_out");
      // The payment page of an order that ended leads to the order's own.
      await waitFor(
        async () => {
          await page.reload();
          return (await page.getByText("None are left right now.").count()) > 0;
        },
        { what: "the order's page to say that its items are gone", timeoutMs: EVENTUALLY_MS },
      );
      await photograph("hold-lapsed-gone");
      await page.getByRole("button", { name: "Reserve them again" }).click();
      await page.getByText("Not all of it can be ordered now.").waitFor();
      await page.getByText("Remove it to order the rest.").waitFor();
      complaints.forget((complaint) => complaint.includes("409"));
    });
  });
});
