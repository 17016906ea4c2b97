/** The files of the project as git knows them: tracked ones, and new ones that it does not ignore. */
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_DIRECTORY } from "../orchestration/settings.ts";

const MAX_LIST_BYTES = 20_000_000;

/** @returns paths below the project. @throws Error outside a git checkout */
export function trackedFiles(): string[] {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const listed = execFileSync("git", args, {
    cwd: PROJECT_DIRECTORY,
    encoding: "utf8",
    maxBuffer: MAX_LIST_BYTES,
  });
  // A file that somebody is just removing is listed and gone; a link to a directory is listed like a file.
  const isFile = (path: string) =>
    statSync(join(PROJECT_DIRECTORY, path), { throwIfNoEntry: false })?.isFile() ?? false;
  return listed.split("\0").filter((path) => path !== "" && isFile(path));
}
