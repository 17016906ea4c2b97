/** Waits until something becomes true, with a deadline and an error that says what was waited for. */
import { setTimeout as delay } from "node:timers/promises";

const DEFAULT_TIMEOUT_MS = 15_000;
const FIRST_INTERVAL_MS = 10;
const MAX_INTERVAL_MS = 200;

export interface WaitOptions {
  /** What is waited for, as it should stand in the error: "Postgres on port 5432 to accept connections". */
  what: string;
  timeoutMs?: number;
  /** Called when the deadline has passed; its answer is added to the error. */
  explain?: () => string;
}

/**
 * Asks `probe` again and again (10 ms apart at first, 200 ms at most) until it answers something other than `undefined`
 * or `false`, and answers that. Rejects when the deadline has passed. What `probe` throws ends the wait at once: a probe
 * for which failing is part of waiting catches by itself.
 */
export async function waitFor<T>(
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  options: WaitOptions,
): Promise<T> {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const deadline = performance.now() + timeoutMs;
  let intervalMs = FIRST_INTERVAL_MS;
  for (;;) {
    const answer = await probe();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() >= deadline) {
      const explanation = options.explain?.() ?? "";
      throw new Error(
        `waited ${String(timeoutMs)} ms for ${options.what}${explanation === "" ? "" : `\n${explanation}`}`,
      );
    }
    await delay(Math.min(intervalMs, Math.max(1, deadline - performance.now())));
    intervalMs = Math.min(MAX_INTERVAL_MS, intervalMs * 1.5);
  }
}
