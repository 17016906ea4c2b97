/**
 * What may be installed: exact versions, whole packages of the registry with a known hash, licences we can keep to, no install
 * script nobody allowed, and nothing below a version that closed a known hole. Each rule answers findings, one line each.
 */
import type { LockedPackage, Manifest } from "./lockfile.ts";

const EXACT_VERSION = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/;

/** Licences whose terms a hosted store keeps by using the package unchanged. */
const ALLOWED_LICENCES = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "ISC",
  "MIT",
  "MPL-2.0",
  "OFL-1.1",
]);
/** Libraries that a development tool links to and that never leave the developer's machine. */
const ALLOWED_IN_TOOLS = new Set(["LGPL-3.0-or-later"]);

/**
 * The lowest version without a known advisory, of the packages that stand between an attacker and the store. Raise a floor
 * when an advisory names a version; a floor is never lowered.
 */
export const ADVISORY_FLOORS: Readonly<Record<string, string>> = {
  hono: "4.13.5",
  "better-auth": "1.7.16",
  "drizzle-orm": "0.45.2",
};

/** Versions in package.json are exact, so that the lock file alone decides what changes. */
export function inexactVersions({ dependencies, devDependencies, optionalDependencies }: Manifest): string[] {
  return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
    .filter(([, range]) => !EXACT_VERSION.test(range))
    .map(([name, range]) => `${name}: "${range}" is not an exact version`);
}

/**
 * Every package comes from the registry and is checked against its hash. Only optional ones, for platforms the lock was
 * not made on, may lack one: npm leaves out what its registry does not offer, and `npm run lock` adds them by version.
 */
export function untrustedSources(packages: readonly LockedPackage[]): string[] {
  return packages.flatMap(({ path, integrity, resolved, optional }) => {
    if (resolved !== null) return [`${path}: is bound to an address (${resolved})`];
    if (integrity === null && !optional) return [`${path}: has no integrity hash`];
    if (integrity !== null && !integrity.startsWith("sha512-")) return [`${path}: its hash is not SHA-512`];
    return [];
  });
}

export function unknownLicences(packages: readonly LockedPackage[]): string[] {
  return packages.flatMap(({ path, license, dev, optional, integrity }) => {
    // An entry added by version alone has no data; the same package has its licence on every other platform.
    if (license === null) return optional && integrity === null ? [] : [`${path}: names no licence`];
    const isAllowed = (id: string): boolean =>
      ALLOWED_LICENCES.has(id) || ((dev || optional) && ALLOWED_IN_TOOLS.has(id));
    return isSatisfied(license, isAllowed) ? [] : [`${path}: ${license}`];
  });
}

/** SPDX expressions as packages use them: one level of parentheses around `A OR B`, or `A AND B`. */
function isSatisfied(expression: string, isAllowed: (id: string) => boolean): boolean {
  const plain = expression.replaceAll(/[()]/g, "");
  if (plain.includes(" OR ")) return plain.split(" OR ").some(isAllowed);
  return plain.split(" AND ").every(isAllowed);
}

export function scriptsNobodyAllowed(
  packages: readonly LockedPackage[],
  { allowScripts }: Manifest,
): string[] {
  return packages
    .filter(
      ({ hasInstallScript, name, optional }) => hasInstallScript && !optional && allowScripts[name] !== true,
    )
    .map(({ path }) => `${path}: has an install script that package.json does not allow`);
}

export function belowFloor(packages: readonly LockedPackage[]): string[] {
  return packages.flatMap(({ path, name, version }) => {
    const floor = ADVISORY_FLOORS[name];
    return floor !== undefined && isLower(version, floor) ? [`${path}: ${version} is below ${floor}`] : [];
  });
}

/** Compares `x.y.z`; a pre-release of a version is lower than the version. */
function isLower(version: string, floor: string): boolean {
  const numbers = (text: string): number[] => (text.split("-")[0] ?? "").split(".").map(Number);
  const [left, right] = [numbers(version), numbers(floor)];
  for (const index of [0, 1, 2]) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return version.includes("-") && !floor.includes("-");
}
