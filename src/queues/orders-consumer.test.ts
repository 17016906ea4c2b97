import { describe, expect, it } from "vitest";
import type { PersistedOrder } from "../adapters/postgres/orders.ts";
import { MAX_ORDERS_PER_STATEMENT } from "../adapters/postgres/orders.ts";
import type { ChangedOrder } from "../contracts/messages.ts";
import {
  changedOrder,
  consume,
  isDataFault,
  orderChanged,
  ordersChanged,
  recordSettlement,
  shardOf,
  sqlFault,
} from "./consumer-test-fixture.ts";
import type { Delivery, SettlementRecorder } from "./consumer-test-fixture.ts";
import { consumeOrders } from "./orders-consumer.ts";

/** Postgres and the shards as the consumer meets them: idempotent, the newest version wins. */
function world() {
  const settlement = recordSettlement();
  const stored = new Map<string, number>();
  const confirmed: PersistedOrder[] = [];
  const confirmCalls: string[] = [];
  const calls: number[] = [];
  const events: string[] = [];
  const state = {
    settlement,
    stored,
    confirmed,
    /** The shards that were called, one entry a call. */
    confirmCalls,
    /** How many orders each statement took. */
    calls,
    events,
    /** From this statement on Postgres is away. */
    awayFrom: Infinity,
    failing: "",
    unreachable: "",
  };
  const deps = {
    ...settlement,
    persist: (orders: ChangedOrder[]): Promise<PersistedOrder[]> => {
      calls.push(orders.length);
      if (calls.length > state.awayFrom) return Promise.reject(new TypeError("fetch failed"));
      if (orders.some(({ snapshot }) => snapshot.orderId === state.failing))
        return Promise.reject(sqlFault("22021"));
      for (const { snapshot } of orders) {
        const known = stored.get(snapshot.orderId) ?? 0;
        stored.set(snapshot.orderId, Math.max(known, snapshot.version));
      }
      events.push("committed");
      return Promise.resolve(
        orders.map(({ snapshot }) => ({
          orderId: snapshot.orderId,
          version: stored.get(snapshot.orderId) ?? 0,
          contactPersisted: true,
        })),
      );
    },
    blamesData: isDataFault,
    objectOf: ({ orderId }: PersistedOrder) => shardOf(orderId),
    confirm: (shard: string, persisted: PersistedOrder[]) => {
      confirmCalls.push(shard);
      if (shard === state.unreachable) return Promise.reject(new Error("object restarted"));
      events.push(`confirmed ${shard}`);
      confirmed.push(...persisted);
      return Promise.resolve();
    },
  };
  const run = (deliveries: Delivery[]) =>
    consume("orders", deliveries, (batch) => consumeOrders(batch, deps));
  return { state, run };
}

const bodies = (...messages: unknown[]): Delivery[] => messages.map((body) => ({ body }));
const deadLetterIds = (settlement: SettlementRecorder) =>
  settlement.deadLetters.map(({ messageId }) => messageId);
const confirmedIds = (confirmed: readonly PersistedOrder[]) => confirmed.map(({ orderId }) => orderId).sort();
const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => changedOrder(`order-${index}`));

