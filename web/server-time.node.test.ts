import { describe, expect, it } from "vitest";
import { bestOffsetMs } from "./server-time.ts";

const NOON = Date.UTC(2026, 10, 30, 12);

describe("the server's time", () => {
  it("is what the stamp says, carried on by the page's stopwatch", () => {
    expect(bestOffsetMs(null, { serverMs: NOON, ageSeconds: 0, atMs: 1_500 }) + 61_500).toBe(NOON + 60_000);
  });

  it("counts the time that a cache had kept the answer, as far as caches keep it", () => {
    const at = (ageSeconds: number) => bestOffsetMs(null, { serverMs: NOON, ageSeconds, atMs: 0 });
    expect(at(2)).toBe(NOON + 2_000);
    expect(at(86_400)).toBe(NOON + 3_000);
    expect(at(-5)).toBe(NOON);
    expect(at(NaN)).toBe(NOON);
  });

  it("believes the sample that is furthest ahead: the others took longer to come, or were measured by a stopwatch that slept", () => {
    const first = bestOffsetMs(null, { serverMs: NOON, ageSeconds: 0, atMs: 1_000 });
    const slower = bestOffsetMs(first, { serverMs: NOON + 10_000, ageSeconds: 0, atMs: 14_000 });
    expect(slower).toBe(first);
    const afterSleep = bestOffsetMs(slower, { serverMs: NOON + 3_600_000, ageSeconds: 0, atMs: 20_000 });
    expect(afterSleep + 20_000).toBe(NOON + 3_600_000);
  });
});
