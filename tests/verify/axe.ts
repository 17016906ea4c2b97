/** The proof that axe finds nothing: every page in every state, on a phone and on a desk, light and dark. */
import { violationsOn } from "../browser/axe.ts";
import { overflowPx } from "../browser/in-page.ts";
import { lookAt, lookName, looks } from "../browser/looks.ts";
import { STORE_PAGES } from "../browser/pages.ts";
import { inParallel } from "../harness/in-parallel.ts";
import type { Outcome, Proof } from "./proof.ts";

const WIDTHS = [390, 1440];
const AT_ONCE = 2;

export const axe: Proof = {
  name: "axe",
  async run({ browser, scene, say }): Promise<Outcome> {
    const place = { browser: await browser(), scene: await scene() };
    const views = STORE_PAGES.flatMap((page) => looks(WIDTHS).map((look) => ({ page, look })));
    let done = 0;
    const found = await inParallel(views, AT_ONCE, async ({ page, look }) => {
      const name = `${page.name} ${lookName(look)}`;
      try {
        const lines = await lookAt({ ...place, look }, page, async (shown) => {
          const overflow = await shown.evaluate(overflowPx);
          const wide = overflow > 0 ? [`${String(overflow)} px wider than the window`] : [];
          return [...wide, ...(await violationsOn(shown))];
        });
        return lines.map((line) => `${name}: ${line}`);
      } catch (error) {
        return [`${name}: ${firstLine(error)}`];
      } finally {
        done += 1;
        if (done % 20 === 0) say(`${String(done)} of ${String(views.length)} views`);
      }
    });
    return { held: found.filter((lines) => lines.length === 0).length, broken: found.flat() };
  },
};

/** Of a page that could not be opened. */
function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n")[0] ?? message;
}
