/** What a page makes a browser fetch before pictures: its HTML, its style sheets and every script it can come to load. */
import { readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** Compressed bytes. */
export interface PageWeight {
  readonly html: number;
  readonly css: number;
  readonly js: number;
}

/**
 * Wherever a page names a built file: as a script or style sheet, or as data for a script that fetches it later. What is not
 * built here (the payment provider's script) is not counted.
 */
const NAMED_FILE = /["'](\/assets\/[\w./-]+\.(?:js|css))["'?]/g;

/**
 * Compressed sizes, each file on its own as it travels.
 *
 * @param html a page as it is served
 * @param servedDirectory what static files are served from
 * @throws when the page names a file that is not there
 */
export async function weighPage(html: string, servedDirectory: string): Promise<PageWeight> {
  const named = [...new Set([...html.matchAll(NAMED_FILE)].flatMap(([, path]) => path ?? []))];
  const files = named.map((path) => join(servedDirectory, path));
  const scripts = await withImports(
    files.filter((file) => file.endsWith(".js")),
    servedDirectory,
  );
  return {
    html: compressedBytes(Buffer.from(html)),
    css: await sumOf(files.filter((file) => file.endsWith(".css"))),
    js: await sumOf(scripts),
  };
}

/** The scripts and everything they import, at once or later. */
async function withImports(scripts: readonly string[], servedDirectory: string): Promise<string[]> {
  if (scripts.length === 0) return [];
  const { metafile } = await build({
    absWorkingDir: servedDirectory,
    entryPoints: scripts.map((file) => `./${relative(servedDirectory, file)}`),
    outdir: "unused",
    bundle: true,
    format: "esm",
    write: false,
    metafile: true,
    logLevel: "silent",
    plugins: [
      {
        name: "paths below the store's origin",
        setup(bundle) {
          bundle.onResolve({ filter: /^\// }, ({ path }) => ({ path: join(servedDirectory, path) }));
        },
      },
    ],
  });
  return Object.keys(metafile.inputs).map((input) => resolve(servedDirectory, input));
}

async function sumOf(files: readonly string[]): Promise<number> {
  const contents = await Promise.all(files.map((file) => readFile(file)));
  return contents.reduce((sum, content) => sum + compressedBytes(content), 0);
}

/** With gzip, which every browser takes; the edge's Brotli is smaller yet. */
function compressedBytes(content: Uint8Array): number {
  return gzipSync(content).byteLength;
}
