/** package-lock.json as the supply chain's rules read it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_DIRECTORY } from "../orchestration/settings.ts";

export interface LockedPackage {
  /** Where it is installed: `node_modules/a/node_modules/b`. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  readonly license: string | null;
  readonly integrity: string | null;
  readonly resolved: string | null;
  readonly hasInstallScript: boolean;
  readonly optional: boolean;
  /** Only used to build, test or run the store locally: nothing of it is deployed. */
  readonly dev: boolean;
}

export interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
}

export function readManifest(): Manifest {
  return JSON.parse(readFileSync(join(PROJECT_DIRECTORY, "package.json"), "utf8")) as Manifest;
}

/** @throws Error when the lock file is of a version these rules do not know */
export function readLockedPackages(): LockedPackage[] {
  const lock = JSON.parse(readFileSync(join(PROJECT_DIRECTORY, "package-lock.json"), "utf8")) as {
    lockfileVersion: number;
    packages: Record<string, Record<string, unknown>>;
  };
  if (lock.lockfileVersion !== 3) throw new Error(`lock file version ${String(lock.lockfileVersion)}`);
  return Object.entries(lock.packages)
    .filter(([path]) => path !== "")
    .map(([path, entry]) => ({
      path,
      name: text(entry["name"]) ?? path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length),
      version: text(entry["version"]) ?? "",
      license: text(entry["license"]),
      integrity: text(entry["integrity"]),
      resolved: text(entry["resolved"]),
      hasInstallScript: entry["hasInstallScript"] === true,
      optional: entry["optional"] === true,
      dev: entry["dev"] === true || entry["devOptional"] === true,
    }));
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
