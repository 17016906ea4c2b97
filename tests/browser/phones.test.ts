/** What phones make of the pages: iOS zooms into a field whose text is smaller than 16 px, and leaves the page askew. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sharedStore } from "../harness/shared-store.ts";
import { browserMissing, launchBrowser, visit } from "./browser.ts";
import { smallPrint } from "./in-page.ts";
import { Scene } from "./scene.ts";

const store = sharedStore();
const missing = browserMissing();

describe.skipIf(missing !== null)(`on a phone${missing === null ? "" : ` (${missing})`}`, () => {
  let browser: Browser;
  const scene = new Scene(store);
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });

  it("every field, select and price of every page is at least 16 px", async () => {
    // Without scripts and pictures: neither brings a field or a price, and the styles are there at once.
    const { page, end } = await visit(browser, store.url, {
      viewport: { width: 390, height: 844 },
      javaScriptEnabled: false,
    });
    await page.route("**/*", (route) =>
      route.request().resourceType() === "image" ? route.abort() : route.fallback(),
    );
    const found: string[] = [];
    let fields = 0;
    const look = async (name: string) => {
      const { small, looked } = await page.evaluate(smallPrint, 16);
      found.push(...small.map((line) => `${name}: ${line}`));
      fields += looked;
    };
    for (const name of await scene.sampleNames()) {
      const html = await scene.sample(name);
      const address = new URL(`/samples/${name}`, store.url).href;
      await page.route(address, (route) =>
        route.fulfill({ contentType: "text/html; charset=utf-8", body: html }),
      );
      await page.goto(address);
      await look(name);
    }
    for (const path of [
      "/",
      "/products",
      "/search?q=aurora",
      "/products/aurora-pro",
      "/compare?p=aurora&p=aurora-pro",
    ]) {
      await page.goto(path);
      await look(path);
    }
    await end();
    expect(found).toEqual([]);
    expect(fields).toBeGreaterThan(100);
  });
});
