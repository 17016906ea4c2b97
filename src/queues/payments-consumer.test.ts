import { describe, expect, it } from "vitest";
import type { StripeEventReceived } from "../contracts/messages.ts";
import type { PaymentOperation, PaymentOperationResult } from "../domain/order/payment-operation.ts";
import type {
  PaymentEvent,
  PaymentEventAnswer,
  PaymentReport,
} from "../durable-objects/order-shard/shard-calls.ts";
import { consume, paymentsDue, recordSettlement, shardOf, stripeEvent } from "./consumer-test-fixture.ts";
import type { Delivery } from "./consumer-test-fixture.ts";
import { consumePayments } from "./payments-consumer.ts";

const capture = (orderId: string, n = 1): PaymentOperation => ({
  orderId,
  kind: "capture",
  n,
  intentId: "pi_1",
  amountMinor: 100,
});

const captured = (n: number): PaymentOperationResult => ({
  kind: "capture",
  n,
  outcome: "refused",
  failure: { code: "c", message: "m" },
  intent: null,
});

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `order-${index}`);
const seconds = (lower: number, upper: number, actual: number | undefined) => {
  expect(actual).toBeGreaterThanOrEqual(lower);
  expect(actual).toBeLessThanOrEqual(upper);
};

/** Shards that own every order not missing, each owing some captures one after the other; and Stripe. */
function world() {
  const settlement = recordSettlement();
  const state = {
    settlement,
    /** Operations as they came to Stripe: `<order>:<n>`. */
    performed: [] as string[],
    recorded: [] as StripeEventReceived[],
    events: [] as PaymentEvent[],
    reports: [] as PaymentReport[],
    /** `<shard> <method> <how many>`, one a call. */
    calls: [] as string[],
    missing: new Set<string>(),
    /** How many captures an order owes in all. */
    owed: 1,
    done: new Map<string, number>(),
    unreachable: { paymentEvents: "", recordPaymentOperations: "" },
    stripeFaults: new Map<string, Error>(),
    /** Awaited by each operation at Stripe. */
    stripeGate: Promise.resolve(),
    /** Awaited by each report. */
    reportGate: Promise.resolve(),
    inboxAway: false,
    /** What Stripe knows of intents' orders. */
    orders: new Map<string, string>(),
    stripeAway: false,
    underWay: new Set<string>(),
    mostUnderWay: 0,
    twiceAtOnce: false,
  };
  const next = (orderId: string): PaymentOperation | null => {
    const done = state.done.get(orderId) ?? 0;
    return state.missing.has(orderId) || done >= state.owed ? null : capture(orderId, done + 1);
  };
  const called = (shard: string, method: keyof typeof state.unreachable, many: readonly unknown[]) => {
    state.calls.push(`${shard} ${method} ${many.length}`);
    if (state.unreachable[method] === shard) throw new Error("object restarted");
  };
  const deps = {
    ...settlement,
    shardOf,
    shard: (name: string) => ({
      async paymentEvents(events: PaymentEvent[]): Promise<PaymentEventAnswer[]> {
        await Promise.resolve();
        called(name, "paymentEvents", events);
        state.events.push(...events);
        return events.map(({ orderId }) => ({
          exists: !state.missing.has(orderId),
          operation: next(orderId),
        }));
      },
      async recordPaymentOperations(reports: PaymentReport[]): Promise<(PaymentOperation | null)[]> {
        called(name, "recordPaymentOperations", reports);
        await state.reportGate;
        state.reports.push(...reports);
        return reports.map((report) => {
          if ("result" in report) state.done.set(report.orderId, report.result.n);
          return next(report.orderId);
        });
      },
    }),
    async performOperation({ orderId, n }: PaymentOperation): Promise<PaymentOperationResult> {
      if (state.underWay.has(orderId)) state.twiceAtOnce = true;
      state.underWay.add(orderId);
      state.mostUnderWay = Math.max(state.mostUnderWay, state.underWay.size);
      state.performed.push(`${orderId}:${n}`);
      await state.stripeGate;
      state.underWay.delete(orderId);
      const fault = state.stripeFaults.get(orderId);
      if (fault !== undefined) throw fault;
      return captured(n);
    },
    orderOfIntent: (intentId: string) =>
      state.stripeAway
        ? Promise.reject(new Error("Stripe is away"))
        : Promise.resolve(state.orders.get(intentId) ?? null),
    recordEvents: (events: StripeEventReceived[]) => {
      if (state.inboxAway) return Promise.reject(new TypeError("fetch failed"));
      state.recorded.push(...events);
      return Promise.resolve();
    },
  };
  const run = (...deliveries: Delivery[]) =>
    consume("payments", deliveries, (batch) => consumePayments(batch, deps));
  return { state, run };
}

