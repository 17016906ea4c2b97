/** Runs one Postgres server process on a data directory. */
import { existsSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startChild } from "../process/child.ts";
import type { RunningChild } from "../process/child.ts";
import { isPortFree } from "../process/free-port.ts";
import { postgresBinaries } from "./binaries.ts";
import { endLeftOver, readPostmasterFile } from "./left-over.ts";
import { serverUser } from "./server-user.ts";

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;
const MAX_LOG_BYTES = 5 * 1024 * 1024;
/** The backends of a killed server notice its death by themselves, but not at once: five seconds are plenty. */
const HELD_ATTEMPTS = 50;
const HELD_WAIT_MS = 100;
/** What Postgres says while remains of the former server hold the directory, or it believes so. */
const HELD = /is still in use|lock file "postmaster.pid" already exists/;

interface PostmasterOptions {
  name: string;
  dataDirectory: string;
  logFile: string;
  port: number;
}

/** The environment of every Postgres program: LC_ALL set, or macOS makes the server multithreaded and it refuses to start. */
export const POSTGRES_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: "/usr/bin:/bin",
  LC_ALL: "C",
  TZ: "UTC",
  HOME: "/",
};

/**
 * Ends what an earlier session left running on the data directory, then starts the server and resolves when it accepts
 * connections. Its log goes to a file and the server outlives a killed parent; the next start ends it. Rejects with one clear
 * sentence where the port is taken, and with the end of the log where the server does not start.
 */
export async function startPostmaster(options: PostmasterOptions): Promise<RunningChild> {
  await endLeftOver(options.dataDirectory);
  if (!(await isPortFree(options.port))) {
    throw new Error(`${options.name} cannot start: port ${String(options.port)} on 127.0.0.1 is in use`);
  }
  if (existsSync(options.logFile) && statSync(options.logFile).size > MAX_LOG_BYTES) {
    renameSync(options.logFile, `${options.logFile}.old`);
  }
  for (let attempt = 1; attempt <= HELD_ATTEMPTS; attempt += 1) {
    try {
      return await launch(options);
    } catch (error) {
      if (!(error instanceof Error) || !HELD.test(error.message)) throw error;
      await delay(HELD_WAIT_MS);
    }
  }
  // All remains had time to go, and what has the recorded id now is no Postgres of this directory (that one was ended
  // above): the id was given to somebody else, which Postgres cannot know.
  rmSync(join(options.dataDirectory, "postmaster.pid"), { force: true });
  return launch(options);
}

function launch(options: PostmasterOptions): Promise<RunningChild> {
  const user = serverUser();
  return startChild({
    name: options.name,
    command: postgresBinaries().postgres,
    // The directory stands in the command line so that a left-over can be told from somebody else's server.
    args: ["-D", options.dataDirectory, "-p", String(options.port)],
    cwd: "/",
    env: POSTGRES_ENVIRONMENT,
    ...(user ?? {}),
    logFile: options.logFile,
    readyProbe: (pid) => {
      const written = readPostmasterFile(options.dataDirectory);
      return written?.pid === pid && written.status === "ready";
    },
    readyTimeoutMs: READY_TIMEOUT_MS,
    // A fast shutdown; SIGTERM would wait for every client to leave by itself.
    stopSignal: "SIGINT",
    stopTimeoutMs: STOP_TIMEOUT_MS,
    signalWholeGroup: false,
  });
}

/** The log file of the cluster in this directory. */
export function logFileIn(directory: string): string {
  return join(directory, "server.log");
}
