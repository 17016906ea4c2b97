/** Finding something: as one types, by filters, on a phone, by keyboard alone, and without JavaScript. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sharedStore } from "../harness/shared-store.ts";
import { browserMissing, launchBrowser, visit, type Visit } from "./browser.ts";
import { Keyboard } from "./keyboard.ts";

const store = sharedStore();
const missing = browserMissing();

/** Still: a page that is looked at while it is being drawn ends its view transition, and complains of that. */
const STILL = { reducedMotion: "reduce" } as const;
const PHONE = { ...STILL, viewport: { width: 390, height: 844 } };
/** In the seed catalog one product comes in this finish; among all finishes it is folded away. */
const FINISH = { label: "Ember", value: "ember", product: "Lumaro Aurora Pro" };

describe.skipIf(missing !== null)(
  `a shopper who looks for something${missing === null ? "" : ` (${missing})`}`,
  () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launchBrowser();
    });
    afterAll(async () => {
      await browser.close();
    });

    it("finds a product by a misspelled name with nothing but a keyboard", async () => {
      await during(await visit(browser, store.url, STILL), async ({ page, photograph }) => {
        const keys = new Keyboard(page);
        await page.goto("/");
        await keys.tabTo(/Search the store/);
        await keys.type("aurroa pro");
        const options = page.getByRole("listbox", { name: "Suggestions" }).getByRole("option");
        await options.first().waitFor();
        const field = page.getByRole("combobox", { name: "Search the store" });
        expect(await field.getAttribute("aria-expanded")).toBe("true");
        // Announced once typing has paused.
        await page
          .getByRole("status")
          .filter({ hasText: /suggested/ })
          .waitFor({ state: "attached" });

        const wanted = (await options.allInnerTexts()).findIndex((text) => text.startsWith(FINISH.product));
        expect(wanted).toBeGreaterThanOrEqual(0);
        for (let step = 0; step <= wanted; step += 1) await keys.press("ArrowDown");
        expect(await field.getAttribute("aria-activedescendant")).toBe(
          await options.nth(wanted).getAttribute("id"),
        );
        expect(await options.nth(wanted).getAttribute("aria-selected")).toBe("true");
        await photograph("search-suggestions");
        await keys.press("Enter");
        await page.getByRole("heading", { level: 1, name: FINISH.product }).waitFor();
      });
    });

    it("closes the suggestions by Escape, keeps what was typed, and sends it by Enter", async () => {
      await during(await visit(browser, store.url, STILL), async ({ page }) => {
        await page.goto("/cart");
        const field = page.getByLabel("Search the store");
        await field.focus();
        await page.keyboard.type("charger");
        const list = page.getByRole("listbox", { name: "Suggestions" });
        await list.waitFor();
        await page.keyboard.press("Escape");
        await list.waitFor({ state: "hidden" });
        expect(await field.inputValue()).toBe("charger");
        await page.keyboard.press("ArrowDown");
        await list.waitFor();
        await page.keyboard.press("Enter");
        await page.getByRole("heading", { level: 1, name: "Results for “charger”" }).waitFor();
        expect(await page.locator("[data-card-grid] > li").count()).toBeGreaterThan(0);
      });
    });

    it("filters a list without a reload: count, address and focus follow, and the way back leads back", async () => {
      await during(await visit(browser, store.url, STILL), async ({ page, photograph }) => {
        await page.goto("/products");
        const all = await resultCount(page);
        await page.evaluate("window.stillHere = true");
        await page.getByText(/^\d+ more, Colour$/).click();
        const finish = page.getByRole("checkbox", { name: new RegExp(`^${FINISH.label}`) });
        await finish.focus();
        await page.keyboard.press("Space");
        await page.waitForURL(`**/products?color=${FINISH.value}`);
        await page.getByRole("status").filter({ hasText: "1 product" }).waitFor({ state: "attached" });
        expect(await cardNames(page)).toEqual([FINISH.product]);
        expect(await finish.isChecked()).toBe(true);
        expect(await finish.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(
          true,
        );
        await photograph("list-filtered");

        await page.getByRole("link", { name: `Remove filter: ${FINISH.label}` }).click();
        await page.waitForURL("**/products");
        expect(await resultCount(page)).toBe(all);
        await page.getByLabel("Sort by").selectOption("price_asc");
        await page.waitForURL("**/products?sort=price_asc");
        await page.goBack();
        await page.goBack();
        await page.getByRole("link", { name: `Remove filter: ${FINISH.label}` }).waitFor();
        expect(await cardNames(page)).toEqual([FINISH.product]);
        expect(await page.evaluate("window.stillHere")).toBe(true);
      });
    });

    it("opens filters over the list on a phone, and search over the header, and nothing jumps", async () => {
      await during(await visit(browser, store.url, PHONE), async ({ page, photograph }) => {
        await page.goto("/products");
        const panel = page.getByRole("complementary", { name: "Filters" });
        expect(await panel.isVisible()).toBe(false);
        await page.getByRole("button", { name: "Filters" }).click();
        await panel.waitFor();
        await page.getByText(/^\d+ more, Colour$/).click();
        await page.getByRole("checkbox", { name: new RegExp(`^${FINISH.label}`) }).check();
        await photograph("filters-on-a-phone");
        // It stays open while choices apply, and says what it would show.
        await page.getByRole("button", { name: "Show 1 product" }).click();
        await panel.waitFor({ state: "hidden" });
        expect(await cardNames(page)).toEqual([FINISH.product]);

        await page.evaluate(`
          window.shift = 0;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) window.shift += entry.value;
          }).observe({ type: "layout-shift" });
        `);
        const field = page.getByLabel("Search the store");
        const folded = await field.boundingBox();
        await field.focus();
        await page.keyboard.type("case");
        await page.getByRole("option").first().waitFor();
        await photograph("search-on-a-phone");
        const open = await field.boundingBox();
        expect(folded?.width).toBeLessThan(50);
        expect(open?.width).toBeGreaterThan(250);
        expect(await page.evaluate("window.shift")).toBeLessThanOrEqual(0.02);
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(PHONE.viewport.width);
      });
    });

    it("searches, filters and orders without JavaScript, on a phone too", async () => {
      const options = { ...PHONE, javaScriptEnabled: false };
      await during(await visit(browser, store.url, options), async ({ page, photograph }) => {
        await page.goto("/");
        await page.getByLabel("Search the store").fill("aurora");
        await page.keyboard.press("Enter");
        await page.getByRole("heading", { level: 1, name: "Results for “aurora”" }).waitFor();
        expect(await resultCount(page)).toBeGreaterThan(2);

        await page.getByRole("button", { name: "Filters" }).click();
        await page.getByRole("checkbox", { name: new RegExp(`^${FINISH.label}`) }).check();
        await page.getByLabel("To", { exact: true }).fill("1,300");
        await photograph("no-script-filters");
        await page.getByRole("button", { name: "Apply filters" }).click();
        await page.getByRole("link", { name: "Remove filter: Up to $1,300" }).waitFor();
        expect(await cardNames(page)).toEqual([FINISH.product]);

        await page.getByRole("link", { name: "Clear all" }).first().click();
        await page.getByRole("link", { name: /^Cases/ }).click();
        await page.getByRole("link", { name: /^Cases/, exact: false }).waitFor();
        expect((await cardNames(page)).every((name) => name.includes("Case"))).toBe(true);
      });
    });

    it("is told of a better spelling, and helped on where there is nothing", async () => {
      await during(await visit(browser, store.url, STILL), async ({ page }) => {
        await page.goto("/search?q=zeppelin");
        await page.getByRole("heading", { name: "Nothing found for “zeppelin”" }).waitFor();
        expect(await page.getByRole("heading", { name: "Popular now" }).count()).toBe(1);
        await page.getByRole("link", { name: /^Phones/ }).click();
        await page.getByRole("heading", { level: 1, name: "Phones" }).waitFor();
      });
    });
  },
);

describe("lists and searches", () => {
  it("are shared copies that bear the tags of the products they show", async () => {
    const response = await fetch(`${store.url}/products?category=cables`);
    expect(response.headers.get("cache-control")).toMatch(/^public,.*s-maxage/);
    expect(response.headers.get("etag")).toMatch(/^"/);
    const search = await fetch(`${store.url}/search?q=${"x".repeat(5000)}`);
    expect(search.status).toBe(200);
  });

  it("are not there for a category that is not", async () => {
    expect((await fetch(`${store.url}/products?category=spaceships`)).status).toBe(404);
  });
});

async function during(visited: Visit, journey: (visited: Visit) => Promise<void>): Promise<void> {
  try {
    await journey(visited);
    expect(visited.complaints).toEqual([]);
  } catch (error) {
    await visited.photograph("failure");
    throw new Error(`at ${visited.page.url()}\n${visited.complaints.join("\n")}`, { cause: error });
  } finally {
    await visited.end();
  }
}

async function resultCount(page: Page): Promise<number> {
  return Number.parseInt(await page.locator("[data-result-count]").innerText(), 10);
}

async function cardNames(page: Page): Promise<string[]> {
  return await page.locator("[data-browse] .card-name").allInnerTexts();
}
