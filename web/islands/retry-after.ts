/** How long to wait before the next try. Pure. */
import { backoffMs } from "../../src/domain/backoff.ts";

/** No server talks a page into waiting longer than this. */
export const MAX_WAIT_MS = 60_000;

/**
 * `Retry-After` in milliseconds, from seconds or an HTTP date.
 *
 * @param date `Date` of the same answer: what the sender took for now
 * @returns null where the header is missing or makes no sense
 */
export function retryAfterMs(header: string | null, date: string | null): number | null {
  if (header === null || header.trim() === "") return null;
  const seconds = Number(header);
  const waitMs = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.parse(date ?? "");
  if (!Number.isFinite(waitMs)) return null;
  return Math.min(Math.max(waitMs, 0), MAX_WAIT_MS);
}

/**
 * The wait before trying again: what the server asked for plus up to a quarter (so that those turned away together do not
 * come back together), or the usual backoff where it asked for nothing.
 *
 * @param attempt tries made so far, from 1
 * @param random in [0, 1)
 */
export function nextTryMs(attempt: number, askedMs: number | null, random: number): number {
  if (askedMs !== null) return Math.round(askedMs + Math.max(askedMs, 1000) * 0.25 * random);
  return backoffMs(attempt, { baseMs: 1500, maxMs: 30_000 }, random);
}
