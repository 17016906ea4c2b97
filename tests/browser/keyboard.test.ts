/** From the home page to a paid order with nothing but a keyboard, seeing at every step where one is. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sharedStore } from "../harness/shared-store.ts";
import { newEmail } from "../harness/store.ts";
import { browserMissing, launchBrowser, visit } from "./browser.ts";
import { Keyboard } from "./keyboard.ts";

const store = sharedStore();
const missing = browserMissing();

/** A product with two options and more stock than any test takes. */
const PRODUCT = { name: "Lumaro Aurora Mini", option: "Butter", price: "$599.00" };

describe.skipIf(missing !== null)(`a keyboard alone${missing === null ? "" : ` (${missing})`}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });

  it("skips the header: the first stop leads to the page's content", async () => {
    const { page, end } = await visit(browser, store.url);
    try {
      const keys = new Keyboard(page);
      await page.goto("/products");
      expect((await keys.tab()).name).toBe("Skip to content");
      await keys.press("Enter");
      await keys.tab();
      expect(await page.locator("main :focus").count()).toBe(1);
    } finally {
      await end();
    }
  });

  it("would be told where the focus cannot be seen", async () => {
    const { page, end } = await visit(browser, store.url);
    try {
      await page.goto("/products");
      await page.evaluate(`
        const sheet = new CSSStyleSheet();
        sheet.replaceSync("* { outline: none !important }");
        document.adoptedStyleSheets = [sheet];
      `);
      await expect(new Keyboard(page).tab()).rejects.toThrow("nothing shows that it has the focus");
    } finally {
      await end();
    }
  });

  it("leads from the home page to a paid order", async () => {
    // Where the page glides to what has the focus, one would have to wait for it at every stop.
    const { page, complaints, photograph, end } = await visit(browser, store.url, {
      reducedMotion: "reduce",
    });
    try {
      const keys = new Keyboard(page);
      await page.goto("/");
      await keys.tabTo(new RegExp(PRODUCT.name));
      await keys.press("Enter");
      await chooseOption(page, keys);
      await addToCart(page, keys);
      await keys.tabTo(/^Check out$/);
      await keys.press("Enter");
      await fillCheckout(page, keys);
      await pay(page, keys);
      await page.getByRole("heading", { name: "Thank you. It is yours." }).waitFor();
      expect(complaints).toEqual([]);
    } catch (error) {
      await photograph("keyboard-failure");
      throw error;
    } finally {
      await end();
    }
  });
});

async function chooseOption(page: Page, keys: Keyboard): Promise<void> {
  await page.getByRole("heading", { name: PRODUCT.name }).waitFor();
  await keys.tabTo(new RegExp(`^${PRODUCT.option}`));
  await keys.press("Enter");
  await page.locator(".option-chosen", { hasText: PRODUCT.option }).waitFor();
  // The part of the page that was drawn anew has the focus where it was.
  expect((await keys.focused()).name).toMatch(new RegExp(`^${PRODUCT.option}`));
}

async function addToCart(page: Page, keys: Keyboard): Promise<void> {
  await keys.tabTo(/^Add to cart$/);
  await keys.press("Enter");
  await page.getByText("Added to your cart.").first().waitFor();
  expect((await keys.focused()).name).toBe("Add to cart");
  await keys.tabTo(/^View cart$/);
  await keys.press("Enter");
  await page.getByRole("heading", { name: "Your cart" }).waitFor();
}

async function fillCheckout(page: Page, keys: Keyboard): Promise<void> {
  await page.getByRole("heading", { name: "Checkout" }).waitFor();
  for (const [label, text] of [
    [/^E-mail/, newEmail()],
    [/^Full name/, "Ada Lovelace"],
    [/^Street and number/, "1 Main St"],
  ] as const) {
    await keys.tabTo(label);
    await keys.type(text);
  }
  // Their order follows the country's way of writing.
  for (const [label, text] of [
    [/^(Postal|ZIP) code/, "62701"],
    [/^City/, "Springfield"],
    [/^(State|Region)/, "IL"],
  ] as const) {
    await keys.tabTo(label);
    await keys.type(text);
  }
  await keys.tabTo(/^Standard/);
  await keys.press("ArrowDown");
  expect((await keys.focused()).name).toMatch(/^Express/);
  await keys.press("ArrowUp");
  await keys.tabTo(/^Reserve and pay$/);
  await keys.press("Enter");
}

async function pay(page: Page, keys: Keyboard): Promise<void> {
  await page.getByRole("heading", { name: "Payment" }).waitFor();
  const form = page.frameLocator('iframe[title="Secure payment input frame"]');
  const number = form.getByLabel("Card number");
  await number.waitFor();
  // The frame's own fields are the provider's: of the way there only its first field is asked about.
  for (let stops = 0; !(await number.evaluate((field) => field.matches(":focus"))); stops += 1) {
    expect(stops, "stops before the card number").toBeLessThan(50);
    await keys.tab();
  }
  await keys.type("5555555555554444");
  await keys.tab();
  await keys.type("1234");
  await keys.tab();
  await keys.type("123");
  await keys.tabTo(new RegExp(`^Pay \\${PRODUCT.price}$`));
  await keys.press("Enter");
}
