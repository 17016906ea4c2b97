import { describe, expect, it } from "vitest";
import type { IntentView, StripeEventReceived } from "../contracts/messages.ts";
import type { PaymentOperation, PaymentOperationResult } from "../domain/order/payment-operation.ts";
import { consume, paymentDue, recordSettlement, stripeEvent } from "./consumer-test-fixture.ts";
import type { Delivery } from "./consumer-test-fixture.ts";
import { consumePayments } from "./payments-consumer.ts";
import type { PayableOrder } from "./payments-consumer.ts";

const capture: PaymentOperation = { orderId: "a", kind: "capture", n: 1, intentId: "pi_1", amountMinor: 100 };

function captured(intent: IntentView): PaymentOperationResult {
  return { kind: "capture", n: 1, outcome: "intent", intent, clientSecret: null };
}

/** One order object and Stripe behind the injected functions. */
function world() {
  const settlement = recordSettlement();
  const performed: PaymentOperation[] = [];
  const recorded: StripeEventReceived[] = [];
  const order = { exists: true, owed: [capture], seen: 0, reported: 0 };
  const state = {
    settlement,
    performed,
    recorded,
    order,
    stripeFault: null as Error | null,
    inboxAway: false,
    endless: false,
    underWay: 0,
    mostUnderWay: 0,
  };
  const next = () => (state.endless ? capture : (order.owed[0] ?? null));
  const payable: PayableOrder = {
    exists: () => Promise.resolve(order.exists),
    paymentEvent: () => {
      order.seen += 1;
      return Promise.resolve(order.exists ? next() : null);
    },
    nextPaymentOperation: () => Promise.resolve(next()),
    recordPaymentOperation: () => {
      order.reported += 1;
      order.owed = [];
      return Promise.resolve(next());
    },
  };
  const deps = {
    ...settlement,
    order: (orderId: string) => (orderId.startsWith("foreign") ? null : payable),
    performOperation: async (operation: PaymentOperation) => {
      state.underWay += 1;
      state.mostUnderWay = Math.max(state.mostUnderWay, state.underWay);
      await Promise.resolve();
      state.underWay -= 1;
      if (state.stripeFault !== null) throw state.stripeFault;
      performed.push(operation);
      return captured(stripeEvent("a").intent as IntentView);
    },
    recordEvents: (events: StripeEventReceived[]) => {
      if (state.inboxAway) return Promise.reject(new TypeError("fetch failed"));
      recorded.push(...events);
      return Promise.resolve();
    },
  };
  const run = (...deliveries: Delivery[]) =>
    consume("payments", deliveries, (batch) => consumePayments(batch, deps));
  return { state, run };
}

