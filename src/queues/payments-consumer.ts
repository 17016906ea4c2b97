/**
 * payments: the one way by which background work reaches Stripe, few calls at once. An order object decides what is to be
 * done; this consumer does it and reports back, until nothing is left.
 */
import { PaymentMessage } from "../contracts/messages.ts";
import type { IntentView, StripeEventReceived } from "../contracts/messages.ts";
import type { PaymentOperation, PaymentOperationResult } from "../domain/order/payment-operation.ts";
import { forEachBounded } from "./bounded-concurrency.ts";
import { receive } from "./intake.ts";
import type { Received } from "./intake.ts";
import type { QueueBatch } from "./message-batch.ts";
import { FAULT_BACKOFF } from "./retry-policy.ts";
import { Settlement } from "./settlement.ts";
import type { SettlementDeps } from "./settlement.ts";

/**
 * Orders worked on at once, from one batch. A Worker has six connections at a time; half of an order's work is calls to
 * objects, which are none, so twice as many orders keep the six busy.
 */
const ORDER_CONCURRENCY = 12;

/** Operations for one message; an order that wants more goes on with the next delivery. */
const MAX_OPERATIONS_PER_MESSAGE = 4;

/** Deliveries after which money that belongs to no order is parked for somebody to look at. */
const MAX_DELIVERIES_WITHOUT_ORDER = 6;

/** How soon an order that still has something outstanding is come back to, in seconds. */
const CONTINUE_SECONDS = 1;

/** What the consumer asks of an order object. */
export interface PayableOrder {
  /** Whether the order exists (a row that is still opening does not). */
  exists(): Promise<boolean>;
  paymentEvent(intent: IntentView): Promise<PaymentOperation | null>;
  nextPaymentOperation(): Promise<PaymentOperation | null>;
  recordPaymentOperation(result: PaymentOperationResult): Promise<PaymentOperation | null>;
}

export interface PaymentsConsumerDeps extends SettlementDeps {
  /** The order's object; null where the id is not one of ours (checked without touching an object). */
  readonly order: (orderId: string) => PayableOrder | null;
  /** Performs the operation at Stripe. Throws faults; `StripeBusyError` carries `retryAfterSeconds`. */
  readonly performOperation: (operation: PaymentOperation) => Promise<PaymentOperationResult>;
  /** Records events in the inbox, once each. A record, not a gate: its faults hold nothing up. */
  readonly recordEvents: (events: StripeEventReceived[]) => Promise<void>;
}

export async function consumePayments(batch: QueueBatch, deps: PaymentsConsumerDeps): Promise<void> {
  const settlement = new Settlement(batch, deps);
  const received = await receive(batch, PaymentMessage, settlement);
  // Messages about one order follow one another: two at once would only meet each other's idempotency keys at Stripe.
  const perOrder = [...Map.groupBy(received, ({ body, message }) => body.orderId ?? message.id).values()];
  const recorded = record(received, deps);
  await forEachBounded(perOrder, ORDER_CONCURRENCY, async (group) => {
    for (const item of group) await handle(item, settlement, deps);
  });
  await recorded;
  settlement.report();
}

async function handle(
  { message, body }: Received<PaymentMessage>,
  settlement: Settlement,
  deps: PaymentsConsumerDeps,
): Promise<void> {
  const order = body.orderId === null ? null : deps.order(body.orderId);
  if (order === null) {
    // Somebody else's use of the same Stripe account; the inbox keeps it.
    settlement.acknowledge(message);
    return;
  }
  const intent = body.type === "stripe.event" ? body.intent : null;
  try {
    const first = await (intent === null ? order.nextPaymentOperation() : order.paymentEvent(intent));
    if (first === null && intent !== null && concernsMoney(intent) && !(await order.exists())) {
      await withoutOrder({ message, body }, settlement);
      return;
    }
    const left = await perform(first, order, deps);
    if (left === null) settlement.acknowledge(message);
    else settlement.postpone(message, "operations_left", { seconds: CONTINUE_SECONDS });
  } catch (fault) {
    const busySeconds = busyFor(fault);
    if (busySeconds === null) {
      deps.telemetry.count("payment_operations", { outcome: "failed" });
      settlement.retry(message, fault, { orderId: body.orderId });
    } else {
      deps.telemetry.count("payment_operations", { outcome: "busy" });
      settlement.postpone(message, "stripe_busy", { seconds: busySeconds + deps.random() * busySeconds });
    }
  }
}

/** @returns what is still to be done after the bounded number of operations, or null */
async function perform(
  first: PaymentOperation | null,
  order: PayableOrder,
  deps: PaymentsConsumerDeps,
): Promise<PaymentOperation | null> {
  let operation = first;
  for (let performed = 0; operation !== null && performed < MAX_OPERATIONS_PER_MESSAGE; performed += 1) {
    const startedAt = deps.clock();
    const result = await deps.performOperation(operation);
    const durationMs = deps.clock() - startedAt;
    deps.telemetry.count("payment_operations", {
      outcome: operation.kind,
      where: result.outcome,
      durationMs,
    });
    operation = await order.recordPaymentOperation(result);
  }
  return operation;
}

/** The webhook may be ahead of the order. What the cron lists at Stripe is not: its order had time to appear. */
async function withoutOrder(
  { message, body }: Received<PaymentMessage>,
  settlement: Settlement,
): Promise<void> {
  if (isFromStripe(body) && message.attempts < MAX_DELIVERIES_WITHOUT_ORDER) {
    settlement.postpone(message, "no_order_yet", FAULT_BACKOFF);
  } else {
    await settlement.park(
      message,
      new OrderMissing("money is authorised or taken for an order that does not exist"),
    );
  }
}

class OrderMissing extends Error {
  override readonly name = "OrderMissing";
}

function concernsMoney(intent: IntentView): boolean {
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

/** The net's own findings have the shape of an event but are none of Stripe's. */
function isFromStripe(body: PaymentMessage): body is StripeEventReceived {
  return body.type === "stripe.event" && body.eventId.startsWith("evt_");
}
