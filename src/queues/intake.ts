/** Reads a batch: what can be handled is answered, the rest is settled here. */
import * as z from "zod";
import { MESSAGE_VERSION } from "../contracts/messages.ts";
import type { QueueBatch, QueueMessage } from "./message-batch.ts";
import { NEWER_VERSION_BACKOFF } from "./retry-policy.ts";
import type { Settlement } from "./settlement.ts";

export interface Received<T> {
  readonly message: QueueMessage;
  readonly body: T;
}

const Versioned = z.object({ v: z.int().gt(MESSAGE_VERSION) });

/** How many problems of a message are named where it is dead-lettered. */
const MAX_NAMED_ISSUES = 5;

/**
 * @returns the messages of this version's shape, in order. A newer version is postponed (a roll-out in progress: an
 * instance of the newer release will take it), anything else is dead-lettered alone.
 */
export async function receive<T>(
  batch: QueueBatch,
  schema: z.ZodType<T>,
  settlement: Settlement,
): Promise<Received<T>[]> {
  const received: Received<T>[] = [];
  for (const message of batch.messages) {
    const parsed = schema.safeParse(message.body);
    if (parsed.success) {
      received.push({ message, body: parsed.data });
    } else if (Versioned.safeParse(message.body).success) {
      settlement.postpone(message, "newer_version", NEWER_VERSION_BACKOFF);
    } else {
      await settlement.deadLetter(message, new UnreadableMessage(parsed.error));
    }
  }
  return received;
}

/** Says where a message departs from its schema, never what stood there. */
export class UnreadableMessage extends Error {
  override readonly name = "UnreadableMessage";

  constructor(error: z.ZodError) {
    const issues = error.issues.slice(0, MAX_NAMED_ISSUES);
    super(issues.map((issue) => `${issue.path.join(".") || "message"}: ${issue.code}`).join("; "));
  }
}
