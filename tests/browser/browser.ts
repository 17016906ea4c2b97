/** A headless browser for tests, and pages that tell what went wrong in them. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";

/** How long a page of a busy machine may take to show something. */
const EXPECT_TIMEOUT_MS = 30_000;

/** Why no browser can be had here, or null. The packaged one is for Linux, where tests never do without. */
export function browserMissing(): string | null {
  if (process.platform === "linux" || process.env["CHROMIUM_PATH"] !== undefined) return null;
  return "the packaged Chromium is for Linux: set CHROMIUM_PATH to the browser of this machine";
}

/** @param more arguments beside those it always needs */
export async function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  return await chromium.launch({
    executablePath: process.env["CHROMIUM_PATH"] ?? (await packagedBrowser()),
    // Not the arguments that come with the package: they run everything in one process, which ends with the first context.
    args: ["--no-sandbox", ...more],
  });
}

async function packagedBrowser(): Promise<string> {
  const { default: packaged } = await import("@sparticuz/chromium");
  return await packaged.executablePath();
}

/**
 * A slow machine's browser gives up the cross-fade between two pages and reports the promise it made itself, that nobody
 * asked for. The pages follow each other without it.
 */
const TRANSITION_GIVEN_UP = /^Transition was (aborted|skipped)/;

export interface Visit {
  readonly page: Page;
  /** What the page reported: uncaught errors, console errors (a broken content security policy is one), failed loads. */
  readonly complaints: readonly string[];
  /** A screenshot, where `SCREENSHOTS` names a folder. */
  readonly photograph: (name: string) => Promise<void>;
  readonly end: () => Promise<void>;
}

/** In the page: what its content security policy stops becomes a complaint, also where the browser would not say so aloud. */
function tellOfViolations(): void {
  document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sample }) => {
    console.error(`policy: ${effectiveDirective} stopped ${blockedURI} ${sample}`);
  });
}

/** Opens a page in a profile of its own. */
export async function visit(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({
    baseURL: origin,
    viewport: { width: 1280, height: 860 },
    ...options,
  });
  context.setDefaultTimeout(EXPECT_TIMEOUT_MS);
  await context.addInitScript(tellOfViolations);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => {
    if (TRANSITION_GIVEN_UP.test(error.message)) return;
    complaints.push(`${page.url()}: ${error.message}`);
  });
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    complaints.push(`${page.url()}: ${message.text()} (${message.location().url})`);
  });
  page.on("response", (response) => {
    if (response.status() >= 500) complaints.push(`${String(response.status())} ${response.url()}`);
  });
  const folder = process.env["SCREENSHOTS"];
  return {
    page,
    complaints,
    async photograph(name) {
      if (folder === undefined) return;
      mkdirSync(folder, { recursive: true });
      await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
    },
    end: () => context.close(),
  };
}
