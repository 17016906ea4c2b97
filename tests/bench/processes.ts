/** CPU time by part of the platform, read from the system's process table. */
import { readdirSync, readFileSync } from "node:fs";

/** Linux counts process time in ticks of 1/100 s on every platform Node supports. */
const TICKS_PER_SECOND = 100;

interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  readonly seconds: number;
}

/** CPU seconds used so far by each named process together with everything it started. Empty where there is no /proc. */
export function cpuSeconds(roots: Readonly<Record<string, number>>): Record<string, number> {
  const all = processTimes();
  return Object.fromEntries(Object.entries(roots).map(([name, pid]) => [name, treeSeconds(all, pid)]));
}

function treeSeconds(all: readonly ProcessTimes[], pid: number): number {
  const own = all.find((each) => each.pid === pid)?.seconds ?? 0;
  return all
    .filter((each) => each.parent === pid)
    .reduce((sum, child) => sum + treeSeconds(all, child.pid), own);
}

function processTimes(): ProcessTimes[] {
  let names: string[];
  try {
    names = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      // User and system time of the process and of the children it has waited for.
      const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
      return [{ pid: Number(name), parent: Number(fields[1]), seconds: ticks / TICKS_PER_SECOND }];
    } catch {
      // The process ended while the table was read.
      return [];
    }
  });
}
