/** Tells when a Worker may have sent e-mail: by the events of the folders it writes to, not by looking again and again. */
import { mkdirSync, readdirSync, watch, type FSWatcher } from "node:fs";
import { join } from "node:path";

/** How soon after an event, in milliseconds; later events do not put it off. */
const SOON_MS = 20;
/** And again after the last one: folder and message are written one after the other, in either order. */
const SETTLED_MS = [300, 2_000];
/** For what no event told of: a file system without events, a folder removed from under its watch. */
const UNTOLD_AFTER_MS = 30_000;
/** Sessions that killed Workers left behind are many at times, and send nothing any more. */
const MAX_WATCHED = 200;

export interface SessionWatch {
  close(): void;
}

/**
 * @param sessionsDirectory made where it is missing
 * @param look called once at the start, and soon after anything changed there
 */
export function watchSessions(sessionsDirectory: string, look: () => void): SessionWatch {
  const watchers = new Map<string, FSWatcher>();
  let soon: NodeJS.Timeout | undefined;
  let settled: NodeJS.Timeout[] = [];

  const lookAndWatch = (): void => {
    watchAll();
    look();
  };
  const changed = (): void => {
    soon ??= setTimeout(() => {
      soon = undefined;
      lookAndWatch();
    }, SOON_MS);
    for (const timer of settled) clearTimeout(timer);
    settled = SETTLED_MS.map((delayMs) => setTimeout(lookAndWatch, delayMs));
  };
  const forget = (folder: string): void => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  const watchAll = (): void => {
    const folders = foldersIn(sessionsDirectory).slice(0, MAX_WATCHED);
    for (const known of watchers.keys()) if (!folders.includes(known)) forget(known);
    for (const folder of folders) {
      if (watchers.has(folder)) continue;
      try {
        const watcher = watch(folder, changed);
        watcher.on("error", () => forget(folder));
        watchers.set(folder, watcher);
      } catch {
        // Gone again, or no watch is left on this system: the look that needs no event will do.
      }
    }
  };

  const untold = setInterval(lookAndWatch, UNTOLD_AFTER_MS);
  changed();
  return {
    close() {
      clearInterval(untold);
      for (const timer of [soon, ...settled]) clearTimeout(timer);
      for (const folder of [...watchers.keys()]) forget(folder);
    },
  };
}

/** The folder itself, its sessions, and the folders that each of them keeps its messages in. */
function foldersIn(sessionsDirectory: string): string[] {
  mkdirSync(sessionsDirectory, { recursive: true });
  const sessions = subfolders(sessionsDirectory);
  return [sessionsDirectory, ...sessions, ...sessions.flatMap(subfolders)];
}

function subfolders(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(folder, name));
  } catch (error) {
    // A session that ended at this moment.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
