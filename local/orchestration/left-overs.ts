/** Process records of a platform: what a killed start left behind is ended by the next one, by id and nothing else. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { endRecorded, readLiveRecord, recordProcess } from "../process/pid-record.ts";

const directoryIn = (stateDirectory: string): string => join(stateDirectory, "pids");
const fileFor = (stateDirectory: string, name: string): string =>
  join(directoryIn(stateDirectory), `${name}.json`);

/** Writes down a process that leads a group of its own. */
export function recordPart(stateDirectory: string, name: string, pid: number): void {
  recordProcess(fileFor(stateDirectory, name), { name, pid, wholeGroup: true });
}

/**
 * Makes this process the one platform of its state directory.
 *
 * @throws Error when another one is running there
 */
export function claimStateDirectory(stateDirectory: string): void {
  const file = fileFor(stateDirectory, "platform");
  const other = readLiveRecord(file);
  if (other !== undefined && other.pid !== process.pid) {
    throw new Error(
      `A local platform already runs with this state directory (process ${String(other.pid)}). Stop it, or set STATE_DIR and PORT for a second one.`,
    );
  }
  recordProcess(file, { name: "platform", pid: process.pid });
}

/** Ends what an earlier, killed platform left running. Answers the names of what was ended. */
export async function endLeftOvers(stateDirectory: string): Promise<string[]> {
  const names = listRecords(stateDirectory).filter((name) => name !== "platform");
  const ended = await Promise.all(names.map((name) => endRecorded(fileFor(stateDirectory, name))));
  return ended.filter((name) => name !== undefined);
}

/** Forgets this platform's own records, after everything was stopped. */
export async function releaseStateDirectory(stateDirectory: string): Promise<void> {
  await endLeftOvers(stateDirectory);
  const file = fileFor(stateDirectory, "platform");
  if (readLiveRecord(file)?.pid === process.pid) {
    const { rmSync } = await import("node:fs");
    rmSync(file, { force: true });
  }
}

function listRecords(stateDirectory: string): string[] {
  try {
    return readdirSync(directoryIn(stateDirectory))
      .filter((name) => name.endsWith(".json"))
      .map((name) => name.slice(0, -".json".length));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
