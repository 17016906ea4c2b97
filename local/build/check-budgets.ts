/**
 * `npm run check:budgets`: what a page makes a browser load stays small, on every page, and so does the Worker, which every isolate
 * loads before its first request. Fails naming what grew.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { buildWorker } from "../built-store/build.ts";
import { PROJECT_DIRECTORY } from "../orchestration/settings.ts";
import { buildAssets } from "./assets.ts";
import { weighPage, type PageWeight } from "./page-weight.ts";
import { renderSamples } from "./render-samples.ts";

/** Compressed bytes of one page: its HTML, all its style sheets, all scripts it may come to load. */
const BUDGETS: PageWeight = { html: 25 * 1024, css: 20 * 1024, js: 20 * 1024 };
const KINDS = ["html", "css", "js"] as const;
/** Compressed bytes of the Worker as it is deployed. */
const WORKER_BUDGET = 600 * 1024;

await buildAssets({ minify: true });
const pagesOver = await overweightPages();
const isWorkerOver = (await weighWorker()) > WORKER_BUDGET;
process.exitCode = pagesOver === 0 && !isWorkerOver ? 0 : 1;

/** @returns how many figures of pages are over their budget */
async function overweightPages(): Promise<number> {
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
  return exceeded;
}

/** @returns compressed bytes of the built Worker */
async function weighWorker(): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), "holdfast-worker-"));
  try {
    const { byteLength } = gzipSync(readFileSync(await buildWorker(directory)));
    const verdict = byteLength > WORKER_BUDGET ? "OVER" : "ok  ";
    console.log(`${verdict} the Worker ${String(byteLength)}, budget ${String(WORKER_BUDGET)}`);
    return byteLength;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
