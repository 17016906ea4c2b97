/** Starts a child process, waits until it is ready, remembers its last output, and ends it with all it started. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { closeSync, openSync, readSync, fstatSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { sendSignal } from "./pid-record.ts";
import { waitFor } from "./wait-for.ts";

const DEFAULT_READY_TIMEOUT_MS = 120_000;
const DEFAULT_STOP_TIMEOUT_MS = 10_000;
const KILL_TIMEOUT_MS = 5_000;
const GROUP_LINGER_MS = 2_000;
const KEPT_LINES = 40;
const KEPT_LINE_LENGTH = 2_000;
const KEPT_LOG_BYTES = 8_192;

export interface ChildOptions {
  /** What messages call it. */
  name: string;
  command: string;
  args: readonly string[];
  cwd?: string;
  /** The whole environment of the child; ours where left out. */
  env?: Readonly<Record<string, string>>;
  uid?: number;
  gid?: number;
  /** Where given, output is appended to this file (and survives this process); else it is read line by line. */
  logFile?: string;
  onLine?: (line: string, stream: "stdout" | "stderr") => void;
  /** Ready as soon as a line of output satisfies this. Not together with `logFile`. */
  readyLine?: (line: string) => boolean;
  /** Ready as soon as this answers true; it may use the process id. */
  readyProbe?: (pid: number) => Promise<boolean> | boolean;
  readyTimeoutMs?: number;
  /** Ends the wait until it is ready: the start rejects with this signal's reason then. */
  abandon?: AbortSignal;
  stopSignal?: NodeJS.Signals;
  stopTimeoutMs?: number;
  /** Whether the stop signal goes to every process of the child's group (default) or to the child alone. */
  signalWholeGroup?: boolean;
}

export interface RunningChild {
  readonly name: string;
  readonly pid: number;
  /** Resolves when the process has ended, whoever ended it. Never rejects. */
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  hasExited(): boolean;
  /** The last lines it wrote. */
  lastOutput(): string;
  /** Ends the process and what it started: the stop signal, then SIGKILL after the time limit. Safe to call twice. */
  stop(): Promise<void>;
}

/** Children that still run; ended when this process leaves without stopping them. */
const running = new Set<{ pid: number; stopSignal: NodeJS.Signals; wholeGroup: boolean }>();
let exitHookInstalled = false;

function installExitHook(): void {
  if (exitHookInstalled) return;
  exitHookInstalled = true;
  process.on("exit", () => {
    for (const child of running) sendSignal(child.pid, child.stopSignal, child.wholeGroup);
  });
}

/**
 * Starts a process in a process group of its own (a Ctrl-C at the terminal reaches only us, and we decide the order) and
 * resolves when it is ready. Rejects, with its last output in the message, where it cannot be started, ends too early or
 * is not ready in time; nothing is left running then.
 */
