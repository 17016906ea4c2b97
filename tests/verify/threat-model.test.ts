/** The threat model's last column but one is worth what it names: each test in it is there. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { PROJECT_DIRECTORY } from "../../local/orchestration/settings.ts";

const FOLDERS = ["", "tests/journeys", "local/supply-chain"];

it("the threat model names tests that exist", () => {
  const text = readFileSync(join(PROJECT_DIRECTORY, "docs/threat-model.md"), "utf8");
  const named = [...new Set([...text.matchAll(/`([\w./-]+\.test\.tsx?)`/g)].map(([, path = ""]) => path))];
  expect(named.length).toBeGreaterThan(20);
  const missing = named.filter(
    (path) => !FOLDERS.some((folder) => existsSync(join(PROJECT_DIRECTORY, folder, path))),
  );
  expect(missing).toEqual([]);
});
