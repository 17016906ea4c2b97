/** What a stamp of the server's says about its time now. Pure. */

/** Answers with a stamp are kept by the edge for three seconds at most; an `Age` beyond that is somebody else's. */
const MAX_AGE_SECONDS = 3;

export interface TimeSample {
  /** Epoch ms at which the answer was made. */
  readonly serverMs: number;
  /** How long a cache had kept it. */
  readonly ageSeconds: number;
  /** When it arrived, ms of the page's stopwatch. */
  readonly atMs: number;
}

/**
 * What to add to the page's stopwatch for the server's time. The way here makes a stamp older than it says, never newer, and
 * a stopwatch that slept is behind too: of all samples the furthest ahead is the nearest to the truth.
 *
 * @param formerMs of the samples so far; null where there was none
 */
export function bestOffsetMs(formerMs: number | null, { serverMs, ageSeconds, atMs }: TimeSample): number {
  const ageMs = Math.min(Math.max(ageSeconds, 0), MAX_AGE_SECONDS) * 1000;
  const sampleMs = serverMs + (Number.isFinite(ageMs) ? ageMs : 0) - atMs;
  return formerMs === null ? sampleMs : Math.max(formerMs, sampleMs);
}
