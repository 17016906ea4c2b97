/** Ends a Postgres server that a killed session left running on a data directory. */
import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { commandLine, isAlive } from "../process/identity.ts";
import { endProcess } from "../process/pid-record.ts";

const FAST_SHUTDOWN_MS = 8_000;

interface PostmasterFile {
  pid: number;
  port: number;
  /** "starting", "ready", "standby" (up, but not yet for readers) or "stopping". */
  status: string;
}

/** Reads the file in which a running server writes its process id; `undefined` where there is none, or half of one. */
export function readPostmasterFile(dataDirectory: string): PostmasterFile | undefined {
  let text: string;
  try {
    text = readFileSync(join(dataDirectory, "postmaster.pid"), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const lines = text.split("\n");
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 1) return undefined;
  return { pid, port: Number(lines[3]), status: (lines[7] ?? "").trim() };
}

/**
 * Ends the server named in `postmaster.pid`, provided that process really is a Postgres of this directory: the id may
 * long belong to somebody else. Answers whether there was one to end. Throws where it does not end.
 */
export async function endLeftOver(dataDirectory: string): Promise<boolean> {
  const recorded = readPostmasterFile(dataDirectory);
  if (recorded === undefined || !isPostgresOf(recorded.pid, dataDirectory)) return false;
  await endProcess(recorded.pid, {
    name: `the Postgres left over in ${dataDirectory}`,
    // Postgres calls this a fast shutdown: open sessions are ended, everything is written.
    stopSignal: "SIGINT",
    wholeGroup: false,
    timeoutMs: FAST_SHUTDOWN_MS,
  });
  return true;
}

/** Answers whether a process is the main process of the Postgres server on this data directory. */
function isPostgresOf(pid: number, dataDirectory: string): boolean {
  if (!isAlive(pid)) return false;
  const command = commandLine(pid);
  if (command === undefined || !/(^|\/)postgres /.test(command)) return false;
  return command.includes(` -D ${dataDirectory} `) || command.includes(` -D ${realpathSync(dataDirectory)} `);
}
