/** Whether the local platform can use the files it keeps, said before anything is started and in the words of a person. */
import { accessSync, constants, lstatSync, readdirSync, statSync, type Stats } from "node:fs";
import { dirname, join, relative } from "node:path";
import { PROJECT_DIRECTORY, type PlatformSettings } from "./settings.ts";

/** What each part keeps its own in, inside the state directory. */
export const STATE_DIRECTORIES = ["postgres", "postgres-replica", "redis", "stripe", "mail"] as const;
const OTHER_DIRECTORIES = ["pids", "tmp"];
const STATE_FILES = ["platform.json", "endpoints.json", "worker.vars"];
/** Levels looked at below a directory: what another user once made there is found among the first. */
const DEPTH = 2;

/** @throws Error with one sentence that names what is in the way, and what to do about it */
export function assertStateUsable({ stateDirectory, workerStateDirectory }: PlatformSettings): void {
  const inState = (name: string): string => join(stateDirectory, name);
  const directories = [
    join(PROJECT_DIRECTORY, "dist"),
    join(PROJECT_DIRECTORY, ".wrangler"),
    workerStateDirectory,
    ...[...STATE_DIRECTORIES, ...OTHER_DIRECTORIES].map(inState),
  ];
  assertKind(stateDirectory, "directory");
  for (const directory of directories) assertKind(directory, "directory");
  for (const file of STATE_FILES.map(inState)) assertKind(file, "file");
  for (const directory of [stateDirectory, ...directories]) assertOurs(directory, DEPTH);
}

function assertKind(path: string, kind: "directory" | "file"): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || (kind === "directory" ? found.isDirectory() : found.isFile())) return;
  throw new Error(`${shown(path)} is not a ${kind}: remove it, and start again.`);
}

function assertOurs(path: string, depth: number): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  // A link leads to what Postgres keeps elsewhere, which has an owner of its own.
  if (found === undefined || found.isSymbolicLink()) return;
  const isDirectory = found.isDirectory();
  try {
    accessSync(path, constants.R_OK | constants.W_OK | (isDirectory ? constants.X_OK : 0));
  } catch {
    throw new Error(notOurs(path, found));
  }
  if (!isDirectory || depth === 0) return;
  for (const name of readdirSync(path)) assertOurs(join(path, name), depth - 1);
}

function notOurs(path: string, { uid }: Stats): string {
  const complaint = `${shown(path)} cannot be read and written by this user`;
  if (uid === process.getuid?.()) return `${complaint}: change its mode, or remove it.`;
  const owner = uid === 0 ? "root, as after a start with sudo" : `user ${String(uid)}`;
  return `${complaint}, as it belongs to ${owner}: take it over with \`sudo chown -R "$(id -un)" .\`, or remove it.`;
}

/** The path itself, or the nearest directory above it that exists. */
function nearest(path: string): { path: string; found: Stats } {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found === undefined ? nearest(dirname(path)) : { path, found };
}

/** One sentence for what a start failed with. */
export function describeStartFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === undefined || path === undefined) return error.message;
  // The system's own error names a call and a path, and nothing to do about it.
  if (code === "EACCES" || code === "EPERM") {
    const existing = nearest(path);
    return notOurs(existing.path, existing.found);
  }
  return `${shown(path)} cannot be used (${error.message}): repair or remove it, and start again.`;
}

/** A path as one would type it in the project. */
export function shown(path: string): string {
  const inside = relative(PROJECT_DIRECTORY, path);
  return inside === "" || inside.startsWith("..") ? path : inside;
}