const busy = (retryAfterSeconds: number) =>
  Object.assign(new Error("busy"), { name: "StripeBusyError", retryAfterSeconds });

describe("the payments consumer", () => {
  it("does what the shard answers to an event, reports back, and records the event", async () => {
    const { state, run } = world();
    const outcome = await run({ body: stripeEvent("a") });
    expect(outcome.acknowledged).toEqual([0]);
    expect(state.performed).toEqual(["a:1"]);
    expect(state.reports).toEqual([{ orderId: "a", result: captured(1) }]);
    expect(state.recorded.map(({ eventId }) => eventId)).toEqual(["evt_1"]);
  });

  it("asks what is due when the message carries no intent", async () => {
    const { state, run } = world();
    const outcome = await run({ body: paymentsDue("a") });
    expect(outcome.acknowledged).toEqual([0]);
    expect(state.events).toMatchObject([{ orderId: "a", intent: null }]);
    expect(state.performed).toEqual(["a:1"]);
  });

  it("tells each of four shards a batch of fifty with one call, events and dues together", async () => {
    const { state, run } = world();
    const orderIds = numbered(50);
    const outcome = await run(...orderIds.slice(0, 49).map((orderId) => ({ body: stripeEvent(orderId) })), {
      body: paymentsDue(...orderIds),
    });
    expect(outcome.acknowledged).toHaveLength(50);
    const tellings = state.calls.filter((call) => call.includes("paymentEvents"));
    expect(tellings.map((call) => call.split(" ")[0]).sort()).toEqual([
      "shard-0",
      "shard-1",
      "shard-2",
      "shard-3",
    ]);
    expect(state.events).toHaveLength(99);
    expect([...state.performed].sort()).toEqual(orderIds.map((orderId) => `${orderId}:1`).sort());
  });

  it("tells the events of one order in the order in which they came, and asks once what it owes", async () => {
    const { state, run } = world();
    const statuses = ["processing", "requires_capture", "canceled"] as const;
    const intent = stripeEvent("a").intent;
    await run(
      { body: paymentsDue("a", "b", "a") },
      ...statuses.map((status) => ({
        body: stripeEvent("a", { intent: intent === null ? null : { ...intent, status } }),
      })),
      { body: paymentsDue("a") },
    );
    const ofA = state.events.filter(({ orderId }) => orderId === "a");
    expect(ofA.map((event) => event.intent?.status ?? null)).toEqual([null, ...statuses]);
    expect(state.events).toHaveLength(5);
  });

  it("captures once when the same event is delivered five times", async () => {
    const { state, run } = world();
    const outcome = await run(...Array.from({ length: 5 }, () => ({ body: stripeEvent("a") })));
    expect(outcome.acknowledged).toEqual([0, 1, 2, 3, 4]);
    expect(state.performed).toEqual(["a:1"]);
  });

  it("works on twelve orders at once over all shards, and never twice on one", async () => {
    const { state, run } = world();
    state.owed = 3;
    const orderIds = numbered(40);
    await run({ body: paymentsDue(...orderIds) }, ...orderIds.map((id) => ({ body: stripeEvent(id) })));
    expect(state.performed).toHaveLength(120);
    expect(state.mostUnderWay).toBe(12);
    expect(state.twiceAtOnce).toBe(false);
  });

  it("reports the first result at once and those that come meanwhile together, with one call under way a shard", async () => {
    const { state, run } = world();
    const { promise: gate, resolve: open } = Promise.withResolvers<undefined>();
    state.reportGate = gate.then();
    // Of one shard: their ids end alike.
    const orderIds = numbered(10).map((orderId) => `${orderId}-0`);
    const running = run({ body: paymentsDue(...orderIds) });
    await expect.poll(() => state.performed.length).toBe(10);
    expect(state.calls.slice(1)).toEqual(["shard-0 recordPaymentOperations 1"]);
    open(undefined);
    await running;
    expect(state.calls.slice(1)).toEqual([
      "shard-0 recordPaymentOperations 1",
      "shard-0 recordPaymentOperations 9",
    ]);
    expect(state.reports).toHaveLength(10);
  });

  it("postpones an order for as long as Stripe says and up to twice that, as a report that uses up no attempt", async () => {
    const { state, run } = world();
    state.owed = 2;
    state.stripeFaults.set("a", busy(7));
    const outcome = await run({ body: paymentsDue("a", "b") });
    expect(outcome.acknowledged).toEqual([0]);
    const ofA = state.reports.filter(({ orderId }) => orderId === "a");
    expect(ofA).toHaveLength(1);
    expect(ofA[0]).not.toHaveProperty("result");
    seconds(7, 14, (ofA[0] as { busySeconds?: number }).busySeconds);
    // What the shard answers to it is left for then.
    expect(state.performed.filter((operation) => operation.startsWith("a"))).toEqual(["a:1"]);
    expect(state.performed.filter((operation) => operation.startsWith("b"))).toEqual(["b:1", "b:2"]);
    expect(state.settlement.points).toContain("payment_operations busy 1");
  });

  it("leaves an operation that failed at Stripe to the shard, which asks again: logged, counted, acknowledged", async () => {
    const { state, run } = world();
    state.stripeFaults.set("a", new Error("no connection"));
    const outcome = await run({ body: stripeEvent("a") }, { body: paymentsDue("a", "b") });
    expect(outcome).toEqual({ acknowledged: [0, 1], retried: {} });
    expect(state.reports.map(({ orderId }) => orderId)).toEqual(["b"]);
    expect(state.settlement.points).toContain("payment_operations failed 1");
    expect(state.settlement.lines.join()).toContain("payment_operation.failed");
  });

  it("retries events that their shard was not told, with growing waits; a due is the shard's own to repeat", async () => {
    const { state, run } = world();
    state.unreachable.paymentEvents = shardOf("a") ?? "";
    const outcome = await run(
      { body: stripeEvent("a"), attempts: 1 },
      { body: stripeEvent("a"), attempts: 5 },
      { body: stripeEvent("a"), attempts: 40 },
      { body: paymentsDue("a") },
      { body: stripeEvent("b") },
      { body: "no message" },
    );
    expect(outcome.acknowledged).toEqual([3, 4, 5]);
    seconds(1, 2, outcome.retried[0]);
    seconds(6, 16, outcome.retried[1]);
    seconds(150, 300, outcome.retried[2]);
    expect(state.performed).toEqual(["b:1"]);
  });

  it("ends an order's turn where a report does not arrive, and retries no message", async () => {
    const { state, run } = world();
    state.owed = 3;
    state.unreachable.recordPaymentOperations = shardOf("a") ?? "";
    const outcome = await run({ body: stripeEvent("a") }, { body: stripeEvent("b") });
    expect(outcome.acknowledged).toEqual([0, 1]);
    expect([...state.performed].sort()).toEqual(["a:1", "b:1", "b:2", "b:3"]);
    expect(state.settlement.lines.join()).toContain("payment_operations.unreported");
  });

  it("records and acknowledges an event that belongs to none of our orders, and touches no shard", async () => {
    const { state, run } = world();
    const outcome = await run({ body: stripeEvent(null) }, { body: stripeEvent("foreign-1") });
    expect(outcome.acknowledged).toEqual([0, 1]);
    expect(state.calls).toEqual([]);
    expect(state.recorded).toHaveLength(2);
  });

  it("asks Stripe for the order of a refund or dispute that does not name it, and has that order look again", async () => {
    const { state, run } = world();
    state.orders.set("pi_9", "a");
    const outcome = await run(
      { body: stripeEvent(null, { intent: null, aboutIntentId: "pi_9" }) },
      { body: stripeEvent(null, { eventId: "evt_2", intent: null, aboutIntentId: "pi_of_another_shop" }) },
    );
    expect(outcome.acknowledged).toEqual([0, 1]);
    expect(state.events).toEqual([{ orderId: "a", intent: null, isReviewWanted: true }]);
  });

  it("gives such an event back while Stripe cannot be asked", async () => {
    const { state, run } = world();
    state.stripeAway = true;
    const outcome = await run({ body: stripeEvent(null, { intent: null, aboutIntentId: "pi_9" }) });
    expect(Object.keys(outcome.retried)).toEqual(["0"]);
  });

  it("waits a while for the order of an early webhook, then dead-letters it", async () => {
    const { state, run } = world();
    state.missing.add("a");
    const early = await run({ body: stripeEvent("a"), attempts: 1 });
    expect(Object.keys(early.retried)).toEqual(["0"]);
    const late = await run({ body: stripeEvent("a"), attempts: 6 });
    expect(late.acknowledged).toEqual([0]);
    expect(state.settlement.deadLetters.map(({ messageId }) => messageId)).toEqual([
      "stripe.event:pi_1:requires_capture",
    ]);
  });

  it("records an intent without an order once, however often the cron lists it", async () => {
    const { state, run } = world();
    state.missing.add("a");
    await run({ body: stripeEvent("a"), attempts: 6 });
    for (const createdAt of [1, 2, 3]) {
      const listed = stripeEvent("a", { eventId: "net_pi_1", createdAt });
      expect((await run({ body: listed })).acknowledged).toEqual([0]);
    }
    expect(state.settlement.deadLetters).toHaveLength(1);
    expect(state.settlement.lines.filter((line) => line.includes("message.dead_lettered"))).toHaveLength(1);
  });

  it("acknowledges an event without money of an order that does not exist", async () => {
    const { state, run } = world();
    state.missing.add("a");
    const intent = stripeEvent("a").intent;
    const canceled = intent === null ? null : { ...intent, status: "canceled" as const };
    const outcome = await run(
      { body: stripeEvent("a", { intent: canceled }) },
      { body: stripeEvent("a", { intent: null }) },
    );
    expect(outcome.acknowledged).toEqual([0, 1]);
    expect(state.settlement.deadLetters).toEqual([]);
  });

  it("works without the inbox: it is a record, not a gate", async () => {
    const { state, run } = world();
    state.inboxAway = true;
    const outcome = await run({ body: stripeEvent("a") });
    expect(outcome.acknowledged).toEqual([0]);
    expect(state.performed).toEqual(["a:1"]);
    expect(state.settlement.points).toContain("stripe_events_unrecorded 1");
  });

  it("does not record what the reconciliation job found as an event of Stripe's", async () => {
    const { state, run } = world();
    await run({ body: stripeEvent("a", { eventId: "net_pi_1" }) });
    expect(state.performed).toEqual(["a:1"]);
    expect(state.recorded).toEqual([]);
  });

  it("stops after four operations of an order, should it never end; its shard asks again", async () => {
    const { state, run } = world();
    state.owed = Infinity;
    const outcome = await run({ body: paymentsDue("a") });
    expect(outcome.acknowledged).toEqual([0]);
    expect(state.performed).toEqual(["a:1", "a:2", "a:3", "a:4"]);
    expect(state.settlement.points).toContain("payment_operations left 1");
  });

  it("stops after a thousand operations of a batch, within what an invocation may ask for", async () => {
    const { state, run } = world();
    const orderIds = numbered(1_100);
    const outcome = await run(
      ...Array.from({ length: 11 }, (_, index) => ({
        body: paymentsDue(...orderIds.slice(index * 100, index * 100 + 100)),
      })),
    );
    expect(outcome.acknowledged).toHaveLength(11);
    expect(state.performed).toHaveLength(1_000);
    // Few points, too: an invocation may write 250.
    expect(state.settlement.points.filter((point) => point.startsWith("payment_operations"))).toEqual([
      "payment_operations capture refused 1000",
      "payment_operations left 100",
    ]);
  });

  it("gives a message of a newer release back", async () => {
    const { run } = world();
    const outcome = await run({ body: { v: 2, type: "payments.split" } });
    expect(Object.keys(outcome.retried)).toEqual(["0"]);
  });
});
