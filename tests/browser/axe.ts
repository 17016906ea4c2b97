/** What axe-core finds wrong on a page, in lines a person can act on. */
/// <reference lib="dom" />
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults, ElementContext, RunOptions } from "axe-core";
import type { Page } from "playwright-core";

/** WCAG 2.0 to 2.2 at the levels A and AA, and what axe's authors hold for good practice. */
const RULES: RunOptions = {
  runOnly: {
    type: "tag",
    values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"],
  },
  resultTypes: ["violations"],
};

/** Not ours to change: the card form is Stripe's, in a frame of its own. */
const LEFT_OUT = ["iframe"];

/** Elements named per rule; the rest is counted. */
const NAMED_ELEMENTS = 5;

interface AxeWindow {
  readonly axe: { run(context: ElementContext, options: RunOptions): Promise<AxeResults> };
}

let source: Promise<string> | null = null;

/** One line per broken rule; empty where nothing is wrong. */
export async function violationsOn(page: Page): Promise<string[]> {
  source ??= readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  // Evaluated rather than added as a script, which the store's content security policy refuses.
  await page.evaluate(await source);
  const { violations } = await page.evaluate(
    ([exclude, options]) =>
      (globalThis as unknown as AxeWindow).axe.run({ include: [["html"]], exclude }, options),
    [LEFT_OUT, RULES] as const,
  );
  return violations.map(({ id, impact, help, nodes }) => {
    const places = nodes.slice(0, NAMED_ELEMENTS).map(({ target, any }) => {
      const detail = any.find(({ id: check }) => check === "color-contrast")?.message;
      return `${target.join(" ")}${detail === undefined ? "" : ` (${detail})`}`;
    });
    const more = nodes.length > NAMED_ELEMENTS ? ` and ${String(nodes.length - NAMED_ELEMENTS)} more` : "";
    return `${id} [${impact ?? "?"}] ${help}: ${places.join("; ")}${more}`;
  });
}