describe("the payments consumer", () => {
  it("does what the order answers to an event, reports back, and records the event", async () => {
    const { state, run } = world();
    const outcome = await run({ body: stripeEvent("a") });
    expect(outcome.acknowledged).toEqual([0]);
    expect(state.performed).toEqual([capture]);
    expect(state.order.reported).toBe(1);
    expect(state.recorded.map(({ eventId }) => eventId)).toEqual(["evt_1"]);
  });

  it("asks the order what is due when the message carries no intent", async () => {
    const { state, run } = world();
    await run({ body: paymentDue("a") });
    expect(state.order.seen).toBe(0);
    expect(state.performed).toEqual([capture]);
  });

  it("captures once when the same event is delivered five times", async () => {
    const { state, run } = world();
    const outcome = await run(...Array.from({ length: 5 }, () => ({ body: stripeEvent("a") })));
    expect(outcome.acknowledged).toEqual([0, 1, 2, 3, 4]);
    expect(state.performed).toHaveLength(1);
    expect(state.mostUnderWay).toBe(1);
  });

  it("comes back when Stripe says, and not sooner", async () => {
    const { state, run } = world();
    state.stripeFault = Object.assign(new Error("busy"), { name: "StripeBusyError", retryAfterSeconds: 7 });
    const outcome = await run({ body: paymentDue("a") });
    expect(outcome.acknowledged).toEqual([]);
    expect(outcome.retried[0]).toBeGreaterThanOrEqual(7);
    expect(outcome.retried[0]).toBeLessThanOrEqual(14);
  });

  it("retries a fault with a backoff that grows with the deliveries and stays clamped", async () => {
    const { state, run } = world();
    state.stripeFault = new Error("no connection");
    const waits: number[] = [];
    for (const attempts of [1, 5, 40]) {
      waits.push((await run({ body: paymentDue("a"), attempts })).retried[0] ?? 0);
    }
    expect(waits[0]).toBeLessThanOrEqual(2);
    expect(waits[1]).toBeGreaterThan(5);
    expect(waits[2]).toBeLessThanOrEqual(300);
  });

  it("lets one order's fault hold up nobody else", async () => {
    const { run, state } = world();
    state.stripeFault = new Error("no connection");
    const outcome = await run(
      { body: paymentDue("a") },
      { body: stripeEvent("foreign-1") },
      { body: "poison" },
    );
    expect(outcome.acknowledged).toEqual([1, 2]);
    expect(Object.keys(outcome.retried)).toEqual(["0"]);
  });

  it("records and acknowledges an event that belongs to none of our orders", async () => {
    const { state, run } = world();
    const outcome = await run({ body: stripeEvent(null) }, { body: stripeEvent("foreign-1") });
    expect(outcome.acknowledged).toEqual([0, 1]);
    expect(state.performed).toEqual([]);
    expect(state.recorded).toHaveLength(2);
  });

  it("waits a while for the order of an early webhook, then parks it", async () => {
    const { state, run } = world();
    state.order.exists = false;
    const early = await run({ body: stripeEvent("a"), attempts: 1 });
    expect(Object.keys(early.retried)).toEqual(["0"]);
    const late = await run({ body: stripeEvent("a"), attempts: 6 });
    expect(late.acknowledged).toEqual([0]);
    expect(state.settlement.letters.map(({ messageId }) => messageId)).toEqual([
      "stripe.event:pi_1:requires_capture",
    ]);
  });

  it("records an intent without an order once, however often the cron lists it", async () => {
    const { state, run } = world();
    state.order.exists = false;
    await run({ body: stripeEvent("a"), attempts: 6 });
    for (const createdAt of [1, 2, 3]) {
      const listed = stripeEvent("a", { eventId: "net_pi_1", createdAt });
      expect((await run({ body: listed })).acknowledged).toEqual([0]);
    }
    expect(state.settlement.letters).toHaveLength(1);
    expect(state.settlement.lines.filter((line) => line.includes("message.parked"))).toHaveLength(1);
  });

  it("works without the inbox: it is a record, not a gate", async () => {
    const { state, run } = world();
    state.inboxAway = true;
    const outcome = await run({ body: stripeEvent("a") });
    expect(outcome.acknowledged).toEqual([0]);
    expect(state.performed).toEqual([capture]);
    expect(state.settlement.points).toContain("stripe_events_unrecorded 1");
  });

  it("does not record the net's own findings as Stripe's", async () => {
    const { state, run } = world();
    await run({ body: stripeEvent("a", { eventId: "net_pi_1" }) });
    expect(state.performed).toEqual([capture]);
    expect(state.recorded).toEqual([]);
  });

  it("stops after a few operations and comes back, should an order never end", async () => {
    const { state, run } = world();
    state.endless = true;
    const outcome = await run({ body: paymentDue("a") });
    expect(state.performed).toHaveLength(4);
    expect(outcome.retried[0]).toBe(1);
  });

  it("gives a message of a newer release back", async () => {
    const { run } = world();
    const outcome = await run({ body: { v: 2, type: "payment.split" } });
    expect(Object.keys(outcome.retried)).toEqual(["0"]);
  });
});
