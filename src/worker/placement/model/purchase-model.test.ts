/** The purchase as a model: the production code of shards, lanes and rules under random losses, crashes, deploys and epochs. */
import { describe, expect, it } from "vitest";
import { DEFENCES, type Defence } from "./defences.ts";
import { run, Violation, type RunOptions } from "./run.ts";
import { SCENARIOS, type ScenarioName } from "./scenarios.ts";

/** Runs of each scenario; one of a rush is as much work as twenty others. A longer look is a higher number here. */
const RUNS = 400;
const RUNS_OF_A_RUSH = 20;
/** Runs that once broke a promise, beyond those. */
const ONCE_BROKEN: Partial<Record<ScenarioName, readonly number[]>> = {
  "nearly sold out, and calls are lost": [1_727],
};
/** Runs after which a defence that is off must have been missed. */
const MAX_RUNS = 3_000;

const NAMES = Object.keys(SCENARIOS) as ScenarioName[];

/** @throws Violation that tells the first run in which a promise is broken */
async function runAll(name: ScenarioName, runs: number, options: RunOptions = {}): Promise<void> {
  for (let seed = 1; seed <= runs; seed++) await run(seed, name, options);
}

/** The first promise that is broken in so many runs, or null. */
async function firstBroken(name: ScenarioName, runs: number, options: RunOptions): Promise<Violation | null> {
  try {
    await runAll(name, runs, options);
    return null;
  } catch (error) {
    if (error instanceof Violation) return error;
    throw error;
  }
}

describe("a purchase keeps every promise:", () => {
  it.each(NAMES)("%s", async (name) => {
    await runAll(name, name === "a rush" ? RUNS_OF_A_RUSH : RUNS);
    for (const seed of ONCE_BROKEN[name] ?? []) await run(seed, name);
  });

  // The platform ends a displaced instance within 30 s. If it did not, a hold of nobody's could live until its own deadline, because
  // that instance answers `in_flight` for its successors; every other promise stands.
  it.each(["anything", "asks reach the displaced instance"] as const)(
    "%s, and a displaced instance never ends",
    async (name) => {
      await runAll(name, RUNS, { otherwise: { displacedForMs: Infinity } });
    },
  );
});

describe("without one of its defences a promise is broken:", () => {
  const cases = Object.entries(DEFENCES).map(
    ([defence, [meaning, name]]) => [defence, meaning, name] as const,
  );

  it.each(cases)("%s (%s), in: %s", async (defence, _meaning, name) => {
    expect(await firstBroken(name, MAX_RUNS, { off: [defence as Defence] })).toBeInstanceOf(Violation);
  });
});
