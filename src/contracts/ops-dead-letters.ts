/** HTTP shapes of dead letters: messages that could not be handled. */
import * as z from "zod";
import { Timestamp } from "./catalog.ts";
import { Reason } from "./ops-orders.ts";

export const DeadLetter = z.object({
  id: z.string(),
  queue: z.string(),
  /** The message as it was, without personal data of shoppers. */
  body: z.unknown(),
  error: z.string().nullable(),
  attempts: z.int(),
  storedAt: Timestamp,
  replayedAt: Timestamp.nullable(),
  discardedAt: Timestamp.nullable(),
  discardReason: z.string().nullable(),
});
export type DeadLetter = z.infer<typeof DeadLetter>;

export const DeadLetterList = z.object({ items: z.array(DeadLetter), nextCursor: z.string().nullable() });
export type DeadLetterList = z.infer<typeof DeadLetterList>;

export const DiscardBody = z.strictObject({ reason: Reason });

/** Which open letters are sent again; the oldest hundred of them in one call. */
export const ReplayBody = z.strictObject({
  /** Those of this queue; of every queue where it is left out. */
  queue: z.string().max(100).optional(),
  /** Those stored before, now where it is left out. Given back, it keeps out what has failed again since the first call. */
  storedBefore: Timestamp.optional(),
});

export const Replayed = z.object({
  replayed: z.int(),
  /** Letters that could not be sent; they stay open. */
  failed: z.int(),
  /** Open letters stored before that moment that are left; counted up to ten thousand. */
  left: z.int(),
  storedBefore: Timestamp,
});
export type Replayed = z.infer<typeof Replayed>;
