/**
 * Decides where a cluster's files really are. Callers name a directory; the data normally stand in `<directory>/data`. Two
 * cases make that a link to somewhere else: the server's user cannot reach the directory (root's project under
 * /root), or the data shall live in memory. Removing the directory removes the cluster in every case: data whose link is
 * gone are swept away by the next start.
 */
import { createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { endLeftOver } from "./left-over.ts";
import { canReach, makeReachable, serverUser } from "./server-user.ts";

const MEMORY_FILE_SYSTEM = "/dev/shm";
/** Below this much free memory a cluster in memory would soon fail: it stays on disk, without fsync. */
const MIN_FREE_MEMORY_BYTES = 512 * 1024 * 1024;

export interface Placement {
  /** What the caller named, absolute. */
  directory: string;
  /** The path to give to Postgres, once something is there. */
  dataDirectory: string;
  /** Where files may be made that are renamed to `dataDirectory` later: on the same file system, reachable. */
  workDirectory: string;
}

/** Finds (and on the first time decides) where the data of the cluster in `directory` are. Sweeps what others left. */
export async function placeCluster(directory: string, inMemory: boolean): Promise<Placement> {
  const named = resolve(directory);
  mkdirSync(named, { recursive: true, mode: 0o755 });
  const elsewhere = whereElse(named, inMemory);
  await sweepAbandoned();
  // Two names, so that a run in memory never takes the place of what is on disk.
  const link = join(named, inMemory ? "data-in-memory" : "data");
  if (elsewhere === undefined) {
    if (isLink(link)) rmSync(link);
    return { directory: named, dataDirectory: link, workDirectory: named };
  }
  const home = join(elsewhere, `cluster-${createHash("sha256").update(link).digest("hex").slice(0, 16)}`);
  const dataDirectory = join(home, "data");
  if (!isLink(link) || readlinkSync(link) !== dataDirectory) {
    if (!isLink(link) && existsSync(link)) {
      throw new Error(
        `${link} holds a cluster, but the user that runs Postgres cannot reach it: make its parents readable, or remove it`,
      );
    }
    rmSync(link, { force: true });
    if (existsSync(home)) await removeHome(home);
    symlinkSync(dataDirectory, link);
  }
  makeReachable(home);
  writeFileSync(join(home, "belongs-to"), link);
  return { directory: named, dataDirectory, workDirectory: home };
}

/** Removes the data of clusters whose directory was removed; a server still running on them is ended first. */
export async function sweepAbandoned(): Promise<void> {
  const shared = ["/var/lib/holdfast", privateName(tmpdir()), memoryDirectory()];
  for (const root of shared) {
    if (existsSync(root) && statSync(root).uid === process.getuid?.()) await sweep(root);
  }
}

/** Removes a cluster's data, wherever they are. The server must have been stopped. */
export function removeCluster(placement: Placement): void {
  rmSync(placement.dataDirectory, { recursive: true, force: true });
  if (placement.workDirectory !== placement.directory) {
    rmSync(placement.workDirectory, { recursive: true, force: true });
  }
  rmSync(placement.directory, { recursive: true, force: true });
}

/** Answers a directory that the server's user can reach and only the current user can write to; makes it if needed. */
export function sharedDirectory(): string {
  const candidates = ["/var/lib/holdfast", privateName(tmpdir())];
  for (const candidate of candidates) {
    if (tryOwnDirectory(candidate) && canReach(candidate, serverUser())) return candidate;
  }
  throw new Error(
    `Postgres cannot run as root, and user ${String(serverUser()?.uid)} can reach neither ${candidates.join(" nor ")}`,
  );
}

function whereElse(named: string, inMemory: boolean): string | undefined {
  if (inMemory && existsSync(MEMORY_FILE_SYSTEM)) {
    const memory = memoryDirectory();
    const { bavail, bsize } = statfsSync(MEMORY_FILE_SYSTEM);
    if (bavail * bsize >= MIN_FREE_MEMORY_BYTES && tryOwnDirectory(memory)) return memory;
  }
  return canReach(named, serverUser()) ? undefined : sharedDirectory();
}

function memoryDirectory(): string {
  return privateName(MEMORY_FILE_SYSTEM);
}

/** A name of our own in a place that everybody may write to. */
function privateName(parent: string): string {
  return join(parent, `holdfast-${String(process.getuid?.() ?? 0)}`);
}

/** Makes the directory where it is missing. Answers whether it is ours: in a place all may write to it might not be. */
function tryOwnDirectory(path: string): boolean {
  try {
    mkdirSync(path, { recursive: true, mode: 0o755 });
    const entry = lstatSync(path);
    const isOurs = entry.isDirectory() && entry.uid === process.getuid?.() && (entry.mode & 0o022) === 0;
    if (isOurs) makeReachable(path);
    return isOurs;
  } catch {
    // A read-only or missing parent: the next candidate is tried, and the caller says so when none is left.
    return false;
  }
}

async function sweep(root: string): Promise<void> {
  for (const name of readdirSync(root)) {
    if (!name.startsWith("cluster-")) continue;
    const home = join(root, name);
    const link = ownerLink(home);
    // Without a mark it is being made, or being removed, by another start at this moment.
    if (link === undefined || (isLink(link) && readlinkSync(link) === join(home, "data"))) continue;
    await removeHome(home);
  }
}

function ownerLink(home: string): string | undefined {
  try {
    return readFileSync(join(home, "belongs-to"), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function removeHome(home: string): Promise<void> {
  await endLeftOver(join(home, "data"));
  rmSync(home, { recursive: true, force: true });
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}
