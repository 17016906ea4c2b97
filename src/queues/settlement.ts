/** How a message leaves a consumer: acknowledged, given back for later, or dead-lettered; each message by itself. */
import { describeFault } from "../adapters/telemetry/fault-description.ts";
import type { LogFields, Telemetry } from "../adapters/telemetry/telemetry.ts";
import type { BackoffOptions } from "../domain/backoff.ts";
import type { QueueBatch, QueueMessage } from "./message-batch.ts";
import { identityOf } from "./message-identity.ts";
import { FAULT_BACKOFF, retryLater } from "./retry-policy.ts";

/** A message that cannot be handled, as it is kept for ops to inspect and replay. */
export interface DeadLetter {
  /** The queue it is replayed to. */
  readonly queue: string;
  /** Its identity: one with the same queue and message id is kept once. */
  readonly messageId: string;
  readonly body: unknown;
  readonly error: string;
  readonly attempts: number;
}

export interface SettlementDeps {
  /** Stores it, or throws when it cannot be stored now; `known` where it was open already. */
  readonly storeDeadLetter: (deadLetter: DeadLetter) => Promise<"opened" | "known">;
  readonly telemetry: Telemetry;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Epoch ms. */
  readonly clock: () => number;
}

/**
 * Content of a message that no repetition will cure, as a message by itself, so that it can be replayed. `id` serves
 * where the body has no identity of its own.
 */
export interface Unprocessable extends Pick<QueueMessage, "id" | "body"> {
  readonly fault: unknown;
}

/** Settles the messages of one batch and counts them. */
export class Settlement {
  readonly #queue: string;
  readonly #deps: SettlementDeps;
  readonly #startedAt: number;
  readonly #counts = { acknowledged: 0, retried: 0, dead_lettered: 0 };

  constructor(batch: QueueBatch, deps: SettlementDeps) {
    this.#queue = batch.queue;
    this.#deps = deps;
    this.#startedAt = deps.clock();
  }

  acknowledge(message: QueueMessage): void {
    message.ack();
    this.#counts.acknowledged += 1;
  }

  /** After a fault: tried again with backoff. A message out of attempts goes to the dead-letter queue. */
  retry(message: QueueMessage, fault: unknown, fields: LogFields = {}): void {
    const retrySeconds = retryLater(message, FAULT_BACKOFF, this.#deps.random());
    this.#deps.telemetry.fault("message.failed", fault, {
      ...this.#fieldsOf(message),
      ...fields,
      retrySeconds,
    });
    this.#counts.retried += 1;
  }

  /** Nothing is wrong with it, its time has not come. */
  postpone(message: QueueMessage, reason: string, wait: BackoffOptions): void {
    const retrySeconds = retryLater(message, wait, this.#deps.random());
    const fields = { ...this.#fieldsOf(message), reason, retrySeconds };
    this.#deps.telemetry.log("info", "message.postponed", fields);
    this.#counts.retried += 1;
  }

  /** Keeps a message that no repetition will cure, and acknowledges it alone. As `deadLetterParts`. */
  async deadLetter(message: QueueMessage, fault: unknown): Promise<void> {
    await this.deadLetterParts(message, [{ id: message.id, body: message.body, fault }]);
  }

  /**
   * Keeps each of these parts as a message of its own, and acknowledges the message they came in, whose other parts are
   * done. Where one cannot be stored now the message is given back instead, and reaches the dead-letter queue at the
   * latest when its attempts are used up.
   */
  async deadLetterParts(message: QueueMessage, parts: readonly Unprocessable[]): Promise<void> {
    for (const part of parts) {
      let stored;
      try {
        stored = await this.#deps.storeDeadLetter({
          queue: this.#queue,
          messageId: identityOf(part),
          body: part.body,
          error: errorText(part.fault),
          attempts: message.attempts,
        });
      } catch (storeFault) {
        this.retry(message, storeFault, { reason: "not_dead_lettered" });
        return;
      }
      // Reported once: content that is sent again and again is the same trouble each time.
      if (stored === "opened")
        this.#deps.telemetry.fault("message.dead_lettered", part.fault, this.#fieldsOf(message));
    }
    message.ack();
    this.#counts.dead_lettered += 1;
  }

  /** Counts what became of the batch; called once, at its end. */
  report(): void {
    const durationMs = this.#deps.clock() - this.#startedAt;
    for (const [outcome, count] of Object.entries(this.#counts)) {
      if (count === 0) continue;
      this.#deps.telemetry.count("queue_messages", { outcome, where: this.#queue, count, durationMs });
    }
  }

  #fieldsOf(message: QueueMessage): LogFields {
    return { queue: this.#queue, messageId: message.id, attempts: message.attempts };
  }
}

function errorText(fault: unknown): string {
  const { name, code, message } = describeFault(fault);
  return code === null ? `${name}: ${message}` : `${name} ${code}: ${message}`;
}
