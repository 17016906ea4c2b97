/**
 * The server's time as far as this page knows. Shoppers' clocks are wrong and a drop opens by ours, so nothing here asks the
 * browser what time it is: a stamp of the server's is carried on by the page's own stopwatch, which nobody can set.
 */
import { bestOffsetMs } from "../server-time.ts";

let offsetMs: number | null = null;
const waiting = new Set<() => void>();

/**
 * Learns from a stamp that the server has just sent.
 *
 * @param stamp RFC 3339; anything else teaches nothing
 * @param ageSeconds how long a cache had kept the answer: its `Age`
 */
export function noteServerTime(stamp: unknown, ageSeconds = 0): void {
  const serverMs = typeof stamp === "string" ? Date.parse(stamp) : NaN;
  if (!Number.isFinite(serverMs)) return;
  offsetMs = bestOffsetMs(offsetMs, { serverMs, ageSeconds, atMs: performance.now() });
  for (const then of waiting) then();
  waiting.clear();
}

/** Epoch ms by the server's clock, a moment behind rather than ahead; null until the server has said it. */
export function serverNow(): number | null {
  return offsetMs === null ? null : performance.now() + offsetMs;
}

/** Calls back at once, or as soon as the server has said what time it is. */
export function whenServerTimeIsKnown(then: () => void): void {
  if (offsetMs === null) waiting.add(then);
  else then();
}
