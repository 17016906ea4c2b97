/** Builds `/sw.js`: the service worker, with the names of the files it keeps and a version that changes whenever one of them does. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
const ICON = "favicon.svg";
/** Set to true and deploy, and every browser removes its service worker and what that kept. */
const RETIRED = false;

export interface ServiceWorkerOptions {
  /** Logical name → path of the built assets. */
  readonly manifest: Readonly<Record<string, string>>;
  readonly minify: boolean;
  /** For tests of the kill switch. */
  readonly retired?: boolean;
}

/** @throws when a source does not compile, or the manifest lacks what the offline page needs */
export async function buildServiceWorker(options: ServiceWorkerOptions): Promise<Uint8Array> {
  const { manifest, minify, retired = RETIRED } = options;
  const kept = ["store.css", "offline.js"].map((name) => {
    const path = manifest[name];
    if (path === undefined) throw new Error(`the service worker keeps "${name}", which was not built`);
    return path;
  });
  const version = createHash("sha256")
    .update(await offlinePageCode())
    .update(await readFile(join(PROJECT, "web/public", ICON)))
    .update(JSON.stringify(kept))
    .digest("hex")
    .slice(0, 12);
  return await bundle("web/service-worker/service-worker.ts", {
    minify,
    define: {
      VERSION: JSON.stringify(version),
      KEPT_FILES: JSON.stringify([...kept, `/${ICON}`]),
      RETIRED: String(retired),
    },
  });
}

/** The page is rendered by the Worker; what can change it here is its code, with everything that code imports. */
function offlinePageCode(): Promise<Uint8Array> {
  return bundle("web/pages/offline.tsx", {
    minify: true,
    jsx: "automatic",
    jsxImportSource: "hono/jsx",
    external: ["*/asset-manifest.json"],
  });
}

async function bundle(entry: string, options: Parameters<typeof build>[0]): Promise<Uint8Array> {
  const { outputFiles } = await build({
    absWorkingDir: PROJECT,
    entryPoints: [entry],
    bundle: true,
    format: "esm",
    target: "es2022",
    legalComments: "none",
    logLevel: "warning",
    ...options,
    write: false,
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error(`${entry} was not built`);
  return output.contents;
}
