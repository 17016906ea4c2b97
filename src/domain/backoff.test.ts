/** How long to wait before another attempt. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backoffMs } from "./backoff.ts";

const OPTIONS = { baseMs: 1_000, maxMs: 60_000 };

describe("backoff", () => {
  it("doubles with each attempt up to its limit", () => {
    const ceilings = [1, 2, 3, 6, 7, 8].map((attempt) => 2 * backoffMs(attempt, OPTIONS, 0));
    expect(ceilings).toEqual([1_000, 2_000, 4_000, 32_000, 60_000, 60_000]);
  });

  it("stays between half and all of the delay, however many attempts were made", () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), random, (attempt, luck) => {
        const ceilingMs = Math.min(OPTIONS.maxMs, OPTIONS.baseMs * 2 ** Math.max(attempt - 1, 0));
        const waitMs = backoffMs(attempt, OPTIONS, luck);
        expect(waitMs).toBeGreaterThanOrEqual(ceilingMs / 2);
        expect(waitMs).toBeLessThanOrEqual(ceilingMs);
      }),
      { seed: 20_261_122 },
    );
  });
});
