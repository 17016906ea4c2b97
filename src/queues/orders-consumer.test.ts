import { describe, expect, it } from "vitest";
import type { OrderChanged } from "../contracts/messages.ts";
import { consume, isDataFault, orderChanged, recordSettlement, sqlFault } from "./consumer-test-fixture.ts";
import type { Delivery, SettlementRecorder } from "./consumer-test-fixture.ts";
import { consumeOrders } from "./orders-consumer.ts";
import type { PersistedOrder } from "./orders-consumer.ts";

/** Postgres and the order objects as the consumer meets them: idempotent, the newest version wins. */
function world() {
  const settlement = recordSettlement();
  const stored = new Map<string, number>();
  const confirmed: PersistedOrder[] = [];
  const calls: number[] = [];
  const events: string[] = [];
  const state = { settlement, stored, confirmed, calls, events, away: false, poisoned: "", unreachable: "" };
  const deps = {
    ...settlement,
    persist: (messages: OrderChanged[]): Promise<PersistedOrder[]> => {
      calls.push(messages.length);
      if (state.away) return Promise.reject(new TypeError("fetch failed"));
      if (messages.some(({ snapshot }) => snapshot.orderId === state.poisoned))
        return Promise.reject(sqlFault("22021"));
      for (const { snapshot } of messages) {
        const known = stored.get(snapshot.orderId) ?? 0;
        stored.set(snapshot.orderId, Math.max(known, snapshot.version));
      }
      events.push("committed");
      return Promise.resolve(
        messages.map(({ snapshot }) => ({
          orderId: snapshot.orderId,
          version: stored.get(snapshot.orderId) ?? 0,
          contactPersisted: true,
        })),
      );
    },
    blamesData: isDataFault,
    confirm: (persisted: PersistedOrder) => {
      if (persisted.orderId === state.unreachable) return Promise.reject(new Error("object restarted"));
      events.push(`confirmed ${persisted.orderId}`);
      confirmed.push(persisted);
      return Promise.resolve();
    },
  };
  const run = (deliveries: Delivery[]) =>
    consume("orders", deliveries, (batch) => consumeOrders(batch, deps));
  return { state, run };
}

const bodies = (...messages: unknown[]): Delivery[] => messages.map((body) => ({ body }));
const parkedIds = (settlement: SettlementRecorder) => settlement.letters.map(({ messageId }) => messageId);

describe("the orders consumer", () => {
  it("stores a whole batch in one call, and confirms only after it was committed", async () => {
    const { state, run } = world();
    const outcome = await run(bodies(orderChanged("a"), orderChanged("b"), orderChanged("c")));
    expect(outcome.acknowledged).toEqual([0, 1, 2]);
    expect(state.calls).toEqual([3]);
    expect(state.events[0]).toBe("committed");
    expect(state.confirmed.map(({ orderId }) => orderId).sort()).toEqual(["a", "b", "c"]);
  });

  it("answers a duplicate as it answered the first, with one confirmation an order", async () => {
    const { state, run } = world();
    await run(bodies(orderChanged("a", 2), orderChanged("a", 2)));
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

  it("acknowledges when a confirmation gets lost, and confirms when the object sends again", async () => {
    const { state, run } = world();
    state.unreachable = "a";
    const outcome = await run(bodies(orderChanged("a"), orderChanged("b")));
    expect(outcome.acknowledged).toEqual([0, 1]);
    expect(state.confirmed.map(({ orderId }) => orderId)).toEqual(["b"]);
    expect(state.settlement.points).toContain("confirm_lost orders 1");
    state.unreachable = "";
    await run(bodies(orderChanged("a")));
    expect(state.confirmed.map(({ orderId }) => orderId)).toEqual(["b", "a"]);
  });

  it("parks the one poisoned message alone, under a name that is the same when it is sent again", async () => {
    const { state, run } = world();
    state.poisoned = "bad";
    const batch = ["a", "b", "bad", "c", "d", "e", "f", "g"].map((orderId) => ({
      body: orderChanged(orderId),
    }));
    const outcome = await run(batch);
    await run(bodies(orderChanged("bad")));
    expect(outcome.acknowledged).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(parkedIds(state.settlement)).toEqual(["order.changed:bad:1"]);
    expect(state.settlement.lines.filter((line) => line.includes("message.parked"))).toHaveLength(1);
    expect([...state.stored.keys()].sort()).toEqual(["a", "b", "c", "d", "e", "f", "g"]);
    expect(state.confirmed).toHaveLength(7);
  });

  it("names the fault of a parked message without anyone's data", async () => {
    const { state, run } = world();
    state.poisoned = "bad";
    await run(bodies(orderChanged("bad")));
    expect(state.settlement.letters[0]?.error).toBe("Error 22021: refused by Postgres");
    expect(state.settlement.lines.join()).not.toContain("ada@");
  });

  it("gives a poisoned message back when it cannot be parked now, and settles the others", async () => {
    const { state, run } = world();
    state.poisoned = "bad";
    state.settlement.postgresAway = true;
    const outcome = await run(bodies(orderChanged("a"), orderChanged("bad")));
    expect(outcome.acknowledged).toEqual([0]);
    expect(outcome.retried[1]).toBeGreaterThanOrEqual(1);
  });

  it("acknowledges without confirming while Postgres is away: the objects send again", async () => {
    const { state, run } = world();
    state.away = true;
    const outcome = await run(bodies(orderChanged("a"), orderChanged("b")));
    expect(outcome.acknowledged).toEqual([0, 1]);
    expect(state.confirmed).toEqual([]);
    expect(state.settlement.letters).toEqual([]);
    expect(state.settlement.points).toContain("persist_deferred orders 2");
  });

  it("gives a message of a newer release back and takes the rest", async () => {
    const { state, run } = world();
    const outcome = await run(bodies({ v: 2, type: "order.changed", novelty: true }, orderChanged("a")));
    expect(outcome.acknowledged).toEqual([1]);
    expect(outcome.retried[0]).toBeGreaterThan(5);
    expect(state.settlement.letters).toEqual([]);
  });

  it("parks what is no message at all, saying where it departs and not what stood there", async () => {
    const { state, run } = world();
    const outcome = await run(bodies(null, "text", { v: 1, type: "order.changed", snapshot: "ada@x.org" }));
    expect(outcome.acknowledged).toEqual([0, 1, 2]);
    expect(state.calls).toEqual([]);
    expect(parkedIds(state.settlement)).toEqual(["message-0", "message-1", "message-2"]);
    expect(state.settlement.letters[2]?.error).toContain("snapshot: invalid_type");
    expect(state.settlement.letters[2]?.error).not.toContain("ada@");
  });
});
