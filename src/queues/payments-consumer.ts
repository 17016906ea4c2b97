/**
 * payments: the one way by which background work reaches Stripe, few calls at once. An order's shard decides what is to be
 * done; this consumer does it and reports back, until nothing is left.
 *
 * The shard asks again for what is still owed, with its own backoff. So a message is done once the shard was told of it,
 * whatever becomes of the operations that follow: an obligation has one retry loop, not two.
 */
import { PaymentMessage } from "../contracts/messages.ts";
import type { IntentView, StripeEventReceived } from "../contracts/messages.ts";
import type { PaymentOperation, PaymentOperationResult } from "../domain/order/payment-operation.ts";
import type {
  OrderShardStub,
  PaymentEvent,
  PaymentReport,
} from "../durable-objects/order-shard/shard-calls.ts";
import { byShard } from "../durable-objects/order-shard/by-shard.ts";
import { concurrencyLimit } from "./bounded-concurrency.ts";
import { coalesced } from "./coalesced-calls.ts";
import { receive } from "./intake.ts";
import type { Received } from "./intake.ts";
import type { QueueBatch } from "./message-batch.ts";
import { FAULT_BACKOFF } from "./retry-policy.ts";
import { Settlement } from "./settlement.ts";
import type { SettlementDeps } from "./settlement.ts";
import { Tally } from "./tally.ts";

/**
 * Orders worked on at once, from one batch. A Worker has six connections at a time; half of an order's work is calls to
 * objects, which are none, so twice as many orders keep the six busy.
 */
const ORDER_CONCURRENCY = 12;

/** Operations for one order; one that wants more is asked about again by its shard. */
const MAX_OPERATIONS_PER_ORDER = 4;

/** Operations for one batch: one takes a few requests, and an invocation may make 10,000. */
const MAX_OPERATIONS_PER_BATCH = 1_000;

/** Deliveries after which money that belongs to no order is kept for ops. */
const MAX_DELIVERIES_WITHOUT_ORDER = 6;

export interface PaymentsConsumerDeps extends SettlementDeps {
  /** The name of the shard that owns the order; null where the id is not one of ours (checked without touching an object). */
  readonly shardOf: (orderId: string) => string | null;
  readonly shard: (name: string) => Pick<OrderShardStub, "paymentEvents" | "recordPaymentOperations">;
  /** Performs the operation at Stripe. Throws faults; `StripeBusyError` carries `retryAfterSeconds`. */
  readonly performOperation: (operation: PaymentOperation) => Promise<PaymentOperationResult>;
  /** The order of an intent, by its metadata at Stripe: a refund or dispute made there does not name it. Null where it has none. */
  readonly orderOfIntent: (intentId: string) => Promise<string | null>;
  /** Records events in the inbox, once each. A record, not a gate: its faults hold nothing up. */
  readonly recordEvents: (events: StripeEventReceived[]) => Promise<void>;
}

/** What a shard is told, and the event it comes from; null where an order is only asked what it owes. */
interface Told extends PaymentEvent {
  readonly event: Received<StripeEventReceived> | null;
}

export async function consumePayments(batch: QueueBatch, deps: PaymentsConsumerDeps): Promise<void> {
  const settlement = new Settlement(batch, deps);
  const received = await receive(batch, PaymentMessage, settlement);
  const recorded = record(received, deps);
  const told = (await Promise.all(received.map((item) => toldBy(item, settlement, deps)))).flat();
  const { shards, unowned } = byShard(withoutRepeatedDues(told), deps.shardOf);
  for (const { event, orderId } of unowned) {
    // Another use of the same Stripe account; the inbox keeps it.
    if (event !== null) settlement.acknowledge(event.message);
    else deps.telemetry.log("warn", "payments.foreign_order", { orderId });
  }
  const operations = new Operations(deps);
  await Promise.all([...shards].map(([name, own]) => serveShard(name, own, operations, settlement, deps)));
  await recorded;
  operations.report();
  settlement.report();
}

/** A message that only asks is done by being read; a shard that cannot be reached asks again by itself. */
async function toldBy(
  { message, body }: Received<PaymentMessage>,
  settlement: Settlement,
  deps: PaymentsConsumerDeps,
): Promise<Told[]> {
  if (body.type === "payments.due") {
    settlement.acknowledge(message);
    return body.orderIds.map((orderId) => ({ orderId, intent: null, event: null }));
  }
  const { intent, aboutIntentId } = body;
  let { orderId } = body;
  try {
    if (orderId === null && aboutIntentId !== null) orderId = await deps.orderOfIntent(aboutIntentId);
  } catch (fault) {
    settlement.retry(message, fault);
    return [];
  }
  if (orderId !== null) {
    return [{ orderId, intent, isReviewWanted: aboutIntentId !== null, event: { message, body } }];
  }
  settlement.acknowledge(message);
  return [];
}

function withoutRepeatedDues(told: readonly Told[]): Told[] {
  const asked = new Set<string>();
  return told.filter(({ orderId, event }) => {
    if (event !== null) return true;
    if (asked.has(orderId)) return false;
    asked.add(orderId);
    return true;
  });
}

