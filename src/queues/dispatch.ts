/** Hands a batch to the consumer of its queue. */
import type { QueueBatch, QueueConsumer } from "./message-batch.ts";

/** The queues as wrangler.toml names them. */
export const QUEUES = [
  "orders",
  "payments",
  "stock-ledger",
  "notifications",
  "sku-upkeep",
  "reconciliation",
] as const;
export type QueueName = (typeof QUEUES)[number];
export type DeadLetterQueueName = `${QueueName}-dead`;

export type Consumers = Readonly<Record<QueueName | DeadLetterQueueName, QueueConsumer>>;

/** @throws for a queue without a consumer: its messages are kept by the platform, not lost in silence. */
export async function dispatch(batch: QueueBatch, consumers: Consumers): Promise<void> {
  if (!isConsumed(batch.queue, consumers)) throw new Error(`no consumer for queue "${batch.queue}"`);
  await consumers[batch.queue](batch);
}

function isConsumed(queue: string, consumers: Consumers): queue is keyof Consumers {
  return Object.hasOwn(consumers, queue);
}
