/** The dead-letter queues: what kept failing is stored for ops to inspect and replay, and reported once. */
import type { QueueBatch } from "./message-batch.ts";
import { identityOf } from "./message-identity.ts";
import { DEAD_LETTER_BACKOFF } from "./retry-policy.ts";
import { Settlement } from "./settlement.ts";
import type { SettlementDeps } from "./settlement.ts";

/** A dead-letter queue is named after its queue. */
export const DEAD_LETTER_SUFFIX = "-dead";

export async function consumeDeadLetters(batch: QueueBatch, deps: SettlementDeps): Promise<void> {
  const settlement = new Settlement(batch, deps);
  const queue = batch.queue.slice(0, -DEAD_LETTER_SUFFIX.length);
  for (const message of batch.messages) {
    const { body, attempts } = message;
    const messageId = identityOf(message);
    let stored;
    try {
      stored = await deps.storeDeadLetter({ queue, messageId, body, error: "attempts used up", attempts });
    } catch (fault) {
      deps.telemetry.fault("dead_letter.not_stored", fault, { queue, messageId });
      settlement.postpone(message, "not_stored", DEAD_LETTER_BACKOFF);
      continue;
    }
    if (stored === "opened") {
      deps.telemetry.log("error", "dead_letter.stored", { queue, messageId, attempts });
      deps.telemetry.count("dead_letters", { where: queue });
    }
    settlement.acknowledge(message);
  }
  settlement.report();
}
