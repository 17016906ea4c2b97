/** `npm run check:secrets`: no tracked file holds a secret. Prints where one seems to be, never what it is; exit 1 then. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_DIRECTORY } from "../orchestration/settings.ts";
import { findSecrets, isRead } from "./secret-scan.ts";
import { trackedFiles } from "./tracked-files.ts";

const files = trackedFiles().filter(isRead);
const findings = files.flatMap((path) =>
  findSecrets(path, readFileSync(join(PROJECT_DIRECTORY, path), "utf8")),
);
for (const { path, line, kind } of findings) console.error(`${path}:${String(line)} looks like ${kind}`);
if (findings.length > 0) {
  console.error("Take it out, and change it where it is used: what was committed once is known.");
  process.exit(1);
}
console.log(`secrets: none in ${String(files.length)} files`);
