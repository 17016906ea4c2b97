/** Renders the sample pages (web/preview) with the seed catalog: for the preview, the budgets and the proofs. */
import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { PROJECT_DIRECTORY } from "../orchestration/settings.ts";
import { previewProducts } from "./preview-products.ts";

interface SamplePage {
  readonly name: string;
  readonly html: string;
}

/**
 * Every sample page's HTML by name. The assets must have been built: pages name their hashed files.
 *
 * @throws when a page does not compile or cannot be rendered
 */
export async function renderSamples(): Promise<Map<string, string>> {
  // The pages are written in JSX, which Node does not read by itself: bundled first, under a name of this run's own.
  const bundle = join(PROJECT_DIRECTORY, `dist/preview/sample-pages-${randomUUID()}.mjs`);
  await build({
    absWorkingDir: PROJECT_DIRECTORY,
    entryPoints: ["web/preview/sample-pages.tsx"],
    outfile: bundle,
    bundle: true,
    platform: "node",
    format: "esm",
    jsx: "automatic",
    jsxImportSource: "hono/jsx",
    logLevel: "warning",
  });
  try {
    const loaded = (await import(pathToFileURL(bundle).href)) as {
      samplePages: (products: unknown, now: number) => SamplePage[];
    };
    const now = Date.now();
    return new Map(loaded.samplePages(previewProducts(now), now).map(({ name, html }) => [name, html]));
  } finally {
    await rm(bundle, { force: true });
  }
}
