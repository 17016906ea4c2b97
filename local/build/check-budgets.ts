/** `npm run check:budgets`: what a page makes a browser load stays small. Fails naming what grew. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { PROJECT_DIRECTORY } from "../orchestration/settings.ts";
import { buildAssets } from "./assets.ts";

/** Compressed bytes of one bundle; a page loads one stylesheet and at most two scripts. */
const BUDGETS = { ".css": 20 * 1024, ".js": 10 * 1024 } as const;

const { manifest } = await buildAssets({ minify: true });
let exceeded = 0;
for (const [name, path] of Object.entries(manifest)) {
  const budget = Object.entries(BUDGETS).find(([ending]) => name.endsWith(ending))?.[1];
  if (budget === undefined) continue;
  const bytes = gzipSync(readFileSync(join(PROJECT_DIRECTORY, "dist/assets", path))).byteLength;
  if (bytes > budget) exceeded += 1;
  console.log(
    `${bytes > budget ? "OVER" : "ok  "} ${name.padEnd(16)} ${String(bytes).padStart(6)} of ${String(budget)} bytes, compressed`,
  );
}
process.exitCode = exceeded === 0 ? 0 : 1;
