/** Makes the data directory of a new cluster. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { postgresBinaries } from "./binaries.ts";
import type { Placement } from "./placement.ts";
import { POSTGRES_ENVIRONMENT } from "./postmaster.ts";
import { giveTo, makeReachable, serverUser } from "./server-user.ts";

const INITDB_TIMEOUT_MS = 120_000;

/**
 * Makes a new cluster with one superuser, unless there is one already. The directory gets its name only when it is complete,
 * so a start killed half-way leaves nothing that looks like a cluster. Throws with initdb's own words.
 */
export async function createCluster(placement: Placement, user: string, password: string): Promise<void> {
  if (existsSync(join(placement.dataDirectory, "PG_VERSION"))) return;
  await publishDataDirectory(placement, async (unfinished) => {
    const passwordFile = join(unfinished, "..", "initdb-password");
    writeFileSync(passwordFile, password, { mode: 0o600 });
    giveTo(passwordFile, serverUser());
    try {
      await runInitdb(unfinished, user, passwordFile);
    } finally {
      rmSync(passwordFile, { force: true });
    }
  });
}

/**
 * Lets `fill` put a complete data directory under a provisional name, then gives it its real one in place of whatever was
 * there. `fill` is handed an empty directory that belongs to the server's user.
 */
export async function publishDataDirectory(
  placement: Placement,
  fill: (unfinished: string) => Promise<void>,
): Promise<void> {
  const nest = join(placement.workDirectory, "unfinished");
  const unfinished = join(nest, "data");
  rmSync(nest, { recursive: true, force: true });
  makeReachable(nest);
  mkdirSync(unfinished, { mode: 0o700 });
  giveTo(unfinished, serverUser());
  await fill(unfinished);
  rmSync(placement.dataDirectory, { recursive: true, force: true });
  renameSync(unfinished, placement.dataDirectory);
  rmSync(nest, { recursive: true, force: true });
}

async function runInitdb(directory: string, user: string, passwordFile: string): Promise<void> {
  const identity = serverUser();
  const args = [
    `--pgdata=${directory}`,
    `--username=${user}`,
    `--pwfile=${passwordFile}`,
    "--auth=password",
    "--encoding=UTF8",
    // The same order and case rules on every machine, and the same as on Neon.
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--set=scram_iterations=1",
    "--no-sync",
    "--no-instructions",
  ];
  try {
    await promisify(execFile)(postgresBinaries().initdb, args, {
      cwd: "/",
      env: { ...POSTGRES_ENVIRONMENT },
      timeout: INITDB_TIMEOUT_MS,
      ...(identity ?? {}),
    });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new Error(`initdb failed: ${stderr ?? String(error)}`, { cause: error });
  }
}
