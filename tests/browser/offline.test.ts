/** Without a network: the page that says so, the way back from it, and that the service worker keeps nothing else. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildServiceWorker } from "../../local/build/service-worker.ts";
import { waitFor } from "../../local/process/wait-for.ts";
import { sharedStore } from "../harness/shared-store.ts";
import { EVENTUALLY_MS } from "../harness/store.ts";
import { browserMissing, launchBrowser, visit, type Visit } from "./browser.ts";
import { openDoor } from "./door.ts";

const store = sharedStore();
const missing = browserMissing();

describe.skipIf(missing !== null)(`the service worker${missing === null ? "" : ` (${missing})`}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });

  it("answers a page load without a network with the offline page, which goes on by itself once there is one", async () => {
    await during(await visit(browser, store.url), async ({ page, photograph }) => {
      await page.goto("/help");
      await workerIsActive(page);

      await page.context().setOffline(true);
      await page.goto("/products");
      await page.getByRole("heading", { name: "You are offline" }).waitFor();
      // In the store's clothes: style sheet and script come from what was kept.
      expect(await page.evaluate("getComputedStyle(document.querySelector('.button')).borderRadius")).toBe(
        "99px",
      );
      await photograph("offline");
      expect(new URL(page.url()).pathname).toBe("/products");

      await page.context().setOffline(false);
      await page.getByRole("heading", { level: 1, name: /products/i }).waitFor();
    });
  });

  it("keeps the offline page and its files, and nothing of the catalog or of a shopper", async () => {
    await during(await visit(browser, store.url), async ({ page }) => {
      await page.goto("/");
      await workerIsActive(page);
      await page.goto("/products");
      await page.goto("/cart");
      expect((await keptPaths(page)).map((path) => path.replace(/-\w+\./, "-*."))).toEqual([
        "/assets/offline-*.js",
        "/assets/store-*.css",
        "/favicon.svg",
        "/offline",
      ]);
    });
  });

  it("passes on what the server says, errors and forms included", async () => {
    await during(await visit(browser, store.url), async ({ page }, complaints) => {
      await page.goto("/");
      await workerIsActive(page);
      const lost = await page.goto("/products/no-such-thing");
      expect([lost?.status(), await page.locator("h1").innerText()]).toEqual([404, "There is nothing here"]);
      complaints.forget((complaint) => complaint.includes("404"));
      await page.goto("/products/volt-45");
      await page.getByRole("button", { name: "Add to cart" }).click();
      await page.getByText("Added to your cart.").waitFor();
    });
  });

  it("removes itself and what it kept once it is retired", async () => {
    const retired = await buildServiceWorker({
      manifest: { "store.css": "/assets/store.css", "offline.js": "/assets/offline.js" },
      minify: true,
      retired: true,
    });
    const scripts = new Map<string, Uint8Array>();
    const door = await openDoor(store.url, { scripts });
    try {
      await during(await visit(browser, door.origin), async ({ page }) => {
        await page.goto("/help");
        await workerIsActive(page);
        expect(await keptPaths(page)).not.toEqual([]);
        scripts.set("/sw.js", retired);
        // The browser looks for a new worker by itself when a page is opened.
        await page.goto("/shipping");
        await waitFor(async () => (await keptPaths(page)).length + (await registrations(page)) === 0, {
          what: "the service worker to be gone",
          timeoutMs: EVENTUALLY_MS,
        });
      });
    } finally {
      await door.close();
    }
  });
});

/** Resolves once the page's worker, registered when the browser is idle, is the one that answers page loads. */
async function workerIsActive(page: Page): Promise<void> {
  await page.evaluate(`(async () => {
    const { active } = await navigator.serviceWorker.ready;
    while (active.state !== "activated")
      await new Promise((resolve) => active.addEventListener("statechange", resolve, { once: true }));
  })()`);
}

async function registrations(page: Page): Promise<number> {
  return await page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)");
}

async function keptPaths(page: Page): Promise<string[]> {
  return await page.evaluate(`(async () => {
    const paths = [];
    for (const name of await caches.keys())
      for (const { url } of await (await caches.open(name)).keys()) paths.push(new URL(url).pathname);
    return paths.sort();
  })()`);
}

/** Runs a visit's steps, expects no complaints of its pages, and ends it. */
async function during(
  visited: Visit,
  steps: (
    visited: Visit,
    complaints: { forget: (which: (complaint: string) => boolean) => void },
  ) => Promise<void>,
): Promise<void> {
  const isForgotten: ((complaint: string) => boolean)[] = [];
  try {
    await steps(visited, { forget: (which) => isForgotten.push(which) });
    // The browser itself says that it is offline.
    const offline = (complaint: string) => complaint.includes("ERR_INTERNET_DISCONNECTED");
    expect(visited.complaints.filter((one) => ![offline, ...isForgotten].some((is) => is(one)))).toEqual([]);
  } finally {
    await visited.end();
  }
}
