/** Opens the store's pages as different people see them: in every width and colour scheme that is looked at. */
import type { Browser, Page } from "playwright-core";
import { visit } from "./browser.ts";
import { settle, type StorePage } from "./pages.ts";
import type { Scene } from "./scene.ts";

export interface Look {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly colorScheme: "light" | "dark";
}

const HEIGHTS: Readonly<Record<number, number>> = { 320: 640, 390: 844, 820: 1180, 1440: 900 };

/** Every width in both schemes. */
export function looks(widths: readonly number[]): Look[] {
  return widths.flatMap((width) =>
    (["light", "dark"] as const).map((colorScheme) => ({
      width,
      height: HEIGHTS[width] ?? 900,
      colorScheme,
    })),
  );
}

export function lookName({ width, colorScheme }: Look): string {
  return `${String(width)}-${colorScheme}`;
}

/**
 * Opens a page in a profile of its own, waits until it is still, and does something with it.
 *
 * @param work is also given what the page complained of so far: errors of scripts, a broken security policy, what did not load
 * @throws what opening the page or `work` throws; the profile is gone then, too
 */
export async function lookAt<Result>(
  { browser, scene, look }: { readonly browser: Browser; readonly scene: Scene; readonly look: Look },
  storePage: StorePage,
  work: (page: Page, complaints: readonly string[]) => Promise<Result>,
): Promise<Result> {
  const { width, height, colorScheme } = look;
  const { page, complaints, end } = await visit(browser, scene.store.url, {
    viewport: { width, height },
    colorScheme,
    // What moves stands still at its end, which is what is to be judged.
    reducedMotion: "reduce",
  });
  try {
    await storePage.open(page, scene);
    await settle(page);
    const { origin, pathname } = new URL(page.url());
    const unexpected = complaints
      // A page that says what is wrong is not answered with 200, and the browser logs that by itself.
      .filter((line) => !(line.includes("status of 4") && line.endsWith(`(${page.url()})`)))
      // A sample page's order is not in the store.
      .filter((line) => !(pathname.startsWith("/samples/") && line.includes(`(${origin}/api/`)))
      .map((line) => line.replaceAll(origin, ""));
    return await work(page, unexpected);
  } finally {
    await end();
  }
}
