/** A command of the project, run as at a terminal: in a process group of its own, so that Ctrl-C reaches all of it. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { PROJECT_DIRECTORY } from "../../local/orchestration/settings.ts";
import { isAlive } from "../../local/process/identity.ts";
import { sendSignal } from "../../local/process/pid-record.ts";
import { waitFor } from "../../local/process/wait-for.ts";

const READY_TIMEOUT_MS = 120_000;
const EXIT_TIMEOUT_MS = 60_000;
const KEPT_LINES = 200;
/** Between one Ctrl-C and the next. */
const IMPATIENCE_MS = 100;

export interface RunningCommand {
  readonly pid: number;
  output(): string;
  /** Waits for a line that matches. @throws Error with the output where the command ends before, or time runs out */
  saw(line: RegExp): Promise<void>;
  /**
   * What a Ctrl-C at the terminal does: SIGINT to the whole group; an impatient person does it several times. Resolves
   * when the command has ended; the code is the shell's own affair, which may be ended by the signal, too.
   */
  ctrlC(times?: number): Promise<void>;
  /** Resolves with the exit code once the command has ended by itself. */
  ended(): Promise<number | null>;
  /** SIGKILL to the command's own group, if it still runs: what a crash leaves behind stays. */
  kill(): Promise<void>;
}

export function runCommand(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): RunningCommand {
  const child = spawn(command, args, {
    cwd: PROJECT_DIRECTORY,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
    });
  }
  let exit: { code: number | null } | null = null;
  child.once("exit", (code) => {
    exit = { code };
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} could not be started`);
  const output = (): string => lines.join("\n");
  const ended = async (): Promise<number | null> => {
    const { code } = await waitFor(() => exit ?? false, {
      what: `${command} ${args.join(" ")} to end`,
      timeoutMs: EXIT_TIMEOUT_MS,
      explain: output,
    });
    return code;
  };
  return {
    pid,
    output,
    async saw(line) {
      await waitFor(
        () => {
          if (lines.some((each) => line.test(each))) return true;
          if (exit !== null)
            throw new Error(`${command} ended before it printed ${String(line)}:\n${output()}`);
          return false;
        },
        { what: `${command} to print ${String(line)}`, timeoutMs: READY_TIMEOUT_MS, explain: output },
      );
    },
    async ctrlC(times = 1) {
      for (let pressed = 0; pressed < times; pressed += 1) {
        if (pressed > 0) await delay(IMPATIENCE_MS);
        sendSignal(pid, "SIGINT", true);
      }
      await ended();
    },
    ended,
    async kill() {
      if (exit === null) sendSignal(pid, "SIGKILL", true);
      await ended();
    },
  };
}

/** Those of the processes, or of the groups they led, that still run. */
export function stillRunning(pids: Iterable<number>): number[] {
  return [...pids].filter((pid) => isAlive(pid) || groupRuns(pid));
}

function groupRuns(pid: number): boolean {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
}
