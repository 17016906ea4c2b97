/**
 * The software bill of materials: every locked package in CycloneDX 1.6, read from package-lock.json alone. (`npm sbom` refuses a lock
 * whose packages disagree about each other's peers, which two development tools here do.) The same lock makes the same bill.
 */
import type { LockedPackage } from "./lockfile.ts";

export interface Component {
  readonly type: "library";
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
  /** `required`: deployed. `excluded`: only builds, tests or runs the store locally. */
  readonly scope: "required" | "optional" | "excluded";
  readonly purl: string;
  readonly licenses?: readonly { readonly expression: string }[];
  readonly hashes?: readonly { readonly alg: "SHA-512"; readonly content: string }[];
}

export interface BillOfMaterials {
  readonly bomFormat: "CycloneDX";
  readonly specVersion: "1.6";
  readonly version: 1;
  readonly metadata: {
    readonly component: { readonly type: "application"; readonly name: string; readonly version: string };
  };
  readonly components: readonly Component[];
}

/** A package that is installed in several places is one component. */
export function billOfMaterials(
  { name, version }: { readonly name: string; readonly version: string },
  packages: readonly LockedPackage[],
): BillOfMaterials {
  const components = new Map<string, Component>();
  for (const locked of packages) {
    const component = componentOf(locked);
    const known = components.get(component.purl);
    // Deployed in one place is deployed.
    if (known === undefined || component.scope === "required") components.set(component.purl, component);
  }
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { component: { type: "application", name, version } },
    components: [...components.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1)),
  };
}

/** A package URL: https://github.com/package-url/purl-spec, type `npm`. */
export function packageUrl({ name, version }: Pick<LockedPackage, "name" | "version">): string {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}

function componentOf(locked: LockedPackage): Component {
  const { name, version, license, integrity, dev, optional } = locked;
  const purl = packageUrl(locked);
  return {
    type: "library",
    "bom-ref": purl,
    name,
    version,
    scope: dev ? "excluded" : optional ? "optional" : "required",
    purl,
    ...(license === null ? {} : { licenses: [{ expression: license }] }),
    ...(integrity === null ? {} : { hashes: [{ alg: "SHA-512" as const, content: hexOf(integrity) }] }),
  };
}

/** npm writes `sha512-<base64>`, CycloneDX hexadecimal digits. */
function hexOf(integrity: string): string {
  return Buffer.from(integrity.replace(/^sha512-/, ""), "base64").toString("hex");
}
