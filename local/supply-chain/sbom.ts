/** `npm run sbom`: writes the software bill of materials to dist/sbom.cdx.json. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_DIRECTORY } from "../orchestration/settings.ts";
import { billOfMaterials } from "./bill-of-materials.ts";
import { readLockedPackages } from "./lockfile.ts";

const project = JSON.parse(readFileSync(join(PROJECT_DIRECTORY, "package.json"), "utf8")) as {
  name: string;
  version: string;
};
const bill = billOfMaterials(project, readLockedPackages());
mkdirSync(join(PROJECT_DIRECTORY, "dist"), { recursive: true });
writeFileSync(join(PROJECT_DIRECTORY, "dist/sbom.cdx.json"), `${JSON.stringify(bill, null, 2)}\n`);
console.log(`dist/sbom.cdx.json: ${String(bill.components.length)} components`);
