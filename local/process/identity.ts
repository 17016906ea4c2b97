/** Tells whether a process id still means the same process: ids are used again, start times are not. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Answers whether a process with this id exists (a zombie that nobody waited for does not count). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return linuxStat(pid)?.state !== "Z";
}

/**
 * Answers a mark that stays the same as long as the process lives and differs for the next process with its id;
 * `undefined` where there is no such process.
 */
export function startMark(pid: number): string | undefined {
  const stat = linuxStat(pid);
  if (stat !== undefined) return stat.startTicks;
  return askPs(pid, "lstart=");
}

/** Answers the command line of a process, `undefined` where there is no such process. */
export function commandLine(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${String(pid)}/cmdline`, "utf8")
      .replaceAll("\0", " ")
      .trim();
  } catch {
    // No /proc (macOS), or the process is gone: `ps` tells the two apart.
    return askPs(pid, "args=");
  }
}

function linuxStat(pid: number): { state: string; startTicks: string } | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${String(pid)}/stat`, "utf8");
  } catch {
    return undefined;
  }
  // The second field is the program's name in brackets and may hold anything, so count from the last bracket.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const state = fields[0];
  const startTicks = fields[19];
  return state === undefined || startTicks === undefined ? undefined : { state, startTicks };
}

function askPs(pid: number, column: string): string | undefined {
  try {
    const args = ["-ww", "-o", column, "-p", String(pid)];
    const answer = execFileSync("ps", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    return answer === "" ? undefined : answer;
  } catch {
    // `ps` ends with 1 where the process does not exist, and may be missing on a bare system: unknown either way.
    return undefined;
  }
}
