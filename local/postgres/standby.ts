/** Brings a standby up, and decides when its copy of the primary is no good any more and must be made anew. */
import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { RunningChild } from "../process/child.ts";
import { waitFor } from "../process/wait-for.ts";
import { copyPrimary } from "./base-backup.ts";
import { postgresClient } from "./client.ts";
import { publishDataDirectory } from "./initdb.ts";
import { endLeftOver } from "./left-over.ts";
import type { Placement } from "./placement.ts";
import { logFileIn, startPostmaster } from "./postmaster.ts";
import { writeSettings } from "./settings.ts";
import type { ClusterSettings } from "./settings.ts";

const PRIMARY_CONNECT_TIMEOUT_MS = 2_000;
const FOLLOWS_TIMEOUT_MS = 15_000;
/** What the log says when the primary can no longer serve this copy: it is behind what is kept, or ahead of it. */
const HOPELESS =
  /requested WAL segment \S+ has already been removed|requested starting point .* is (ahead|not in)|highest timeline|differs from|invalid primary checkpoint record/;

export type StandbySettings = ClusterSettings & Required<Pick<ClusterSettings, "standby">>;

/** Copies the primary where there is no copy yet, or one of another primary. Rejects where one is needed and it is away. */
export async function prepareStandby(placement: Placement, primaryUrl: string): Promise<void> {
  const primaryId = await primarySystemId(primaryUrl);
  const ownId = await systemIdOf(placement.dataDirectory);
  if (ownId !== undefined && (primaryId === undefined || primaryId === ownId)) return;
  if (primaryId === undefined) {
    throw new Error(
      "the Postgres standby has no data yet and the primary to copy them from cannot be reached",
    );
  }
  await rebuild(placement, primaryUrl);
}

/**
 * Starts the standby and resolves when it answers reads and follows the primary. Where it does not come up or cannot
 * follow, and the primary is there, the copy is made anew once. Rejects where even that does not help.
 */
export async function runStandby(
  placement: Placement,
  settings: StandbySettings,
  ownUrl: string,
): Promise<RunningChild> {
  const { primaryUrl } = settings.standby;
  try {
    return await startAndFollow(placement, settings, ownUrl);
  } catch (error) {
    const portTaken = error instanceof Error && error.message.includes("in use");
    if (portTaken || (await primarySystemId(primaryUrl)) === undefined) throw error;
  }
  await rebuild(placement, primaryUrl);
  return startAndFollow(placement, settings, ownUrl);
}

async function startAndFollow(
  placement: Placement,
  settings: StandbySettings,
  ownUrl: string,
): Promise<RunningChild> {
  writeSettings(placement.dataDirectory, settings);
  const child = await startPostmaster({
    name: "the Postgres standby",
    dataDirectory: placement.dataDirectory,
    logFile: logFileIn(placement.directory),
    port: settings.port,
  });
  try {
    if ((await primarySystemId(settings.standby.primaryUrl)) !== undefined)
      await waitUntilItFollows(child, ownUrl);
  } catch (error) {
    await child.stop();
    throw error;
  }
  return child;
}

async function waitUntilItFollows(child: RunningChild, ownUrl: string): Promise<void> {
  const client = postgresClient(ownUrl, { connectionTimeoutMillis: PRIMARY_CONNECT_TIMEOUT_MS });
  await client.connect();
  try {
    await waitFor(
      async () => {
        const hopeless = HOPELESS.exec(child.lastOutput());
        if (hopeless !== null) throw new Error(`the standby cannot follow the primary: ${hopeless[0]}`);
        const answer = await client.query("SELECT 1 FROM pg_stat_wal_receiver WHERE status = 'streaming'");
        return answer.rowCount === 1;
      },
      {
        what: "the Postgres standby to follow the primary",
        timeoutMs: FOLLOWS_TIMEOUT_MS,
        explain: () => child.lastOutput(),
      },
    );
  } finally {
    await client.end();
  }
}

async function rebuild(placement: Placement, primaryUrl: string): Promise<void> {
  await endLeftOver(placement.dataDirectory);
  await publishDataDirectory(placement, (unfinished) => copyPrimary(primaryUrl, unfinished));
}

/** The identity of a primary's cluster; `undefined` where it cannot be reached, for whatever reason. */
async function primarySystemId(primaryUrl: string): Promise<string | undefined> {
  const client = postgresClient(primaryUrl, { connectionTimeoutMillis: PRIMARY_CONNECT_TIMEOUT_MS });
  // A server that goes away while we ask is told by the query's own rejection.
  client.on("error", () => undefined);
  try {
    await client.connect();
    const answer = await client.query<{ id: string }>(
      "SELECT system_identifier::text AS id FROM pg_control_system()",
    );
    return answer.rows[0]?.id;
  } catch {
    return undefined;
  } finally {
    await client.end();
  }
}

/** The identity of the cluster in a data directory: the first eight bytes of its control file. */
async function systemIdOf(dataDirectory: string): Promise<string | undefined> {
  const file = join(dataDirectory, "global", "pg_control");
  if (!existsSync(file)) return undefined;
  const handle = await open(file, "r");
  try {
    const { buffer } = await handle.read(Buffer.alloc(8), 0, 8, 0);
    return buffer.readBigUInt64LE(0).toString();
  } finally {
    await handle.close();
  }
}
