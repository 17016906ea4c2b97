import { describe, expect, it } from "vitest";
import { seededRandom } from "../../local/stripe/faults.ts";
import { arrivalTimes, latenciesOf, medianBy, percentile } from "./statistics.ts";

describe("a percentile", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);

  it("is the smallest value that so many do not exceed", () => {
    expect([0.01, 0.5, 0.95, 0.99, 1].map((share) => percentile(hundred, share))).toEqual([
      1, 50, 95, 99, 100,
    ]);
    expect([0.5, 0.51, 0.99].map((share) => percentile([10, 20], share))).toEqual([10, 20, 20]);
  });

  it("of one value is that value, and of none is 0", () => {
    expect(percentile([7], 0.01)).toBe(7);
    expect(percentile([], 0.99)).toBe(0);
  });

  it("is taken of latencies in any order", () => {
    expect(latenciesOf(hundred.toReversed())).toEqual({ p50Ms: 50, p95Ms: 95, p99Ms: 99, maxMs: 100 });
  });
});

it("the median is the one in the middle, the lower of two", () => {
  const rounds = [{ rate: 30 }, { rate: 10 }, { rate: 20 }];
  expect(medianBy(rounds, ({ rate }) => rate)).toEqual({ rate: 20 });
  expect(medianBy(rounds.slice(0, 2), ({ rate }) => rate)).toEqual({ rate: 10 });
});

describe("arrivals", () => {
  const times = arrivalTimes(20_000, 800, seededRandom(1));

  it("ascend from the start and keep their rate on average", () => {
    expect(times[0]).toBe(0);
    expect(times.every((time, index) => index === 0 || time >= (times[index - 1] ?? 0))).toBe(true);
    expect((times.at(-1) ?? 0) / 1000).toBeCloseTo(25, 0);
  });

  it("come in clusters, as those of independent shoppers do", () => {
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    const shareUnderMean = gaps.filter((gap) => gap < 1.25).length / gaps.length;
    expect(shareUnderMean).toBeCloseTo(1 - Math.exp(-1), 1);
  });
});
