/** Builds the Worker as a deployment would, into a directory: what tests and the benchmark run. */
import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { definedEnvironment } from "../orchestration/part.ts";
import { PROJECT_DIRECTORY } from "../orchestration/settings.ts";

const BUILD_TIMEOUT_MS = 120_000;

/**
 * @param options `minify: false` for a readable profile; a deployment is minified. `projectDirectory`: another checkout than this one
 * @returns the built script's path
 * @throws Error with wrangler's output when the build fails
 */
export async function buildWorker(
  directory = join(PROJECT_DIRECTORY, "dist/worker"),
  options: { readonly minify?: boolean; readonly projectDirectory?: string } = {},
): Promise<string> {
  const { projectDirectory = PROJECT_DIRECTORY } = options;
  mkdirSync(directory, { recursive: true });
  const wrangler = join(PROJECT_DIRECTORY, "node_modules/wrangler/bin/wrangler.js");
  await promisify(execFile)(
    process.execPath,
    [
      wrangler,
      "deploy",
      "--dry-run",
      "--outdir",
      directory,
      ...(options.minify === false ? [] : ["--minify"]),
    ],
    {
      cwd: projectDirectory,
      timeout: BUILD_TIMEOUT_MS,
      env: { ...definedEnvironment(), WRANGLER_SEND_METRICS: "false" },
    },
  );
  return join(directory, "index.js");
}
