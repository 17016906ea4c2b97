/**
 * Writes docs/openapi.json, or with `--check` fails where the file is not what the code says.
 * Run by Node: `node local/openapi.ts [--check]`.
 */
import { readFile, writeFile } from "node:fs/promises";
import { format, resolveConfig } from "prettier";
import { openApiDocument } from "../src/worker/openapi/document.ts";

const FILE = new URL("../docs/openapi.json", import.meta.url);

const options = await resolveConfig(FILE);
const expected = await format(JSON.stringify(openApiDocument()), { ...options, parser: "json" });
if (process.argv.includes("--check")) {
  const written = await readFile(FILE, "utf8").catch(() => "");
  if (written !== expected) {
    console.error("docs/openapi.json is not what the code says: run `npm run openapi` and commit it.");
    process.exitCode = 1;
  }
} else {
  await writeFile(FILE, expected);
}
