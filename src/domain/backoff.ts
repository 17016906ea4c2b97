/** The one backoff rule: exponential, clamped, with full jitter. */

export interface BackoffOptions {
  readonly baseMs: number;
  readonly maxMs: number;
}

/**
 * How long to wait before attempt `attempt + 1`.
 *
 * @param attempt attempts made so far, 1 after the first failure
 * @param random a number in [0, 1), injected so that a simulation repeats
 * @returns milliseconds, between half and all of the clamped exponential delay
 */
export function backoffMs(attempt: number, { baseMs, maxMs }: BackoffOptions, random: number): number {
  const exponent = Math.min(Math.max(attempt - 1, 0), 30);
  const ceilingMs = Math.min(baseMs * 2 ** exponent, maxMs);
  return Math.round(ceilingMs / 2 + (ceilingMs / 2) * random);
}
