/** What the local platform is told by its environment and arguments (docs/api.md, "Commands"). */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const PROJECT_DIRECTORY = fileURLToPath(new URL("../../", import.meta.url));
const DEFAULT_STATE_DIRECTORY = ".local";
const DEFAULT_PORT = 8787;

export interface PlatformSettings {
  /** Where the store listens. */
  readonly port: number;
  /** Absolute. Everything the local platform keeps. */
  readonly stateDirectory: string;
  /** Where `wrangler dev` keeps objects, queues and caches. With the default state directory it is wrangler's own default, so that plain `npx wrangler dev` finds the same objects. */
  readonly workerStateDirectory: string;
  readonly holdSeconds: number;
  readonly paymentSeconds: number;
  readonly graceSeconds: number;
  /** Products added behind the seed catalog (`local/seed/large-catalog.ts`), three SKUs each. */
  readonly generatedProducts: number;
  /** Postgres and objects in memory, without fsync: for benchmarks and drills. */
  readonly inMemory: boolean;
}

/**
 * Reads PORT, STATE_DIR, HOLD_SECONDS, PAYMENT_SECONDS and GRACE_SECONDS.
 *
 * @throws Error naming the variable that is not what it should be
 */
export function platformSettings(env: NodeJS.ProcessEnv = process.env): PlatformSettings {
  const name = env["STATE_DIR"] ?? DEFAULT_STATE_DIRECTORY;
  const stateDirectory = resolve(PROJECT_DIRECTORY, name);
  const isDefault = stateDirectory === resolve(PROJECT_DIRECTORY, DEFAULT_STATE_DIRECTORY);
  return {
    port: wholeNumber(env, "PORT", DEFAULT_PORT, 1, 65_535),
    stateDirectory,
    workerStateDirectory: isDefault
      ? resolve(PROJECT_DIRECTORY, ".wrangler/state")
      : resolve(stateDirectory, "worker"),
    holdSeconds: wholeNumber(env, "HOLD_SECONDS", 1800, 1, 86_400),
    paymentSeconds: wholeNumber(env, "PAYMENT_SECONDS", 600, 1, 86_400),
    graceSeconds: wholeNumber(env, "GRACE_SECONDS", 120, 0, 86_400),
    generatedProducts: 0,
    inMemory: false,
  };
}

function wholeNumber(
  env: NodeJS.ProcessEnv,
  name: string,
  fallback: number,
  least: number,
  most: number,
): number {
  const text = env[name];
  if (text === undefined || text === "") return fallback;
  const value = Number(text);
  if (!/^\d{1,6}$/.test(text) || value < least || value > most) {
    throw new Error(`${name} must be a whole number from ${String(least)} to ${String(most)}, not "${text}"`);
  }
  return value;
}