describe("the orders consumer", () => {
  it("stores a whole batch in one call, and confirms only after it was committed", async () => {
    const { state, run } = world();
    const outcome = await run(bodies(orderChanged("a"), orderChanged("b"), orderChanged("c")));
    expect(outcome.acknowledged).toEqual([0, 1, 2]);
    expect(state.calls).toEqual([3]);
    expect(state.events[0]).toBe("committed");
    expect(confirmedIds(state.confirmed)).toEqual(["a", "b", "c"]);
  });

  it("takes many orders of one message and of several in one statement, and confirms them with one call a shard", async () => {
    const { state, run } = world();
    const orders = numbered(200);
    const outcome = await run(
      bodies(ordersChanged(...orders.slice(0, 100)), ordersChanged(...orders.slice(100))),
    );
    expect(outcome.acknowledged).toEqual([0, 1]);
    expect(state.calls).toEqual([200]);
    expect([...state.confirmCalls].sort()).toEqual(["shard-0", "shard-1", "shard-2", "shard-3"]);
    expect(state.confirmed).toHaveLength(200);
  });

  it("bounds a statement, and confirms what was stored before Postgres went away", async () => {
    const { state, run } = world();
    const orders = numbered(MAX_ORDERS_PER_STATEMENT + 100);
    const messages = Array.from({ length: orders.length / 100 }, (_, index) =>
      ordersChanged(...orders.slice(index * 100, index * 100 + 100)),
    );
    state.awayFrom = 1;
    const outcome = await run(bodies(...messages));
    expect(outcome.acknowledged).toHaveLength(messages.length);
    expect(state.calls).toEqual([MAX_ORDERS_PER_STATEMENT, 100]);
    expect(state.confirmed).toHaveLength(MAX_ORDERS_PER_STATEMENT);
    expect(state.settlement.points).toContain("persist_deferred orders 100");
  });

  it("answers a duplicate as it answered the first, with one confirmation an order", async () => {
    const { state, run } = world();
    await run(bodies(ordersChanged(changedOrder("a", 2), changedOrder("a", 2)), orderChanged("a", 2)));
    await run(bodies(orderChanged("a", 2)));
    expect(state.stored.get("a")).toBe(2);
    expect(state.confirmed).toEqual([
      { orderId: "a", version: 2, contactPersisted: true },
      { orderId: "a", version: 2, contactPersisted: true },
    ]);
  });

  it("confirms the newest version when messages come in the wrong order", async () => {
    const { state, run } = world();
    await run(bodies(orderChanged("a", 3), orderChanged("a", 1)));
    await run(bodies(orderChanged("a", 2)));
    expect(state.stored.get("a")).toBe(3);
    expect(state.confirmed.map(({ version }) => version)).toEqual([3, 3]);
  });

  it("acknowledges when a confirmation gets lost, and confirms when the shard sends again", async () => {
    const { state, run } = world();
    state.unreachable = shardOf("a") ?? "";
    const outcome = await run(bodies(orderChanged("a"), orderChanged("b")));
    expect(outcome.acknowledged).toEqual([0, 1]);
    expect(confirmedIds(state.confirmed)).toEqual(["b"]);
    expect(state.settlement.points).toContain("confirm_lost orders 1");
    state.unreachable = "";
    await run(bodies(orderChanged("a")));
    expect(confirmedIds(state.confirmed)).toEqual(["a", "b"]);
  });

  it("stores an order that no shard can have sent, and says that nobody hears of it", async () => {
    const { state, run } = world();
    const outcome = await run(bodies(ordersChanged(changedOrder("foreign-1"), changedOrder("a"))));
    expect(outcome.acknowledged).toEqual([0]);
    expect(confirmedIds(state.confirmed)).toEqual(["a"]);
    expect(state.settlement.points).toContain("confirm_lost orders 1");
  });

  it("dead-letters the one order of a hundred that Postgres refuses, by itself and ready to be replayed; the others are stored", async () => {
    const { state, run } = world();
    const orders = numbered(100);
    state.failing = "order-41";
    const outcome = await run(bodies(ordersChanged(...orders)));
    // The shard sends it again, among others.
    await run(bodies(ordersChanged(changedOrder("order-41"), changedOrder("other"))));
    expect(outcome.acknowledged).toEqual([0]);
    expect(deadLetterIds(state.settlement)).toEqual(["orders.changed:order-41:1"]);
    expect(state.settlement.lines.filter((line) => line.includes("message.dead_lettered"))).toHaveLength(1);
    expect(state.stored.size).toBe(100);
    expect(state.stored.has("order-41")).toBe(false);
    expect(state.confirmed).toHaveLength(100);

    state.failing = "";
    await run(bodies(state.settlement.deadLetters[0]?.body));
    expect(state.stored.get("order-41")).toBe(1);
  });

  it("dead-letters an order that cannot be read alone, under its name where it has one", async () => {
    const { state, run } = world();
    const nameless = { snapshot: "ada@x.org", contact: null };
    const broken = { ...changedOrder("broken", 4), contact: "ada@x.org" };
    const message = { v: 1, type: "orders.changed", orders: [changedOrder("a"), broken, nameless, null] };
    const outcome = await run(bodies(message, message));
    expect(outcome.acknowledged).toEqual([0, 1]);
    expect([...state.stored.keys()]).toEqual(["a"]);
    expect(deadLetterIds(state.settlement)).toEqual([
      "orders.changed:broken:4",
      "message-0:2",
      "message-0:3",
      "message-1:2",
      "message-1:3",
    ]);
    expect(state.settlement.deadLetters[0]?.body).toEqual({ v: 1, type: "orders.changed", orders: [broken] });
    expect(state.settlement.deadLetters[0]?.error).toContain("contact: invalid_type");
    expect(state.settlement.deadLetters[0]?.error).not.toContain("ada@");
  });

  it("names the fault of a dead-lettered order without anyone's data", async () => {
    const { state, run } = world();
    state.failing = "bad";
    await run(bodies(orderChanged("bad")));
    expect(state.settlement.deadLetters[0]?.error).toBe("Error 22021: refused by Postgres");
    expect(state.settlement.lines.join()).not.toContain("ada@");
  });

  it("gives a message back when its order cannot be dead-lettered now, and settles the others", async () => {
    const { state, run } = world();
    state.failing = "bad";
    state.settlement.postgresAway = true;
    const outcome = await run(
      bodies(orderChanged("a"), ordersChanged(changedOrder("b"), changedOrder("bad"))),
    );
    expect(outcome.acknowledged).toEqual([0]);
    expect(outcome.retried[1]).toBeGreaterThanOrEqual(1);
    // Settled once: a message given back is not acknowledged, too.
    expect(state.settlement.points).toContain("queue_messages acknowledged orders 1");
    expect(state.settlement.points).toContain("queue_messages retried orders 1");
    expect(confirmedIds(state.confirmed)).toEqual(["a", "b"]);
  });

  it("acknowledges without confirming while Postgres is away: the shards send again", async () => {
    const { state, run } = world();
    state.awayFrom = 0;
    const outcome = await run(bodies(orderChanged("a"), orderChanged("b")));
    expect(outcome.acknowledged).toEqual([0, 1]);
    expect(state.confirmed).toEqual([]);
    expect(state.settlement.deadLetters).toEqual([]);
    expect(state.settlement.points).toContain("persist_deferred orders 2");
  });

  it("gives a message of a newer release back and takes the rest", async () => {
    const { state, run } = world();
    const outcome = await run(bodies({ v: 2, type: "orders.changed", novelty: true }, orderChanged("a")));
    expect(outcome.acknowledged).toEqual([1]);
    expect(outcome.retried[0]).toBeGreaterThan(5);
    expect(state.settlement.deadLetters).toEqual([]);
  });

  it("dead-letters what is no message at all, saying where it departs and not what stood there", async () => {
    const { state, run } = world();
    const outcome = await run(bodies(null, "text", { v: 1, type: "orders.changed", orders: "ada@x.org" }));
    expect(outcome.acknowledged).toEqual([0, 1, 2]);
    expect(state.calls).toEqual([]);
    expect(deadLetterIds(state.settlement)).toEqual(["message-0", "message-1", "message-2"]);
    expect(state.settlement.deadLetters[2]?.error).toContain("orders: invalid_type");
    expect(state.settlement.deadLetters[2]?.error).not.toContain("ada@");
  });
});
