/** Percentiles, and the clocks of an open loop. Pure. */

/**
 * The smallest value that at least this share of all values does not exceed (the nearest-rank method); 0 where there are none.
 *
 * @param sorted ascending
 * @param share in (0, 1]
 */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

/** In milliseconds. */
export interface Latencies {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** @param latencies in any order, ms */
export function latenciesOf(latencies: readonly number[]): Latencies {
  const sorted = latencies.toSorted((one, other) => one - other);
  return {
    p50Ms: percentile(sorted, 0.5),
    p95Ms: percentile(sorted, 0.95),
    p99Ms: percentile(sorted, 0.99),
    maxMs: sorted.at(-1) ?? 0,
  };
}

/** What is in the middle by `by`: of an even number, the lower of the two. */
export function medianBy<Value>(values: readonly Value[], by: (value: Value) => number): Value {
  const sorted = values.toSorted((one, other) => by(one) - by(other));
  const middle = sorted[Math.ceil(sorted.length / 2) - 1];
  if (middle === undefined) throw new Error("there is no median of nothing");
  return middle;
}

/**
 * When the requests of an open loop arrive: independent shoppers, so the gaps between them are exponentially distributed.
 *
 * @param perSecond arrivals a second on average
 * @param random in [0, 1)
 * @returns ms from the start, ascending
 */
export function arrivalTimes(count: number, perSecond: number, random: () => number): number[] {
  let at = 0;
  return Array.from({ length: count }, () => {
    const due = at;
    at += (-Math.log(1 - random()) * 1000) / perSecond;
    return due;
  });
}
