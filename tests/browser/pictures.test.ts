/** Pictures in a real browser: the main one is fetched once, early and as AVIF; nothing moves when a slow one comes. */
/// <reference lib="dom" />
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sharedStore } from "../harness/shared-store.ts";
import { browserMissing, launchBrowser, visit } from "./browser.ts";

const store = sharedStore();
const missing = browserMissing();

const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 };
const DESKTOP = { viewport: { width: 1440, height: 900 } };
const PAGES = ["/", "/products/aurora-pro?sku=AURORA-PRO-256-EMBER"];
const MAIN = 'img[fetchpriority="high"]';

describe.skipIf(missing !== null)(`pictures${missing === null ? "" : ` (${missing})`}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });

  for (const path of PAGES) {
    for (const [device, options] of Object.entries({ phone: PHONE, desktop: DESKTOP })) {
      it(`the main picture of ${path} on a ${device} is what was preloaded, fetched once`, async () => {
        const { page, complaints, end } = await visit(browser, store.url, options);
        const asked: string[] = [];
        page.on("request", (request) => {
          if (request.resourceType() === "image") asked.push(new URL(request.url()).pathname);
        });
        await page.goto(path, { waitUntil: "load" });
        const shown = await page.locator(MAIN).first().evaluate(whenShown);
        expect(shown).toMatch(/^\/pictures\/.*\.avif$/);
        expect(asked.filter((address) => address === shown)).toEqual([shown]);
        expect(await page.evaluate(preloadedPictures)).toEqual([shown]);
        expect(complaints).toEqual([]);
        await end();
      });

      it(`nothing of ${path} on a ${device} moves when pictures come late, and their ground is there before them`, async () => {
        const { page, end } = await visit(browser, store.url, options);
        let release: () => void = () => undefined;
        const released = new Promise<void>((resolve) => (release = resolve));
        await page.route("**/pictures/**", async (route) => {
          await released;
          await route.continue();
        });
        await page.addInitScript(recordShifts);
        await page.goto(path, { waitUntil: "domcontentloaded" });
        await page.waitForFunction(() => document.fonts.status === "loaded");
        const before = await boxOf(page);
        expect(before.ground).toContain("radial-gradient");
        expect(before.height).toBeGreaterThan(100);
        release();
        await page.locator(MAIN).first().evaluate(whenShown);
        expect(await boxOf(page)).toEqual(before);
        expect(
          await page.evaluate(() => (globalThis as unknown as { shifted: number }).shifted),
        ).toBeLessThan(0.02);
        await end();
      });
    }
  }
});

/** Runs in the page: the path of what an image shows, once it is decoded. */
async function whenShown(image: Element): Promise<string> {
  const shown = image as HTMLImageElement;
  await shown.decode();
  return new URL(shown.currentSrc).pathname;
}

/** Runs in the page: which pictures its head had fetched. */
function preloadedPictures(): string[] {
  const loads = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
  return loads
    .filter(({ initiatorType, name }) => initiatorType === "link" && name.includes("/pictures/"))
    .map(({ name }) => new URL(name).pathname);
}

/** Runs in the page: adds up layout shifts, as browsers score them. */
function recordShifts(): void {
  const counted = globalThis as unknown as { shifted: number };
  counted.shifted = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) counted.shifted += (entry as unknown as { value: number }).value;
  }).observe({ type: "layout-shift", buffered: true });
}

async function boxOf(page: Page): Promise<{ y: number; width: number; height: number; ground: string }> {
  return await page
    .locator(MAIN)
    .first()
    .evaluate((image) => {
      const { y, width, height } = image.getBoundingClientRect();
      return { y, width, height, ground: getComputedStyle(image).backgroundImage };
    });
}
