/** CPU time and memory by part of the platform, read from the system's process table. Everything is 0 or empty where there is no /proc. */
import { readdirSync, readFileSync } from "node:fs";

/** Linux counts process time in ticks of 1/100 s on every platform Node supports. */
const TICKS_PER_SECOND = 100;
const BYTES_PER_KIBIBYTE = 1024;

interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  readonly seconds: number;
}

/** CPU seconds used so far by each named process together with everything it started. */
export function cpuSeconds(roots: Readonly<Record<string, number>>): Record<string, number> {
  const all = processTable();
  return Object.fromEntries(Object.entries(roots).map(([name, pid]) => [name, treeSeconds(all, pid)]));
}

/** Process id of what `parent` started under this name, at any depth. */
export function descendantNamed(parent: number, name: string): number | undefined {
  const all = processTable();
  const search = (pid: number): number | undefined => {
    const children = all.filter((each) => each.parent === pid);
    const found = children.find((each) => each.name === name)?.pid;
    return found ?? children.map((each) => search(each.pid)).find((each) => each !== undefined);
  };
  return search(parent);
}

/** Bytes of the process's memory that are resident now. */
export function residentBytes(pid: number): number {
  const status = readOrNull(`/proc/${pid}/status`);
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status ?? "")?.[1];
  return Number(kibibytes ?? 0) * BYTES_PER_KIBIBYTE;
}

function treeSeconds(all: readonly ProcessEntry[], pid: number): number {
  const own = all.find((each) => each.pid === pid)?.seconds ?? 0;
  return all
    .filter((each) => each.parent === pid)
    .reduce((sum, child) => sum + treeSeconds(all, child.pid), own);
}

function processTable(): ProcessEntry[] {
  let names: string[];
  try {
    names = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const stat = readOrNull(`/proc/${name}/stat`);
    return stat === null ? [] : [parseStat(stat)];
  });
}

/** A line of /proc/<pid>/stat: the name, in parentheses, may hold spaces and parentheses itself. */
export function parseStat(stat: string): ProcessEntry {
  const nameEnd = stat.lastIndexOf(")");
  const fields = stat.slice(nameEnd + 2).split(" ");
  // User and system time of the process and of the children it has waited for.
  const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
  return {
    pid: Number.parseInt(stat, 10),
    parent: Number(fields[1]),
    name: stat.slice(stat.indexOf("(") + 1, nameEnd),
    seconds: ticks / TICKS_PER_SECOND,
  };
}

/** Null where the process has ended. */
function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
