/**
 * Which user runs the Postgres server. Postgres refuses to run as root, so root (a container, a CI machine) hands it to
 * the system's "nobody", who must then be able to reach the server's programs and data.
 */
import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, realpathSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

const NOBODY_ON_LINUX = 65_534;
/** macOS knows "nobody" as -2, which file ownership wants as an unsigned number. */
const NOBODY_ON_MACOS = -2;

interface ServerUser {
  uid: number;
  gid: number;
}

/** Answers the user to run the server as, or `undefined` where that is simply the current user. */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = process.platform === "darwin" ? NOBODY_ON_MACOS : NOBODY_ON_LINUX;
  return { uid: id, gid: id };
}

/** Answers whether `user` may walk down to this directory and read in it, judging by the modes of all its parents. */
export function canReach(directory: string, user: ServerUser | undefined): boolean {
  if (user === undefined) return true;
  let current = realpathSync(directory);
  let needed = 0o5;
  for (;;) {
    const entry = statSync(current);
    const shift = entry.uid === user.uid >>> 0 ? 6 : entry.gid === user.gid >>> 0 ? 3 : 0;
    if (((entry.mode >> shift) & needed) !== needed) return false;
    const parent = dirname(current);
    if (parent === current) return true;
    current = parent;
    needed = 0o1;
  }
}

/** Makes a file, or a directory with all that is in it, belong to the server's user. */
export function giveTo(path: string, user: ServerUser | undefined): void {
  if (user === undefined) return;
  const entry = lstatSync(path);
  if (entry.isSymbolicLink()) return;
  chownSync(path, user.uid >>> 0, user.gid >>> 0);
  if (entry.isDirectory()) {
    for (const name of readdirSync(path)) giveTo(join(path, name), user);
  }
}

/** Makes a directory that every user may walk into and read, whatever the umask of this process is. */
export function makeReachable(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  chmodSync(directory, 0o755);
}

/** Lets every user read what is in a tree, and run what its owner may run: `chmod -R a+rX`. */
export function openToAll(path: string): void {
  const entry = lstatSync(path);
  if (entry.isSymbolicLink()) return;
  chmodSync(path, entry.mode | (entry.isDirectory() || (entry.mode & 0o100) !== 0 ? 0o555 : 0o444));
  if (entry.isDirectory()) for (const name of readdirSync(path)) openToAll(join(path, name));
}
