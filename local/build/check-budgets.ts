/** `npm run check:budgets`: what a page makes a browser load stays small, on every page. Fails naming what grew. */
import { join } from "node:path";
import { PROJECT_DIRECTORY } from "../orchestration/settings.ts";
import { buildAssets } from "./assets.ts";
import { weighPage, type PageWeight } from "./page-weight.ts";
import { renderSamples } from "./render-samples.ts";

/** Compressed bytes of one page: its HTML, all its style sheets, all scripts it may come to load. */
const BUDGETS: PageWeight = { html: 25 * 1024, css: 20 * 1024, js: 20 * 1024 };
const KINDS = ["html", "css", "js"] as const;

await buildAssets({ minify: true });
const samples = await renderSamples();
const servedDirectory = join(PROJECT_DIRECTORY, "dist/assets");
let exceeded = 0;
console.log(`${"compressed bytes".padEnd(28)}${KINDS.map((kind) => kind.padStart(8)).join("")}`);
for (const [name, html] of samples) {
  const weight = await weighPage(html, servedDirectory);
  const over = KINDS.filter((kind) => weight[kind] > BUDGETS[kind]);
  exceeded += over.length;
  const figures = KINDS.map((kind) => String(weight[kind]).padStart(8)).join("");
  console.log(
    `${over.length > 0 ? "OVER" : "ok  "} ${name.padEnd(23)}${figures}${over.length > 0 ? `  too much ${over.join(", ")}` : ""}`,
  );
}
console.log(`budget${" ".repeat(22)}${KINDS.map((kind) => String(BUDGETS[kind]).padStart(8)).join("")}`);
process.exitCode = exceeded === 0 ? 0 : 1;
