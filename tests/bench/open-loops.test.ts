import { describe, expect, it } from "vitest";
import { seededRandom } from "../../local/stripe/faults.ts";
import { brokenCounts, looksOf } from "./open-loops.ts";

describe("the counts of a rush", () => {
  const plan = { buyers: 10, units: 3, arrivalRate: 800 };
  const before = { available: 3, held: 5, sold: 2 };

  it("are right where each unit is one order's and everybody else was refused or told to come back", () => {
    const after = { available: 0, held: 8, sold: 2 };
    expect(brokenCounts(plan, { 201: 3, 409: 6, 429: 1 }, before, after)).toEqual([]);
  });

  it.each([
    [
      "too many orders",
      { 201: 4, 409: 6 },
      { available: 0, held: 9, sold: 2 },
      "4 orders were placed for 3 units",
    ],
    ["too few", { 201: 2, 409: 8 }, { available: 1, held: 7, sold: 2 }, "1 units are still available"],
    [
      "units without order",
      { 201: 3, 409: 7 },
      { available: 0, held: 9, sold: 2 },
      "4 units are held or sold",
    ],
    ["a fault", { 201: 3, 409: 6, 503: 1 }, { available: 0, held: 8, sold: 2 }, "1 buyers were answered 503"],
    ["silence", { 0: 1, 201: 3, 409: 6 }, { available: 0, held: 8, sold: 2 }, "1 buyers had no answer"],
  ])("are broken by %s", (_what, statuses, after, sentence) => {
    expect(brokenCounts(plan, statuses, before, after).join("; ")).toContain(sentence);
  });
});

describe("open order pages", () => {
  const looks = looksOf(100, 60, seededRandom(1));

  it("all look within their first second, and again and again, in the order of time", () => {
    expect(new Set(looks.filter(({ at }) => at < 1000).map(({ page }) => page)).size).toBe(100);
    expect(looks.filter(({ page }) => page === 0).length).toBeGreaterThan(3);
    expect(looks.every(({ at }, index) => index === 0 || at >= looks[index - 1]!.at)).toBe(true);
  });

  it("look less often the longer nothing happens", () => {
    const within = (from: number, to: number): number =>
      looks.filter(({ at }) => at >= from && at < to).length;
    expect(within(0, 20_000)).toBeGreaterThan(within(40_000, 60_000));
  });
});
