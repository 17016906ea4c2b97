/**
 * Copies a running primary's files, as the start of a standby. The npm package has no `pg_basebackup`, so this follows the
 * low-level way of the Postgres manual: `pg_backup_start`, copy, `pg_backup_stop`, and the label it answers goes into the copy.
 */
import { constants } from "node:fs";
import { copyFile, lstat, mkdir, readdir, readlink, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { postgresClient } from "./client.ts";
import { giveTo, serverUser } from "./server-user.ts";

/** What the manual says to leave out: a running server's own state, and logs that the standby fetches by itself. */
const EMPTIED_DIRECTORIES = new Set([
  "pg_wal",
  "pg_replslot",
  "pg_dynshmem",
  "pg_notify",
  "pg_serial",
  "pg_snapshots",
  "pg_stat_tmp",
  "pg_subtrans",
  "pgsql_tmp",
]);
const LEFT_OUT_FILES = new Set(["postmaster.pid", "postmaster.opts", "standby.signal", "recovery.signal"]);

/**
 * Fills `target` (an empty directory) with a copy of the primary at `primaryUrl`, which must run on this machine. Throws
 * where the primary cannot be reached or its files not be read.
 */
export async function copyPrimary(primaryUrl: string, target: string): Promise<void> {
  const client = postgresClient(primaryUrl, { application_name: "holdfast_base_backup" });
  await client.connect();
  try {
    const answer = await client.query<{ data_directory: string }>("SHOW data_directory");
    const source = answer.rows[0]?.data_directory;
    if (source === undefined) throw new Error("the primary did not say where its data are");
    await client.query("SELECT pg_backup_start('holdfast standby', true)");
    await copyDirectory(source, target);
    const stopped = await client.query<{ labelfile: string; spcmapfile: string }>(
      "SELECT labelfile, spcmapfile FROM pg_backup_stop(false)",
    );
    const label = stopped.rows[0];
    if (label === undefined) throw new Error("the primary did not end its backup");
    await writeFile(join(target, "backup_label"), label.labelfile, { mode: 0o600 });
  } finally {
    // Where the copy failed, ending the session ends the backup on the primary too.
    await client.end();
  }
  giveTo(target, serverUser());
}

async function copyDirectory(source: string, target: string): Promise<void> {
  for (const entry of await readdir(source, { withFileTypes: true })) {
    const from = join(source, entry.name);
    const to = join(target, entry.name);
    if (entry.isDirectory()) {
      await mkdir(to, { mode: 0o700 });
      if (EMPTIED_DIRECTORIES.has(entry.name)) continue;
      await ignoringVanished(copyDirectory(from, to));
    } else if (entry.isSymbolicLink()) {
      await symlink(await readlink(from), to);
    } else if (entry.isFile() && !LEFT_OUT_FILES.has(entry.name)) {
      await ignoringVanished(copyFile(from, to, constants.COPYFILE_FICLONE));
    }
  }
}

/** The primary goes on working: a file may be gone before its turn, and the log replay knows that. */
async function ignoringVanished(copying: Promise<void>): Promise<void> {
  try {
    await copying;
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    const vanished = code === "ENOENT" && path !== undefined && (await isMissing(path));
    if (!vanished) throw error;
  }
}

async function isMissing(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return false;
  } catch {
    return true;
  }
}
