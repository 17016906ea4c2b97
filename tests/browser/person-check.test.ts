/** "Are you a person?" in a browser: sent too early, asked to press, blocked, and without JavaScript; all under the page's own policy. */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { sharedStore } from "../harness/shared-store.ts";
import { newEmail } from "../harness/store.ts";
import { browserMissing, launchBrowser, visit } from "./browser.ts";
import { during } from "./journey.ts";

const store = sharedStore();
const missing = browserMissing();
const CAUGHT = "We could not tell that you are a person";

describe.skipIf(missing !== null)(`a person in a browser${missing === null ? "" : ` (${missing})`}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterEach(() => store.turnstile.reset());
  afterAll(() => browser.close());

  async function fillSignUp(page: Page): Promise<void> {
    await page.goto("/account/sign-up");
    await page.getByLabel("Name").fill("Ada Lovelace");
    await page.getByLabel("E-mail").fill(newEmail());
    await page.getByLabel("Password", { exact: true }).fill("a long and private one");
  }
  const send = (page: Page) => page.getByRole("button", { name: "Make an account" }).click();
  const isSent = (page: Page) => page.getByText("look in your mail").first().waitFor();

  it("who sends the form before the check is through need not send it again", async () => {
    await during(await visit(browser, store.url), async ({ page, photograph }) => {
      await page.route("**/turnstile/v0/challenge", async (route) => {
        await page.getByText("we are checking that you are a person").waitFor();
        await route.continue();
      });
      await fillSignUp(page);
      await send(page);
      await photograph("person-check-held");
      await isSent(page);
    });
  });

  it("who is asked to press a box is told so, and goes on by pressing it", async () => {
    await store.turnstile.mood({ widget: "interactive" });
    await during(await visit(browser, store.url), async ({ page, photograph }) => {
      await fillSignUp(page);
      const box = page.frameLocator("[data-person-check] iframe").getByRole("checkbox");
      await box.waitFor();
      await send(page);
      await page.getByText("Please confirm in the box").waitFor();
      await photograph("person-check-box");
      await box.click();
      await isSent(page);
    });
  });

  it.each([
    ["fails", null],
    ["is kept out by a blocker", "**/turnstile/v0/api.js*"],
  ])("whose check %s is held for the wait, and then goes on", async (_, blocked) => {
    await store.turnstile.mood({ widget: "block" });
    await during(await visit(browser, store.url), async ({ page, photograph }, complaints) => {
      if (blocked !== null) await page.route(blocked, (route) => route.abort());
      await fillSignUp(page);
      await page.locator("[data-person-check-widget]").waitFor({ state: "hidden" });
      await send(page);
      await photograph("person-check-waits");
      await isSent(page);
      complaints.forget((complaint) => complaint.includes("api.js"));
    });
  });

  it("who has no JavaScript is told to wait, and keeps what was typed", async () => {
    const plain = await visit(browser, store.url, {
      javaScriptEnabled: false,
      viewport: { width: 375, height: 800 },
    });
    await during(plain, async ({ page, photograph }, complaints) => {
      await fillSignUp(page);
      await send(page);
      await page.getByText(CAUGHT).waitFor();
      await photograph("person-check-caught");
      expect(await page.getByLabel("Name").inputValue()).toBe("Ada Lovelace");
      while ((await page.getByText(CAUGHT).count()) > 0) {
        await page.getByLabel("Password", { exact: true }).fill("a long and private one");
        await send(page);
      }
      await isSent(page);
      complaints.forget((complaint) => complaint.includes("403"));
    });
  });
});
