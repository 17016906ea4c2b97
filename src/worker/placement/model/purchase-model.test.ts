/** The purchase as a model: the production code of shards, lanes and rules under random losses, crashes, deploys and epochs. */
import { describe, expect, it } from "vitest";
import { DEFENCES, SPARE, type Defence } from "./defences.ts";
import { run, Violation, type RunOptions } from "./run.ts";
import { SCENARIOS, type ScenarioName } from "./scenarios.ts";

/** Runs of each scenario; a rush is as much work as twenty others. */
const RUNS = 100;
const RUNS_OF_A_RUSH = 20;
/** Runs after which a defence that is off must have been missed. */
const MAX_RUNS = 3_000;
/** Runs of each scenario that miss nothing without a spare defence. */
const RUNS_WITHOUT_SPARE = 30;

const NAMES = Object.keys(SCENARIOS) as ScenarioName[];

/** The first promise that is broken in so many runs, or null. */
async function firstBroken(name: ScenarioName, runs: number, options: RunOptions = {}): Promise<Violation | null> {
  for (let seed = 1; seed <= runs; seed++) {
    try {
      await run(seed, name, options);
    } catch (error) {
      if (error instanceof Violation) return error;
      throw error;
    }
  }
  return null;
}

describe("a purchase keeps every promise:", () => {
  it.each(NAMES)("%s", async (name) => {
    expect(await firstBroken(name, name === "a rush" ? RUNS_OF_A_RUSH : RUNS)).toBeNull();
  });

  // The platform ends a displaced instance within 30 s. If it did not, a hold of nobody's could live until its own deadline, because
  // that instance answers `in_flight` for its successors; every other promise stands.
  it.each(["anything", "asks reach the displaced instance"] as const)(
    "%s, and a displaced instance never ends",
    async (name) => {
      expect(await firstBroken(name, RUNS, { otherwise: { displacedForMs: Infinity } })).toBeNull();
    },
  );
});

describe("without one of its defences a promise is broken:", () => {
  it.each(Object.entries(DEFENCES))("%s (%s)", async (defence, [, name]) => {
    expect(await firstBroken(name, MAX_RUNS, { off: [defence as Defence] })).toBeInstanceOf(Violation);
  });
});

describe("without a spare defence every promise is kept:", () => {
  it.each(Object.entries(SPARE))("%s (%s)", async (defence) => {
    for (const name of NAMES.filter((each) => each !== "a rush"))
      expect(await firstBroken(name, RUNS_WITHOUT_SPARE, { off: [defence as Defence] })).toBeNull();
  });
});
