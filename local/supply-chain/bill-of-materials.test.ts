import { describe, expect, it } from "vitest";
import { billOfMaterials, packageUrl } from "./bill-of-materials.ts";
import { readLockedPackages, type LockedPackage } from "./lockfile.ts";

const STORE = { name: "holdfast", version: "0.1.0" };
const packages = readLockedPackages();
const bill = billOfMaterials(STORE, packages);

const locked = (over: Partial<LockedPackage>): LockedPackage => ({
  path: "node_modules/@scope/name",
  name: "@scope/name",
  version: "1.2.3",
  license: "MIT OR Apache-2.0",
  integrity: "sha512-AAEC",
  resolved: null,
  hasInstallScript: false,
  optional: false,
  dev: false,
  ...over,
});

describe("the bill of materials", () => {
  it("names every locked package by name and version, and nothing else", () => {
    const named = new Set(bill.components.map(({ purl }) => purl));
    expect(packages.length).toBeGreaterThan(200);
    expect(named).toEqual(new Set(packages.map(packageUrl)));
    expect(named.size).toBe(bill.components.length);
  });

  it("tells what is deployed from what only builds and tests", () => {
    const scope = (name: string) => bill.components.find((component) => component.name === name)?.scope;
    expect(scope("hono")).toBe("required");
    expect(scope("better-auth")).toBe("required");
    expect(scope("vitest")).toBe("excluded");
  });

  it("gives each its licence and the hash it is checked by", () => {
    const [component] = billOfMaterials(STORE, [locked({})]).components;
    expect(component).toMatchObject({
      purl: "pkg:npm/%40scope/name@1.2.3",
      licenses: [{ expression: "MIT OR Apache-2.0" }],
      hashes: [{ alg: "SHA-512", content: "000102" }],
    });
  });

  it("takes a package that is deployed in one place for deployed", () => {
    const twice = [locked({}), locked({ path: "node_modules/tool/node_modules/@scope/name", dev: true })];
    expect(billOfMaterials(STORE, twice).components.map(({ scope }) => scope)).toEqual(["required"]);
    expect(billOfMaterials(STORE, twice.toReversed()).components.map(({ scope }) => scope)).toEqual([
      "required",
    ]);
  });
});
