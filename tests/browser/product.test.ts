/** The product's page in a browser: what updates, opens and answers without a reload. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SEED_SKUS } from "../../local/seed/catalog.ts";
import { BrowserJar, confirmEmail } from "../harness/browser-jar.ts";
import { sharedStore } from "../harness/shared-store.ts";
import { newEmail } from "../harness/store.ts";
import { browserMissing, launchBrowser, visit } from "./browser.ts";

const missing = browserMissing();
const store = sharedStore();
const GALLERY_PAGE = `/products/aurora-pro?sku=${SEED_SKUS.plenty}`;
const DROP_PAGE = `/products/aurora-fold?sku=${SEED_SKUS.drop}`;

describe.skipIf(missing !== null)("the product's page", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  it("turns its pictures by the arrow keys and by the small ones, and marks the one in view", async () => {
    const { page, complaints, end } = await visit(browser, store.url);
    await page.goto(GALLERY_PAGE);
    const marked = (place: number) =>
      page.locator(`.gallery-thumbs li:nth-child(${String(place)}) a[aria-current]`).waitFor();
    await page.focus(".gallery-strip");
    await page.keyboard.press("ArrowRight");
    await marked(2);
    await page.keyboard.press("ArrowLeft");
    await marked(1);
    await page.click(".gallery-thumbs li:nth-child(3) a");
    await marked(3);
    expect(complaints).toEqual([]);
    await end();
  });

  it("takes an address when the last unit goes, and lets it be when units come back", async () => {
    const sku = await store.stock.skuWith(2);
    const [row] = await store.rows<{ product_slug: string }>("select product_slug from skus where sku = $1", [
      sku,
    ]);
    const { page, complaints, end } = await visit(browser, store.url);
    await page.goto(`/products/${row?.product_slug ?? ""}?sku=${sku}`);
    const form = page.locator("[data-stock-notice]");
    await form.waitFor({ state: "hidden" });
    await store.stock.adjust(sku, -2);
    await form.waitFor({ state: "visible" });
    expect(await page.textContent("[data-buy-button]")).toBe("Sold out");
    await store.stock.adjust(sku, 2);
    await form.waitFor({ state: "hidden" });
    expect(await page.textContent("[data-buy-button]")).toBe("Add to cart");
    expect(complaints).toEqual([]);
    await end();
  });

  it("shows what is on the wish list, and the heart changes it without leaving the page", async () => {
    const account = { email: newEmail(), password: "a long and private one" };
    const jar = new BrowserJar(store);
    await jar.post("/api/auth/sign-up/email", { name: "Ada", ...account });
    await confirmEmail(store, jar, account);
    const { page, complaints, end } = await visit(browser, store.url);
    await page.goto("/account/sign-in");
    await page.fill("#field-email", account.email);
    await page.fill("#field-password", account.password);
    await page.press("#field-password", "Enter");
    await page.waitForURL(/\/account$/);
    await page.goto(GALLERY_PAGE);
    const heart = page.locator("[data-wish] button");
    await page.locator("[data-account-name]", { hasText: "Ada" }).waitFor();
    await heart.click();
    await page.locator("[data-wish][data-wished]").waitFor();
    expect(await heart.textContent()).toBe("Remove from wish list");
    await page.reload();
    await page.locator("[data-wish][data-wished]").waitFor();
    await heart.click();
    await page.locator("[data-wish]:not([data-wished])").waitFor();
    expect((await jar.get("/api/wishlist")).body).toMatchObject({ items: [] });
    expect(complaints).toEqual([]);
    await end();
  });

  it("answers a request to be told on the spot, and focus goes to the answer", async () => {
    const { page, complaints, end } = await visit(browser, store.url);
    await page.goto(DROP_PAGE);
    const { href } = new URL(page.url());
    await page.fill("#notice-email", newEmail());
    await page.click(".tell-me button");
    await page.locator("#tell-me .notice:focus").waitFor();
    expect(await page.textContent("#tell-me")).toContain("We will tell you.");
    expect(page.url()).toBe(href);
    expect(complaints).toEqual([]);
    await end();
  });
});
