/** The purchase as a model: the production code of shards, lanes and rules under random losses, crashes, deploys and epochs. */
import { describe, expect, it } from "vitest";
import { DEFENCES, type Defence } from "./defences.ts";
import { tell, Violation } from "./story.ts";

const STORIES = 4_000;
/** Stories after which a defence that is off must have been missed. */
const MAX_STORIES = 4_000;

describe("a purchase", () => {
  it("keeps every promise in any story", async () => {
    for (let seed = 1; seed <= STORIES; seed++) await tell(seed);
  });
});

describe("without one of its defences a promise is broken:", () => {
  it.each(Object.entries(DEFENCES))("%s (%s)", async (defence) => {
    const off = new Set([defence as Defence]);
    let missed: unknown = null;
    for (let seed = 1; seed <= MAX_STORIES && missed === null; seed++) {
      try {
        await tell(seed, off);
      } catch (error) {
        missed = error;
      }
    }
    expect(missed).toBeInstanceOf(Violation);
  });
});
