/** Measured visits: one beacon when the page is left, with figures that can be true, and nothing from those not in the sample. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { VitalsBody } from "../../src/contracts/vitals.ts";
import { sharedStore } from "../harness/shared-store.ts";
import { EVENTUALLY_MS } from "../harness/store.ts";
import { waitFor } from "../../local/process/wait-for.ts";
import { browserMissing, launchBrowser, visit } from "./browser.ts";
import { openDoor } from "./door.ts";

const store = sharedStore();
const missing = browserMissing();
const SCRIPT = /\/assets\/vitals-\w+\.js$/;

/** What came to `POST /api/vitals`, and how the store answered it. */
interface Beacon {
  readonly body: string;
  readonly status: number;
}

describe.skipIf(missing !== null)(`a visit${missing === null ? "" : ` (${missing})`}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });

  /** Opens a product page as a browser that drew `chance`, uses it, and goes on to a page that does not measure. */
  async function leaveProductPage(chance: number, until: (beacons: readonly Beacon[]) => boolean) {
    const beacons: Beacon[] = [];
    const door = await openDoor(store.url, {
      onAnswer: (path, body, status) => {
        if (path === "/api/vitals") beacons.push({ body, status });
      },
    });
    const { page, end } = await visit(browser, door.origin);
    const scripts: string[] = [];
    page.on("requestfinished", (finished) => {
      if (SCRIPT.test(finished.url())) scripts.push(finished.url());
    });
    await page.addInitScript(`Math.random = () => ${String(chance)};`);
    try {
      await page.goto("/products/volt-45");
      // Registered in the idle moment in which the sample is drawn, and before the script is asked for.
      await page.evaluate("navigator.serviceWorker.ready.then(() => true)");
      if (chance === 0)
        await waitFor(() => Promise.resolve(scripts.length > 0), {
          what: "the script",
          timeoutMs: EVENTUALLY_MS,
        });
      await page.getByRole("button", { name: "Add to cart" }).click();
      await page.getByText("Added to your cart.").waitFor();
      await page.goto("/api/health");
      await waitFor(() => Promise.resolve(until(beacons)), { what: "the beacon", timeoutMs: EVENTUALLY_MS });
      return { beacons, scripts };
    } finally {
      await end();
      await door.close();
    }
  }

  it("in the sample tells how it felt, once, by kind of page", async () => {
    const { beacons } = await leaveProductPage(0, (sent) => sent.length > 0);
    expect(beacons.map(({ status }) => status)).toEqual([204]);
    const { page, ttfbMs, fcpMs, lcpMs, cls } = VitalsBody.parse(JSON.parse(beacons[0]?.body ?? ""));
    expect(page).toBe("product");
    expect(ttfbMs).toBeGreaterThan(0);
    expect(fcpMs).toBeGreaterThanOrEqual(ttfbMs ?? Infinity);
    expect(lcpMs).toBeGreaterThanOrEqual(fcpMs ?? Infinity);
    expect(cls).toBeLessThan(1);
  });

  it("outside the sample neither loads the measuring code nor tells anything", async () => {
    expect(await leaveProductPage(0.999, () => true)).toEqual({ beacons: [], scripts: [] });
  });
});
