/** When a message is tried again. */
import { backoffMs } from "../domain/backoff.ts";
import type { BackoffOptions } from "../domain/backoff.ts";
import type { QueueMessage } from "./message-batch.ts";

/** The longest a consumer ever postpones a message; far below what queues allow (12 to 24 hours). */
export const MAX_RETRY_SECONDS = 3_600;

/** A fault of another part: soon again, then up to five minutes apart. */
export const FAULT_BACKOFF: BackoffOptions = { baseMs: 1_000, maxMs: 300_000 };

/** A message of a newer release: the roll-out takes minutes, not milliseconds. */
export const NEWER_VERSION_BACKOFF: BackoffOptions = { baseMs: 15_000, maxMs: 300_000 };

/** A dead letter that could not be stored: its 100 attempts must outlast days without Postgres. */
export const DEAD_LETTER_BACKOFF: BackoffOptions = { baseMs: 5_000, maxMs: 3_600_000 };

/**
 * Gives the message back to the queue with exponential backoff and jitter, by its number of deliveries.
 *
 * @param random a number in [0, 1)
 * @returns the whole seconds it waits, 1 … MAX_RETRY_SECONDS
 */
export function retryLater(message: QueueMessage, backoff: BackoffOptions, random: number): number {
  const seconds = Math.ceil(backoffMs(message.attempts, backoff, random) / 1_000);
  const delaySeconds = Math.min(Math.max(seconds, 1), MAX_RETRY_SECONDS);
  message.retry({ delaySeconds });
  return delaySeconds;
}
