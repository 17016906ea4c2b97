/** What the consumers use of a queue's batch: the platform's `MessageBatch` satisfies it. */

export interface QueueMessage {
  readonly id: string;
  readonly body: unknown;
  /** Deliveries so far, this one included. */
  readonly attempts: number;
  ack(): void;
  retry(options?: { delaySeconds?: number }): void;
}

export interface QueueBatch {
  readonly queue: string;
  readonly messages: readonly QueueMessage[];
}

/** One consumer: settles every message of its batch, and throws only where it settled none. */
export type QueueConsumer = (batch: QueueBatch) => Promise<void>;
