/**
 * `npm run lock`: completes package-lock.json after a change of dependencies.
 *
 * npm leaves out of the lock what the registry at hand does not carry (a mirror may have the packages of one platform only),
 * and `npm ci` then refuses the lock. This adds the missing platform packages by name and exact version, for the platforms
 * they are for; a machine of another platform never fetches them.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_DIRECTORY } from "../orchestration/settings.ts";

interface LockedPackage {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

/** Parts of platform package names, the more specific first. */
const SYSTEMS = ["darwin", "android", "freebsd", "linux", "windows", "win32", "openharmony"] as const;
const PROCESSORS: readonly (readonly [inName: string, cpu: string])[] = [
  ["arm64", "arm64"],
  ["arm-eabi", "arm"],
  ["eabihf", "arm"],
  ["x64", "x64"],
  ["ia32", "ia32"],
  ["ppc64", "ppc64"],
  ["riscv64", "riscv64"],
  ["s390x", "s390x"],
  ["loong64", "loong64"],
  ["-64", "x64"],
];

const file = join(PROJECT_DIRECTORY, "package-lock.json");
const lock = JSON.parse(readFileSync(file, "utf8")) as { packages: Record<string, LockedPackage> };
const { packages } = lock;
const added: string[] = [];

for (const [path, parent] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    if (isLocked(path, name)) continue;
    packages[`node_modules/${name}`] = platformPackage(name, version, parent.dev === true);
    added.push(`${name}@${version}`);
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`package-lock.json: ${String(added.length)} platform packages added`);

/** Whether Node, looking from `path` upwards, finds the package in the lock. */
function isLocked(path: string, name: string): boolean {
  for (let base = path; ; base = base.slice(0, Math.max(0, base.lastIndexOf("/node_modules/")))) {
    if (packages[`${base === "" ? "" : `${base}/`}node_modules/${name}`] !== undefined) return true;
    if (base === "") return false;
  }
}

/** @throws Error for a package whose name does not tell its platform: that one is to be looked at by somebody */
function platformPackage(name: string, version: string, dev: boolean): LockedPackage {
  const base = name.slice(name.lastIndexOf("/") + 1);
  const system = SYSTEMS.find((each) => base.includes(each));
  const processor = PROCESSORS.find(([inName]) => base.includes(inName))?.[1];
  if (system === undefined || processor === undefined || !/^\d/.test(version)) {
    throw new Error(`${name}@${version} is missing from the lock and its name does not tell its platform`);
  }
  return {
    version,
    cpu: [processor],
    ...(dev ? { dev } : {}),
    optional: true,
    os: [system === "windows" ? "win32" : system],
    ...(base.includes("musl") ? { libc: ["musl"] } : base.includes("gnu") ? { libc: ["glibc"] } : {}),
  };
}
