/** A quick look for what axe finds wrong; `npm run verify` looks at every page in every state. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sharedStore } from "../harness/shared-store.ts";
import { violationsOn } from "./axe.ts";
import { browserMissing, launchBrowser } from "./browser.ts";
import { lookAt, type Look } from "./looks.ts";
import { SMOKE_PAGES } from "./pages.ts";
import { Scene } from "./scene.ts";

const PHONE: Look = { width: 390, height: 844, colorScheme: "light" };

const store = sharedStore();
const missing = browserMissing();

describe.skipIf(missing !== null)(`axe${missing === null ? "" : ` (${missing})`}`, () => {
  let browser: Browser;
  const scene = new Scene(store);
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });

  it.each(SMOKE_PAGES)("finds nothing wrong on the page $name", async (page) => {
    expect(await lookAt({ browser, scene, look: PHONE }, page, violationsOn)).toEqual([]);
  });

  it("finds what is wrong on a page that is", async () => {
    const [home] = SMOKE_PAGES;
    const found = await lookAt({ browser, scene, look: PHONE }, home!, async (page) => {
      await page.evaluate(() => {
        const picture = document.createElement("img");
        picture.src = "/favicon.svg";
        document.querySelector("main")?.replaceChildren(picture);
      });
      return await violationsOn(page);
    });
    expect(found.join("\n")).toContain("image-alt");
  });
});
