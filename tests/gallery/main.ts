/**
 * `npm run gallery`: photographs of every page in every state, on a phone, a tablet and a desk, light and dark, from a built
 * store of its own, with a contact sheet: `dist/gallery/index.html`.
 *
 *     npm run gallery -- --only home,product --widths 390 --out DIR
 *
 * Exit 1 where a page could not be photographed, complained, or is wider than its window.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { PROJECT_DIRECTORY } from "../../local/orchestration/settings.ts";
import { widerThanWindow } from "../browser/in-page.ts";
import { lookAt, lookName, looks } from "../browser/looks.ts";
import { everyPage } from "../browser/pages.ts";
import { inParallel } from "../harness/in-parallel.ts";
import { inSurroundings } from "../verify/surroundings.ts";
import { contactSheet, type Photograph } from "./contact-sheet.ts";

const AT_ONCE = 2;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    widths: { type: "string", default: "390,820,1440" },
    out: { type: "string", default: join(PROJECT_DIRECTORY, "dist/gallery") },
  },
});
const folder = resolve(values.out);
const only = values.only?.split(",");
const everyLook = looks(values.widths.split(",").map(Number));
if (only === undefined && values.out === join(PROJECT_DIRECTORY, "dist/gallery"))
  rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

let problems = 0;
const photographs = await inSurroundings(async (surroundings) => {
  const place = { browser: await surroundings.browser(), scene: await surroundings.scene() };
  const pages = (await everyPage(place.scene)).filter(({ name }) => only?.includes(name) !== false);
  const views = pages.flatMap((page) => everyLook.map((look) => ({ page, look })));
  return await inParallel(views, AT_ONCE, async ({ page, look }): Promise<Photograph> => {
    const file = `${page.name}-${lookName(look)}.png`;
    try {
      await lookAt({ ...place, look }, page, async (shown, complaints) => {
        for (const complaint of complaints) problem(`${file}: ${complaint}`);
        const tooWide = await shown.evaluate(widerThanWindow);
        if (tooWide !== null) problem(`${file}: ${tooWide}`);
        await shown.screenshot({ path: join(folder, file), fullPage: true });
      });
      return { page: page.name, look, result: { file } };
    } catch (error) {
      const [text = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
      problem(`${file}: ${text}`);
      return { page: page.name, look, result: { problem: text } };
    }
  });
});
writeFileSync(join(folder, "index.html"), contactSheet(photographs, everyLook, new Date()));
console.log(`gallery: ${String(photographs.length)} photographs, ${String(problems)} problems`);
console.log(join(folder, "index.html"));
process.exit(problems === 0 ? 0 : 1);

function problem(line: string): void {
  problems += 1;
  console.log(line);
}