/** One call tells a shard all its events; then each of its orders gets done what it wants done. */
async function serveShard(
  name: string,
  told: readonly Told[],
  operations: Operations,
  settlement: Settlement,
  deps: PaymentsConsumerDeps,
): Promise<void> {
  let answers;
  try {
    answers = await deps
      .shard(name)
      .paymentEvents(
        told.map(({ orderId, intent, isReviewWanted = false }) => ({ orderId, intent, isReviewWanted })),
      );
    if (answers.length !== told.length) throw new Error(`${answers.length} answers to ${told.length} events`);
  } catch (fault) {
    deps.telemetry.fault("payments.shard_not_told", fault, { source: name, count: told.length });
    for (const { event, orderId } of told) {
      if (event !== null) settlement.retry(event.message, fault, { orderId });
    }
    return;
  }
  /** What an order wants after all its events. Orders keep the order in which they came. */
  const wanted = new Map<string, PaymentOperation | null>();
  for (const [index, { exists, operation }] of answers.entries()) {
    const item = told[index];
    if (item === undefined) continue;
    wanted.set(item.orderId, operation);
    if (item.event !== null) await settleEvent(item.event, exists, settlement);
  }
  const report = operations.reporterOf(name);
  await Promise.all([...wanted].map(([orderId, first]) => operations.perform(orderId, first, report)));
}

/** The webhook may be ahead of the order. What the cron lists at Stripe is not: its order had time to appear. */
async function settleEvent(
  { message, body }: Received<StripeEventReceived>,
  exists: boolean,
  settlement: Settlement,
): Promise<void> {
  if (exists || body.intent === null || !concernsMoney(body.intent)) {
    settlement.acknowledge(message);
  } else if (isFromStripe(body) && message.attempts < MAX_DELIVERIES_WITHOUT_ORDER) {
    settlement.postpone(message, "no_order_yet", FAULT_BACKOFF);
  } else {
    const fault = new OrderMissing("money is authorised or taken for an order that does not exist");
    await settlement.deadLetter(message, fault);
  }
}

type Report = (report: PaymentReport) => Promise<PaymentOperation | null>;

/** The operations of one batch: bounded together, whichever shard wants them. */
class Operations {
  readonly #deps: PaymentsConsumerDeps;
  readonly #inTurn = concurrencyLimit(ORDER_CONCURRENCY);
  readonly #tally = new Tally("payment_operations");
  #left = MAX_OPERATIONS_PER_BATCH;

  constructor(deps: PaymentsConsumerDeps) {
    this.#deps = deps;
  }

  /** Counts what was done; called once, at the end of the batch. */
  report(): void {
    this.#tally.report(this.#deps.telemetry);
  }

  /** Tells a shard what came of operations, those that come together in one call. A report that is lost ends its order's turn. */
  reporterOf(shard: string): Report {
    const { telemetry } = this.#deps;
    return coalesced(async (reports: PaymentReport[]) => {
      try {
        const next = await this.#deps.shard(shard).recordPaymentOperations(reports);
        if (next.length !== reports.length)
          throw new Error(`${next.length} answers to ${reports.length} reports`);
        return next;
      } catch (fault) {
        telemetry.fault("payment_operations.unreported", fault, { source: shard, count: reports.length });
        return reports.map(() => null);
      }
    });
  }

  /** Performs an order's operations, one after the other: two at once would only meet each other's keys at Stripe. */
  async perform(orderId: string, first: PaymentOperation | null, report: Report): Promise<void> {
    if (first === null) return;
    await this.#inTurn(async () => {
      let operation: PaymentOperation | null = first;
      for (let performed = 0; operation !== null; performed += 1) {
        if (performed === MAX_OPERATIONS_PER_ORDER || this.#left === 0) {
          this.#tally.add("left");
          return;
        }
        this.#left -= 1;
        const outcome = await this.#attempt(operation);
        if (outcome === null) return;
        const next = await report(outcome);
        operation = "busySeconds" in outcome ? null : next;
      }
    });
  }

  /** @returns what to report; null after a fault, whose outcome nobody knows: the shard asks again, under the same key */
  async #attempt(operation: PaymentOperation): Promise<PaymentReport | null> {
    const { telemetry, clock, random } = this.#deps;
    const { orderId, kind } = operation;
    const startedAt = clock();
    try {
      const result = await this.#deps.performOperation(operation);
      this.#tally.add(kind, result.outcome, clock() - startedAt);
      return { orderId, result };
    } catch (fault) {
      const busySeconds = busyFor(fault);
      this.#tally.add(busySeconds === null ? "failed" : "busy");
      // Orders that met the same limit must not come back together.
      if (busySeconds !== null) return { orderId, busySeconds: busySeconds * (1 + random()) };
      telemetry.fault("payment_operation.failed", fault, { orderId, operation: kind });
      return null;
    }
  }
}

class OrderMissing extends Error {
  override readonly name = "OrderMissing";
}

function concernsMoney(intent: Pick<IntentView, "status">): boolean {
  return intent.status === "requires_capture" || intent.status === "succeeded";
}

/** Seconds for which Stripe asks to be left alone, or null for any other fault. Known by name: a fault may have crossed RPC. */
function busyFor(fault: unknown): number | null {
  if (!(fault instanceof Error) || fault.name !== "StripeBusyError") return null;
  const seconds = "retryAfterSeconds" in fault ? fault.retryAfterSeconds : null;
  return typeof seconds === "number" && seconds > 0 ? seconds : 1;
}

async function record(received: Received<PaymentMessage>[], deps: PaymentsConsumerDeps): Promise<void> {
  const events = received.flatMap(({ body }) => (isFromStripe(body) ? [body] : []));
  if (events.length === 0) return;
  try {
    await deps.recordEvents(events);
  } catch (fault) {
    deps.telemetry.fault("stripe_events.unrecorded", fault, { count: events.length });
    deps.telemetry.count("stripe_events_unrecorded", { count: events.length });
  }
}

/** What the reconciliation job lists at Stripe has the shape of an event but is none of Stripe's. */
function isFromStripe(body: PaymentMessage): body is StripeEventReceived {
  return body.type === "stripe.event" && body.eventId.startsWith("evt_");
}
