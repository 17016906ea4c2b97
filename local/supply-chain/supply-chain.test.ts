import { describe, expect, it } from "vitest";
import { readLockedPackages, readManifest, type LockedPackage, type Manifest } from "./lockfile.ts";
import {
  belowFloor,
  inexactVersions,
  scriptsNobodyAllowed,
  unknownLicences,
  untrustedSources,
} from "./rules.ts";

const manifest = readManifest();
const packages = readLockedPackages();

const locked = (over: Partial<LockedPackage>): LockedPackage => ({
  path: "node_modules/example",
  name: "example",
  version: "1.0.0",
  license: "MIT",
  integrity: "sha512-abc",
  resolved: null,
  hasInstallScript: false,
  optional: false,
  dev: false,
  ...over,
});

describe("what is installed", () => {
  it("is named by exact versions only", () => {
    expect(inexactVersions(manifest)).toEqual([]);
  });
  it("comes from the registry, by hash", () => {
    expect(untrustedSources(packages)).toEqual([]);
  });
  it("is under licences the store keeps to", () => {
    expect(unknownLicences(packages)).toEqual([]);
  });
  it("runs no install script that was not allowed", () => {
    expect(scriptsNobodyAllowed(packages, manifest)).toEqual([]);
  });
  it("is not below a version that closed a known hole", () => {
    expect(packages.some(({ name }) => name === "hono")).toBe(true);
    expect(belowFloor(packages)).toEqual([]);
  });
});

describe("the rules", () => {
  it("find a range in package.json", () => {
    const ranged: Manifest = { ...manifest, dependencies: { hono: "^4.13.5" } };
    expect(inexactVersions(ranged)).toEqual(['hono: "^4.13.5" is not an exact version']);
  });
  it("find a package from an address, without a hash, or with a weak one", () => {
    const suspects = [
      locked({ resolved: "git+ssh://elsewhere.example/a.git" }),
      locked({ integrity: null }),
      locked({ integrity: "sha1-abc" }),
    ];
    expect(untrustedSources(suspects)).toHaveLength(3);
  });
  it("let a tool link to what the deployed store may not", () => {
    const library = { license: "Apache-2.0 AND LGPL-3.0-or-later" };
    expect(unknownLicences([locked({ ...library, dev: true })])).toEqual([]);
    expect(unknownLicences([locked(library), locked({ license: "GPL-3.0-only", dev: true })])).toHaveLength(
      2,
    );
  });
  it("find an install script nobody allowed", () => {
    expect(scriptsNobodyAllowed([locked({ hasInstallScript: true })], manifest)).toHaveLength(1);
  });
  it.each([
    ["4.13.4", 1],
    ["4.13.5-beta.1", 1],
    ["3.99.99", 1],
    ["4.13.5", 0],
    ["4.14.0", 0],
    ["5.0.0", 0],
  ])("judge hono %s by its floor", (version, findings) => {
    expect(belowFloor([locked({ name: "hono", version })])).toHaveLength(findings);
  });
});
