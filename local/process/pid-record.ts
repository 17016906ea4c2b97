/** Remembers started processes in a file, so that a later start can end what a killed one left behind. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { isAlive, startMark } from "./identity.ts";
import { waitFor } from "./wait-for.ts";

const DEFAULT_END_TIMEOUT_MS = 10_000;
const KILL_TIMEOUT_MS = 5_000;

export interface PidRecord {
  name: string;
  pid: number;
  /** Tells this process from a later one with the same id. */
  startMark: string;
  /** How this process is asked to end. */
  stopSignal: NodeJS.Signals;
  /** Whether the signal goes to the process group that `pid` leads. */
  wholeGroup: boolean;
}

/**
 * Writes down a running process. Takes the file, a name for messages, the process id and how to end it. Answers false,
 * and writes nothing, where the process is already gone.
 */
export function recordProcess(
  file: string,
  entry: { name: string; pid: number; stopSignal?: NodeJS.Signals; wholeGroup?: boolean },
): boolean {
  const mark = startMark(entry.pid);
  if (mark === undefined) return false;
  const record: PidRecord = {
    name: entry.name,
    pid: entry.pid,
    startMark: mark,
    stopSignal: entry.stopSignal ?? "SIGTERM",
    wholeGroup: entry.wholeGroup ?? false,
  };
  mkdirSync(dirname(file), { recursive: true });
  // Written beside and renamed: a start killed in between leaves either the old record or the new one.
  writeFileSync(`${file}.new`, `${JSON.stringify(record)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return true;
}

/** Answers the record of a process that still runs; `undefined` where there is none or it has ended. */
export function readLiveRecord(file: string): PidRecord | undefined {
  let record: Partial<PidRecord>;
  try {
    record = JSON.parse(readFileSync(file, "utf8")) as Partial<PidRecord>;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  if (typeof record.pid !== "number" || record.pid <= 1 || typeof record.startMark !== "string")
    return undefined;
  if (!isAlive(record.pid) || startMark(record.pid) !== record.startMark) return undefined;
  return record as PidRecord;
}

/**
 * Ends the process a record names, if it still is that process, and removes the record. Asks politely first, then
 * kills. Answers the name of what was ended, `undefined` where nothing was running. Throws where it cannot be ended.
 */
export async function endRecorded(
  file: string,
  timeoutMs = DEFAULT_END_TIMEOUT_MS,
): Promise<string | undefined> {
  const record = readLiveRecord(file);
  if (record !== undefined) {
    await endProcess(record.pid, { ...record, timeoutMs });
  }
  rmSync(file, { force: true });
  return record?.name;
}

/**
 * Ends a process that need not be a child of this one: `stopSignal`, then SIGKILL after `timeoutMs`, each to its whole
 * group where `wholeGroup` is set. Throws where it is still alive five seconds after that.
 */
export async function endProcess(
  pid: number,
  how: { name: string; stopSignal: NodeJS.Signals; wholeGroup: boolean; timeoutMs: number },
): Promise<void> {
  const mark = startMark(pid);
  const gone = (): boolean => !isAlive(pid) || startMark(pid) !== mark;
  sendSignal(pid, how.stopSignal, how.wholeGroup);
  try {
    await waitFor(gone, { what: `${how.name} (process ${String(pid)}) to end`, timeoutMs: how.timeoutMs });
  } catch {
    sendSignal(pid, "SIGKILL", how.wholeGroup);
    const what = `${how.name} (process ${String(pid)}) to end after SIGKILL`;
    await waitFor(gone, { what, timeoutMs: KILL_TIMEOUT_MS });
  }
}

/** Sends a signal to a process, or to the group it leads. A process that is already gone is not an error. */
export function sendSignal(pid: number, signal: NodeJS.Signals, wholeGroup: boolean): void {
  try {
    process.kill(wholeGroup ? -pid : pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
