/** What the consumers' tests share: batches of the real runtime, their outcome, and a settlement that can be looked at. */
/// <reference types="@cloudflare/vitest-plugin/types" />
import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { createTelemetry } from "../adapters/telemetry/telemetry.ts";
import { MESSAGE_VERSION } from "../contracts/messages.ts";
import type {
  ChangedOrder,
  LedgerAppended,
  OrdersChanged,
  PaymentsDue,
  StripeEventReceived,
} from "../contracts/messages.ts";
import type { QueueConsumer, QueueMessage } from "./message-batch.ts";
import type { DeadLetter, SettlementDeps } from "./settlement.ts";

export interface Delivery {
  readonly body: unknown;
  readonly attempts?: number;
}

export interface ConsumedBatch {
  /** Positions of the acknowledged messages. */
  readonly acknowledged: number[];
  /** Positions of those given back, with the seconds they wait. */
  readonly retried: Record<number, number>;
}

/** Runs a consumer on a batch and answers what became of each message. */
export async function consume(
  queue: string,
  deliveries: readonly Delivery[],
  consumer: QueueConsumer,
): Promise<ConsumedBatch> {
  const messages = deliveries.map(({ body, attempts = 1 }, index) => ({
    id: `message-${index}`,
    timestamp: new Date(0),
    attempts,
    body,
  }));
  const batch = createMessageBatch(queue, messages);
  const delays = new Map<string, number | undefined>();
  await consumer({ queue, messages: batch.messages.map((message) => watched(message, delays)) });
  const result = await getQueueResult(batch, createExecutionContext());
  const position = (id: string) => messages.findIndex((message) => message.id === id);
  return {
    acknowledged: result.explicitAcks.map(position).sort((a, b) => a - b),
    retried: Object.fromEntries(
      result.retryMessages.map(({ msgId }) => [position(msgId), delays.get(msgId) ?? 0]),
    ),
  };
}

/** The runtime's message, with an eye on `delaySeconds`, which the test runtime's result leaves out. */
function watched(message: Message, delays: Map<string, number | undefined>): QueueMessage {
  const { id, body, attempts } = message;
  return {
    id,
    body,
    attempts,
    ack: () => {
      message.ack();
    },
    retry: (options) => {
      delays.set(id, options?.delaySeconds);
      message.retry(options);
    },
  };
}

export interface SettlementRecorder extends SettlementDeps {
  readonly deadLetters: DeadLetter[];
  readonly lines: string[];
  /** Metric points as `name outcome where count`. */
  readonly points: string[];
  /** While true, dead letters cannot be stored. */
  postgresAway: boolean;
}

export function recordSettlement(): SettlementRecorder {
  const deadLetters: DeadLetter[] = [];
  const lines: string[] = [];
  const points: string[] = [];
  const recorder: SettlementRecorder = {
    deadLetters,
    lines,
    points,
    postgresAway: false,
    storeDeadLetter: (deadLetter) => {
      if (recorder.postgresAway) return Promise.reject(new TypeError("fetch failed"));
      const known = deadLetters.findIndex(
        ({ queue, messageId }) => queue === deadLetter.queue && messageId === deadLetter.messageId,
      );
      if (known === -1) deadLetters.push(deadLetter);
      else deadLetters[known] = deadLetter;
      return Promise.resolve(known === -1 ? "opened" : "known");
    },
    telemetry: createTelemetry({
      metrics: {
        writeDataPoint: ({ blobs, doubles }) => {
          points.push([...blobs, doubles[0]].filter((part) => part !== "").join(" "));
        },
      },
      write: (_level, line) => lines.push(line),
    }),
    random: () => 0.5,
    clock: Date.now,
  };
  return recorder;
}

/** A fault as Postgres answers it, wrapped as the query library wraps it. */
export function sqlFault(sqlstate: string): Error {
  const cause = Object.assign(new Error("refused by Postgres"), { code: sqlstate });
  return new Error("Failed query: insert into t values ($1)\nparams: ada@example.com", { cause });
}

export function isDataFault(fault: unknown): boolean {
  return fault instanceof Error && fault.cause instanceof Error && "code" in fault.cause;
}

/** The shard of an order in these tests: one of four, by the last character of its id. */
export function shardOf(orderId: string): string | null {
  if (orderId.startsWith("foreign")) return null;
  return `shard-${orderId.charCodeAt(orderId.length - 1) % 4}`;
}

export function changedOrder(orderId: string, version = 1): ChangedOrder {
  return {
    snapshot: {
      orderId,
      status: "reserved",
      version,
      openedAt: 1,
      updatedAt: 2,
      holdExpiresAt: 3,
      buyer: "buyer",
      shippingMethod: "standard",
      totals: { subtotal: 100, shipping: 0, tax: 0, total: 100, currency: "USD" },
      lines: [{ sku: "SKU-1", name: "Phone", quantity: 1, unitAmountMinor: 100 }],
      timeline: [{ status: "reserved", at: 1 }],
      payment: null,
      refundRequested: false,
      refunds: [],
      parcels: [],
      disputes: [],
      fraudWarning: null,
    },
    contact: {
      email: "ada@example.com",
      shippingAddress: {
        name: "Ada",
        line1: "1 Main St",
        city: "Springfield",
        postalCode: "62701",
        country: "US",
      },
    },
  };
}

export function ordersChanged(...orders: ChangedOrder[]): OrdersChanged {
  return { v: MESSAGE_VERSION, type: "orders.changed", orders };
}

/** A message about one order. */
export function orderChanged(orderId: string, version = 1): OrdersChanged {
  return ordersChanged(changedOrder(orderId, version));
}

export function ledgerAppended(sku: string, sequence: number, available = 10): LedgerAppended {
  const units = { available, held: 0, sold: 0, received: available, adjusted: 0 };
  return {
    v: MESSAGE_VERSION,
    type: "ledger.appended",
    level: { sku, sequence, ...units, opensAt: null, at: 1 },
    entries: [{ sequence, at: 1, kind: "received", reference: "seed", reason: null, ...units }],
  };
}

export function paymentsDue(...orderIds: string[]): PaymentsDue {
  return { v: MESSAGE_VERSION, type: "payments.due", orderIds };
}

export function stripeEvent(
  orderId: string | null,
  over: Partial<StripeEventReceived> = {},
): StripeEventReceived {
  return {
    v: MESSAGE_VERSION,
    type: "stripe.event",
    eventId: "evt_1",
    eventType: "payment_intent.amount_capturable_updated",
    createdAt: 1,
    orderId,
    intent: {
      id: "pi_1",
      amountMinor: 100,
      currency: "USD",
      status: "requires_capture",
      capturedMinor: 0,
      lastError: null,
      orderId,
      operationId: null,
    },
    aboutIntentId: null,
    ...over,
  };
}
