/**
 * `npm run verify`: the proofs that take too long for every test run, on a built store of their own.
 *
 *     npm run verify                                   all of them
 *     npm run verify -- --only lighthouse,axe          some of them
 *     npm run verify -- --json FILE                    writes what was measured
 *
 * Ends with one line of counts; exit 1 where something is broken.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Browser } from "playwright-core";
import { buildAssets } from "../../local/build/assets.ts";
import { buildWorker } from "../../local/built-store/build.ts";
import { launchBrowser } from "../browser/browser.ts";
import { Scene } from "../browser/scene.ts";
import { startRunningStore, type RunningStore } from "../harness/running-store.ts";
import { axe } from "./axe.ts";
import { lighthouse } from "./lighthouse.ts";
import type { Outcome, Proof, Surroundings } from "./proof.ts";

/** In this order: what is measured comes before what makes the store work hard. */
const PROOFS: readonly Proof[] = [lighthouse, axe];

/** What the surroundings have started, in the order in which it is to be ended. */
interface Started {
  browser: Promise<Browser> | null;
  store: Promise<RunningStore> | null;
  readonly directory: string;
}

const started: Started = {
  browser: null,
  store: null,
  directory: mkdtempSync(join(tmpdir(), "holdfast-verify-")),
};
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  // Cut short, the run still ends what it started.
  process.once(signal, () => {
    endAll().then(
      () => process.exit(1),
      () => process.exit(1),
    );
  });
}
process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { only: { type: "string" }, json: { type: "string" } } });
  const chosen = chosenProofs(values.only);
  const report: Record<string, Outcome & { seconds: number }> = {};
  try {
    const surroundings = surroundingsOf(started);
    for (const proof of chosen) {
      const startedAt = performance.now();
      console.log(`\n${proof.name} …`);
      const outcome = await carriedOut(proof, surroundings);
      const seconds = Math.round((performance.now() - startedAt) / 1000);
      for (const line of outcome.broken) console.log(`broken  ${line}`);
      console.log(
        `${proof.name}: ${String(outcome.held)} held, ${String(outcome.broken.length)} broken, in ${String(seconds)} s`,
      );
      report[proof.name] = { ...outcome, seconds };
    }
  } finally {
    await endAll();
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
  const outcomes = Object.values(report);
  const broken = outcomes.reduce((sum, outcome) => sum + outcome.broken.length, 0);
  const held = outcomes.reduce((sum, outcome) => sum + outcome.held, 0);
  console.log(`\nverify: ${String(outcomes.length)} proofs, ${String(held)} held, ${String(broken)} broken`);
  return broken === 0 ? 0 : 1;
}

/** @throws Error that names the proofs there are where another one is asked for */
function chosenProofs(only: string | undefined): readonly Proof[] {
  if (only === undefined) return PROOFS;
  return only.split(",").map((name) => {
    const found = PROOFS.find((proof) => proof.name === name);
    if (found !== undefined) return found;
    throw new Error(
      `there is no proof "${name}": choose from ${PROOFS.map((proof) => proof.name).join(", ")}`,
    );
  });
}

/** One proof that cannot be carried out does not keep the others from it. */
async function carriedOut(proof: Proof, surroundings: Surroundings): Promise<Outcome> {
  try {
    return await proof.run(surroundings);
  } catch (error) {
    return { held: 0, broken: [error instanceof Error ? (error.stack ?? error.message) : String(error)] };
  }
}

function surroundingsOf(state: Started): Surroundings {
  let scene: Promise<Scene> | null = null;
  return {
    browser: () => (state.browser ??= launchBrowser()),
    scene: () =>
      (scene ??= (async () => {
        state.store ??= startBuiltStore(state.directory);
        return new Scene((await state.store).store);
      })()),
    say: (line) => console.log(line),
  };
}

async function startBuiltStore(directory: string): Promise<RunningStore> {
  await buildAssets();
  return await startRunningStore({ script: await buildWorker(join(directory, "worker")) });
}

async function endAll(): Promise<void> {
  await Promise.allSettled([started.browser?.then((browser) => browser.close())]);
  await Promise.allSettled([started.store?.then((store) => store.stop())]);
  rmSync(started.directory, { recursive: true, force: true });
}
