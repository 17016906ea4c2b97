/** The proof of the journeys that wait too long for every test run (`*.long.test.ts`), on a running store of their own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROJECT_DIRECTORY } from "../../local/orchestration/settings.ts";
import type { Outcome, Proof } from "./proof.ts";

interface Report {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

export const journeys: Proof = {
  name: "journeys",
  async run(): Promise<Outcome> {
    const directory = mkdtempSync(join(tmpdir(), "holdfast-verify-"));
    const file = join(directory, "report.json");
    const vitest = join(PROJECT_DIRECTORY, "node_modules/vitest/vitest.mjs");
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
    try {
      const child = spawn(process.execPath, [vitest, "run", "--project", "long", ...reporters], {
        cwd: PROJECT_DIRECTORY,
        stdio: "inherit",
      });
      const [code] = (await once(child, "exit")) as [number | null];
      const report = JSON.parse(readFileSync(file, "utf8")) as Report;
      const broken = report.testResults.flatMap(({ assertionResults, message }) => [
        ...assertionResults.filter(({ status }) => status === "failed").map(({ fullName }) => fullName),
        ...(message === "" ? [] : [message]),
      ]);
      if (code !== 0 && broken.length === 0) broken.push(`vitest ended with ${String(code)}`);
      return { held: report.numPassedTests, broken };
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
};
