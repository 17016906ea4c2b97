/** Builds what the browser loads: islands and styles under hashed names, public files as they are, `_headers`, and the manifest of names. */
import { randomUUID } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { readDesignTokens } from "./design-tokens.ts";
import { responseHeaders } from "./response-headers.ts";
import { buildServiceWorker } from "./service-worker.ts";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

/** Hashed files that no page names any more stay this long: an open page, or a second instance, may still load them. */
const STALE_FILE_MS = 24 * 60 * 60 * 1000;

/** Browsers of the last three years or so; esbuild lowers newer syntax to this. */
const BROWSERS = ["chrome111", "edge111", "firefox114", "safari16.4"];

export interface AssetBuildOptions {
  /** Shorter code; the default, so that what is measured locally is what is served. */
  readonly minify?: boolean;
  /** Where `assets/` and `asset-manifest.json` go; default `dist` in the project. */
  readonly outputDirectory?: string;
}

export interface AssetBuildResult {
  /** Logical name (`store.css`, `product.js`) → path below the store's origin. */
  readonly manifest: Readonly<Record<string, string>>;
  /** How many files were new or different. */
  readonly written: number;
}

/**
 * Brings the output directory up to date. Safe to run again and beside itself: a file is replaced in one step, and only
 * when its content differs, so watchers see no change where there is none.
 *
 * @throws when a source does not compile or a file cannot be written
 */
export async function buildAssets(options: AssetBuildOptions = {}): Promise<AssetBuildResult> {
  const outputDirectory = options.outputDirectory ?? join(PROJECT, "dist");
  const served = join(outputDirectory, "assets");
  const [bundle, publicFiles] = await Promise.all([
    bundleSources(served, options.minify ?? true),
    readPublicFiles(),
  ]);

  const files = new Map<string, Uint8Array>();
  for (const [path, content] of publicFiles) files.set(join(served, path), content);
  for (const file of bundle.files) files.set(file.path, file.contents);
  files.set(join(served, "_headers"), Buffer.from(responseHeaders()));

  files.set(
    join(served, "sw.js"),
    await buildServiceWorker({ manifest: bundle.manifest, minify: options.minify ?? true }),
  );

  const tokens = readDesignTokens(await readFile(join(PROJECT, "web/styles/tokens.css"), "utf8"));
  files.set(join(outputDirectory, "design-tokens.json"), Buffer.from(`${JSON.stringify(tokens, null, 2)}\n`));

  let written = 0;
  for (const [path, content] of files) if (await replaceIfDifferent(path, content)) written += 1;
  // The manifest goes last: whoever reads it finds every file it names.
  const manifestText = `${JSON.stringify(bundle.manifest, null, 2)}\n`;
  if (await replaceIfDifferent(join(outputDirectory, "asset-manifest.json"), Buffer.from(manifestText)))
    written += 1;
  await removeStale(served, files);
  return { manifest: bundle.manifest, written };
}

async function bundleSources(served: string, minify: boolean) {
  const entriesDirectory = join(PROJECT, "web/islands/entries");
  const scripts = (await readdir(entriesDirectory)).filter((name) => name.endsWith(".ts")).sort();
  const result = await build({
    absWorkingDir: PROJECT,
    entryPoints: [...scripts.map((name) => `web/islands/entries/${name}`), "web/styles/store.css"],
    outdir: join(served, "assets"),
    entryNames: "[name]-[hash]",
    bundle: true,
    format: "esm",
    target: BROWSERS,
    minify,
    sourcemap: "linked",
    legalComments: "none",
    metafile: true,
    write: false,
    logLevel: "warning",
  });
  const manifest: Record<string, string> = {};
  for (const [outputPath, output] of Object.entries(result.metafile.outputs)) {
    if (output.entryPoint === undefined) continue;
    const extension = output.entryPoint.endsWith(".css") ? "css" : "js";
    const name = output.entryPoint.replace(/^.*\/|\.\w+$/g, "");
    const path = relative(served, resolve(PROJECT, outputPath));
    manifest[`${name}.${extension}`] = `/${path.split(sep).join("/")}`;
  }
  return {
    files: result.outputFiles,
    manifest: Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

async function readPublicFiles(): Promise<Map<string, Uint8Array>> {
  const root = join(PROJECT, "web/public");
  const files = new Map<string, Uint8Array>();
  for (const path of await filesBelow(root)) {
    // A file may go away between the listing and the read (an editor at work); the next run catches up.
    const content = await readFile(join(root, path)).catch(ignoreMissing);
    if (content !== null) files.set(path, content);
  }
  return files;
}

async function filesBelow(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(ignoreMissing);
  return (entries ?? [])
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

async function replaceIfDifferent(path: string, content: Uint8Array): Promise<boolean> {
  const existing = await readFile(path).catch(ignoreMissing);
  if (existing !== null && existing.equals(content)) return false;
  await mkdir(dirname(path), { recursive: true });
  // The dot keeps a half-written file out of listings; the random part keeps two builds apart.
  const temporary = join(dirname(path), `.${randomUUID()}.part`);
  await writeFile(temporary, content);
  await rename(temporary, path);
  return true;
}

/** Removes copies of public files that are gone, at once, and hashed files that nothing names, after a day. */
async function removeStale(served: string, current: ReadonlyMap<string, unknown>): Promise<void> {
  const hashed = join(served, "assets") + sep;
  for (const relativePath of await filesBelow(served)) {
    const path = join(served, relativePath);
    if (current.has(path)) continue;
    if (path.startsWith(hashed)) {
      const found = await stat(path).catch(ignoreMissing);
      if (found === null || Date.now() - found.mtimeMs < STALE_FILE_MS) continue;
    }
    await rm(path, { force: true });
  }
}

function ignoreMissing(error: unknown): null {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
  throw error;
}

if (import.meta.main) {
  const { manifest, written } = await buildAssets({ minify: !process.argv.includes("--no-minify") });
  console.log(`assets: ${Object.keys(manifest).length} bundles, ${written} files new or changed`);
}
