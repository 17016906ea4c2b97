/** A drop in a browser: the pages that wait for it open at its moment. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SEED_SKUS } from "../../local/seed/catalog.ts";
import { sharedStore } from "../harness/shared-store.ts";
import { browserMissing, launchBrowser, visit } from "./browser.ts";

const missing = browserMissing();
const store = sharedStore();
const DROP_PAGE = `/products/aurora-fold?sku=${SEED_SKUS.drop}`;

describe.skipIf(missing !== null)("the product's page", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  it("opens a drop at its moment without a reload, as home does", async () => {
    const [drop] = await store.rows<{ opens_at: Date }>(
      "select opens_at from drops where product_slug = 'aurora-fold'",
    );
    // Long enough for the pages to be told of it and opened.
    await store.rows(
      "update drops set opens_at = now() + interval '30 seconds' where product_slug = 'aurora-fold'",
    );
    const { page, complaints, end } = await visit(browser, store.url);
    try {
      const home = await page.context().newPage();
      for (const [tab, address] of [
        [page, DROP_PAGE],
        [home, "/"],
      ] as const) {
        await tab.goto(address);
        // Until the copies of the catalog know the new moment.
        while (
          Date.parse((await tab.getAttribute("[data-countdown]", "data-countdown")) ?? "") >
          Date.now() + 60_000
        )
          await tab.reload();
      }
      await page.locator("[data-buy-button]:not([disabled])").waitFor();
      await page.locator(".drop").waitFor({ state: "hidden" });
      await home.locator(".hero .eyebrow", { hasText: "On sale now" }).waitFor();
      expect(complaints).toEqual([]);
    } finally {
      await store.rows("update drops set opens_at = $1 where product_slug = 'aurora-fold'", [drop?.opens_at]);
      await end();
    }
  });
});
