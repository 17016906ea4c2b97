/** Shoppers' clocks are wrong. What counts down and what opens goes by the store's. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SEED_SKUS } from "../../local/seed/catalog.ts";
import { sharedStore } from "../harness/shared-store.ts";
import { browserMissing, launchBrowser, visit } from "./browser.ts";
import { turnClock } from "./in-page.ts";

const store = sharedStore();
const missing = browserMissing();
const DROP_PAGE = `/products/aurora-fold?sku=${SEED_SKUS.drop}`;
const MINUTES = 60_000;

describe.skipIf(missing !== null)(`with a wrong clock${missing === null ? "" : ` (${missing})`}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });

  interface Wrong {
    /** How far ahead of the store's the visitor's clock is; negative: behind. */
    readonly aheadMs: number;
    readonly opensInMs: number;
    readonly path: string;
  }

  /** A page of a product whose sale opens in so long, in a browser with a wrong clock. */
  async function at(
    { aheadMs, opensInMs, path }: Wrong,
    journey: (page: Page) => Promise<void>,
  ): Promise<void> {
    const { page, complaints, end } = await visit(browser, store.url);
    await page.addInitScript(turnClock, aheadMs);
    // The page as the store draws it, but for the moment: the seed's drop is days ahead.
    await page.route(
      ({ pathname }) => pathname === new URL(path, store.url).pathname,
      async (route) => {
        const response = await route.fetch();
        const opensAt = new Date(Date.now() + opensInMs).toISOString();
        const body = (await response.text()).replaceAll(
          /data-countdown="[^"]+"/g,
          `data-countdown="${opensAt}"`,
        );
        await route.fulfill({ response, body });
      },
    );
    try {
      await page.goto(path);
      await journey(page);
      expect(complaints).toEqual([]);
    } finally {
      await end();
    }
  }

  /** Once the countdown goes by the moment given: the store drew days. */
  async function minutesLeft(page: Page): Promise<number> {
    await page.waitForFunction(() =>
      ["days", "hours"].every(
        (unit) => document.querySelector(`[data-countdown-unit="${unit}"]`)?.textContent === "00",
      ),
    );
    return Number(await page.locator('[data-countdown-unit="minutes"]').textContent());
  }

  it.each([
    ["half an hour fast", 30 * MINUTES],
    ["a day slow", -24 * 60 * MINUTES],
  ])("%s, nothing opens before its time, and the countdown is right", async (_, aheadMs) => {
    await at({ aheadMs, opensInMs: 20 * MINUTES, path: DROP_PAGE }, async (page) => {
      const answered = (count: number) => {
        let seen = 0;
        return page.waitForResponse(
          (response) => response.url().includes("/api/availability") && ++seen === count,
        );
      };
      await answered(2);
      expect(await minutesLeft(page)).toBeGreaterThan(10);
      expect(await page.locator("[data-buy-button]").isDisabled()).toBe(true);
      expect(await page.locator(".product-price [data-stock-text]").textContent()).not.toContain("In stock");
      expect(await page.locator(".drop").isVisible()).toBe(true);
    });
  });

  it("the home page's countdown is right too", async () => {
    await at({ aheadMs: 30 * MINUTES, opensInMs: 20 * MINUTES, path: "/" }, async (page) => {
      expect(await minutesLeft(page)).toBeGreaterThan(10);
      expect(await page.locator(".hero .eyebrow", { hasText: "On sale now" }).isVisible()).toBe(false);
    });
  });

  it("an hour slow, what opens by the store's time opens", async () => {
    await at({ aheadMs: -60 * MINUTES, opensInMs: 3_000, path: "/" }, async (page) => {
      await page.locator(".hero .eyebrow", { hasText: "On sale now" }).waitFor();
    });
  });

  it("an hour fast, an order's items are held for as long as the store holds them", async () => {
    const right = await store.placed({ lines: [{ sku: SEED_SKUS.unlimited, quantity: 1 }] });
    const { page, complaints, end } = await visit(browser, store.url);
    try {
      await page.addInitScript(turnClock, 60 * MINUTES);
      await page.goto(`/orders/${right.orderId}?token=${right.token}`);
      await page.waitForFunction(() =>
        /^2\d:\d\d$/.test(document.querySelector("[data-hold-clock]")?.textContent ?? ""),
      );
      expect(await page.locator("[data-hold-ended]").isVisible()).toBe(false);
      expect(complaints).toEqual([]);
    } finally {
      await end();
    }
  });
});
