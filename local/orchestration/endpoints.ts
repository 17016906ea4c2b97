/** `$STATE_DIR/endpoints.json`: where everything is while the platform runs (docs/api.md, "Commands"). */
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Endpoints {
  readonly store: string;
  readonly postgres: string;
  readonly postgresReplica: string;
  readonly neon: string;
  readonly redis: string;
  readonly stripe: string;
  readonly turnstile: string;
  readonly mail: string;
  readonly redisToken: string;
  readonly stripePublishableKey: string;
  readonly stripeSecretKey: string;
  readonly webhookSecret: string;
  /** Process ids by part; `store` only while `npm run dev` runs the Worker. */
  readonly pids: Readonly<Record<string, number>>;
}

const fileIn = (stateDirectory: string): string => join(stateDirectory, "endpoints.json");

export function writeEndpoints(stateDirectory: string, endpoints: Endpoints): void {
  const file = fileIn(stateDirectory);
  writeFileSync(`${file}.new`, `${JSON.stringify(endpoints, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function removeEndpoints(stateDirectory: string): void {
  rmSync(fileIn(stateDirectory), { force: true });
}

/** Answers null where no platform runs with this state directory. */
export function readEndpoints(stateDirectory: string): Endpoints | null {
  try {
    return JSON.parse(readFileSync(fileIn(stateDirectory), "utf8")) as Endpoints;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
