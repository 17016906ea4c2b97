/** Measured visits: one beacon when the page is left, with figures that can be true, and nothing from those not in the sample. */
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { VitalsBody } from "../../src/contracts/vitals.ts";
import { sharedStore } from "../harness/shared-store.ts";
import { EVENTUALLY_MS } from "../harness/store.ts";
import { waitFor } from "../../local/process/wait-for.ts";
import { browserMissing, launchBrowser, visit } from "./browser.ts";

const store = sharedStore();
const missing = browserMissing();
const SCRIPT = /\/assets\/vitals-\w+\.js$/;

/** What came to `POST /api/vitals`, and how the store answered it. */
interface Beacon {
  readonly body: string;
  readonly status: number;
}

/** The store behind a door that notes beacons: the browser sends them as the page goes away, where its own tools no longer look. */
async function openDoor(beacons: Beacon[]): Promise<{ origin: string; close: () => Promise<void> }> {
  const door = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    const { method, headers, url = "/" } = incoming;
    const inside = request(new URL(url, store.url), { method, headers }, (answer) => {
      if (url === "/api/vitals")
        beacons.push({ body: Buffer.concat(chunks).toString(), status: answer.statusCode ?? 0 });
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    inside.on("error", () => outgoing.destroy());
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk)).pipe(inside);
  });
  await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${String((door.address() as AddressInfo).port)}`,
    close: () =>
      new Promise((resolve) => {
        door.closeAllConnections();
        door.close(() => {
          resolve();
        });
      }),
  };
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
    const door = await openDoor(beacons);
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