export async function startChild(options: ChildOptions): Promise<RunningChild> {
  installExitHook();
  const log = options.logFile === undefined ? undefined : openLog(options.logFile);
  const child = spawn(options.command, options.args, {
    detached: true,
    stdio: log === undefined ? ["ignore", "pipe", "pipe"] : ["ignore", log.descriptor, log.descriptor],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: { ...options.env } }),
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
  });
  if (log !== undefined) closeSync(log.descriptor);

  const kept: string[] = [];
  let sawReadyLine = false;
  const takeLine = (line: string, stream: "stdout" | "stderr"): void => {
    kept.push(line.slice(0, KEPT_LINE_LENGTH));
    if (kept.length > KEPT_LINES) kept.shift();
    if (options.readyLine?.(line) === true) sawReadyLine = true;
    options.onLine?.(line, stream);
  };
  readLines(child.stdout, "stdout", takeLine);
  readLines(child.stderr, "stderr", takeLine);

  const pid = await spawned(child, options);
  const entry = {
    pid,
    stopSignal: options.stopSignal ?? "SIGTERM",
    wholeGroup: options.signalWholeGroup ?? true,
  };
  running.add(entry);
  const stopTimeoutMs = options.stopTimeoutMs ?? DEFAULT_STOP_TIMEOUT_MS;
  let hasExited = false;
  let restEnded = Promise.resolve();
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once("exit", (code, signal) => {
      hasExited = true;
      running.delete(entry);
      restEnded = endRestOfGroup(pid, entry.stopSignal);
      resolve({ code, signal });
    });
  });

  const endAll = async (): Promise<void> => {
    const gone = (): boolean => hasExited;
    if (!hasExited) {
      sendSignal(pid, entry.stopSignal, entry.wholeGroup);
      try {
        await waitFor(gone, { what: `${options.name} to end`, timeoutMs: stopTimeoutMs });
      } catch {
        sendSignal(pid, "SIGKILL", false);
        await waitFor(gone, { what: `${options.name} to end after SIGKILL`, timeoutMs: KILL_TIMEOUT_MS });
      }
    }
    await restEnded;
  };
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= endAll());

  const result: RunningChild = {
    name: options.name,
    pid,
    exited,
    hasExited: () => hasExited,
    lastOutput: () => (log === undefined ? kept.join("\n") : readLogTail(log.file, log.startBytes)),
    stop,
  };
  try {
    await waitFor(
      async () => {
        options.abandon?.throwIfAborted();
        if (hasExited) {
          const { code, signal } = await exited;
          throw new Error(
            `${options.name} ended while starting (${signal ?? `code ${String(code)}`}): ${result.lastOutput()}`,
          );
        }
        if (options.readyLine !== undefined && !sawReadyLine) return false;
        return options.readyProbe === undefined || (await options.readyProbe(pid));
      },
      {
        what: `${options.name} to be ready`,
        timeoutMs: options.readyTimeoutMs ?? DEFAULT_READY_TIMEOUT_MS,
        explain: () => result.lastOutput(),
      },
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return result;
}

/** Ends what a process left behind in its group when it ended: asks first, kills what lingers. */
async function endRestOfGroup(pid: number, stopSignal: NodeJS.Signals): Promise<void> {
  if (!groupExists(pid)) return;
  sendSignal(pid, stopSignal, true);
  try {
    await waitFor(() => !groupExists(pid), {
      what: "the rest of the group to end",
      timeoutMs: GROUP_LINGER_MS,
    });
  } catch {
    sendSignal(pid, "SIGKILL", true);
  }
}

function groupExists(pid: number): boolean {
  try {
    process.kill(-pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function spawned(child: ChildProcess, options: ChildOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", (error) => {
      reject(
        new Error(`${options.name} could not be started (${options.command}): ${error.message}`, {
          cause: error,
        }),
      );
    });
    child.once("spawn", () => {
      if (child.pid === undefined) reject(new Error(`${options.name} has no process id`));
      else resolve(child.pid);
    });
  });
}

function readLines(
  source: Readable | null,
  stream: "stdout" | "stderr",
  take: (line: string, stream: "stdout" | "stderr") => void,
): void {
  if (source === null) return;
  createInterface({ input: source }).on("line", (line) => {
    take(line, stream);
  });
}

function openLog(file: string): { file: string; descriptor: number; startBytes: number } {
  const descriptor = openSync(file, "a", 0o600);
  return { file, descriptor, startBytes: fstatSync(descriptor).size };
}

/** Reads the end of a log file, but nothing that was there before `startBytes`. */
function readLogTail(file: string, startBytes: number): string {
  const descriptor = openSync(file, "r");
  try {
    const { size } = fstatSync(descriptor);
    const from = Math.max(startBytes, size - KEPT_LOG_BYTES);
    const buffer = Buffer.alloc(Math.max(0, size - from));
    const read = readSync(descriptor, buffer, 0, buffer.length, from);
    return buffer.toString("utf8", 0, read).trim();
  } finally {
    closeSync(descriptor);
  }
}
