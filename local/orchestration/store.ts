/** The Worker under `wrangler dev`, as a child of the platform. */
import { join } from "node:path";
import { isPortFree } from "../process/free-port.ts";
import { startChild, type RunningChild } from "../process/child.ts";
import { definedEnvironment } from "./part.ts";
import type { Platform } from "./platform.ts";
import { PROJECT_DIRECTORY } from "./settings.ts";

const READY_TIMEOUT_MS = 60_000;

/**
 * Starts `wrangler dev` on the platform's port and resolves when the store answers.
 *
 * @param onLine told what wrangler prints
 * @param abandon ends the wait, and the Worker with it
 * @throws Error with one clear sentence when the port is in use or the Worker does not start
 */
export async function startStore(
  platform: Platform,
  onLine: (line: string) => void,
  abandon?: AbortSignal,
): Promise<RunningChild> {
  const { settings, endpoints } = platform;
  await assertPortFree(settings.port);
  const store = await startChild({
    name: "the Worker",
    command: process.execPath,
    args: [
      join(PROJECT_DIRECTORY, "node_modules/wrangler/bin/wrangler.js"),
      "dev",
      "--ip",
      "127.0.0.1",
      "--port",
      String(settings.port),
      "--inspector-port",
      "0",
      "--persist-to",
      settings.workerStateDirectory,
      "--env-file",
      platform.variablesFile,
      "--show-interactive-dev-session=false",
    ],
    cwd: PROJECT_DIRECTORY,
    env: {
      ...definedEnvironment(),
      TMPDIR: platform.workerTemporaryDirectory,
      WRANGLER_SEND_METRICS: "false",
      CLOUDFLARE_CF_FETCH_ENABLED: "false",
    },
    onLine,
    readyProbe: () => answers(`${endpoints.store}/api/health`),
    readyTimeoutMs: READY_TIMEOUT_MS,
    ...(abandon === undefined ? {} : { abandon }),
  });
  platform.adopt("store", store.pid);
  return store;
}

/** @throws Error with one clear sentence when somebody else listens there */
export async function assertPortFree(port: number): Promise<void> {
  if (await isPortFree(port)) return;
  throw new Error(
    `Port ${String(port)} is in use by another program. Stop it, or choose another port: PORT=8788 npm run dev`,
  );
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(5_000) })).ok;
  } catch {
    // Not listening yet: that is what is being waited for.
    return false;
  }
}
