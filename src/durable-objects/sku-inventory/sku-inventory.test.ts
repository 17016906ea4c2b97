/** A SKU's object in the real runtime: its storage, its alarm, evictions and crashes. */
import {
  abortAllDurableObjects,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
} from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { COMMAND_MEMORY_MS } from "../../domain/inventory/state.ts";
import * as fixture from "../object-test-fixture.ts";
import {
  alarmOf,
  at,
  counts,
  fresh,
  newOrderId,
  reserveCommand,
  setClock,
  skuOf,
  stocked,
} from "../object-test-fixture.ts";

const HOLD_ENDS_MS = fixture.DURATIONS.holdMs + fixture.DURATIONS.graceMs;

beforeEach(() => {
  fixture.standStill();
  fixture.watch("LEDGER_QUEUE");
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

async function confirmed(sku: string, orderId = newOrderId()): Promise<string> {
  expect(await at(sku).reserve(reserveCommand(orderId))).toMatchObject({ ok: true });
  expect(await at(sku).confirm(orderId)).toEqual({ ok: true });
  return orderId;
}

describe("a SKU that was never configured", () => {
  it("takes no storage and sets no alarm, whatever it is asked", async () => {
    const stub = skuOf(fresh("sku"));
    expect(await stub.peek()).toBeNull();
    expect(
      await stub.run([
        { kind: "reserve", ...reserveCommand("order") },
        { kind: "release", orderId: "order", attempt: 1 },
        { kind: "confirm", orderId: "order", fingerprint: "content" },
        { kind: "commit", orderId: "order", fingerprint: "content", payer: null },
      ]),
    ).toEqual([
      { outcome: { ok: false, reason: "not_configured" } },
      { outcome: { ok: true, released: false } },
      { outcome: { ok: false, reason: "lapsed" } },
      { outcome: { ok: false, reason: "lapsed" } },
    ]);
    expect(await stub.adjust({ id: "a", delta: 1, reason: "found" })).toEqual({
      ok: false,
      reason: "not_configured",
    });
    await stub.sweep();
    await stub.confirmLedger(5);
    expect(await fixture.tablesOf(stub)).toEqual([]);
    expect(await alarmOf(stub)).toBeNull();
  });
});

describe("holds", () => {
  it("of two buyers for the last unit are one", async () => {
    const sku = await stocked(1);
    const answers = await Promise.all(["a", "b"].map((order) => at(sku).reserve(reserveCommand(order))));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.find(({ ok }) => !ok)).toMatchObject({ ok: false, reason: "sold_out", available: 0 });
  });

  it("of a hundred buyers for ten units are ten", async () => {
    const sku = await stocked(10);
    const orders = Array.from({ length: 100 }, (_, index) => `order-${index}`);
    const answers = await Promise.all(orders.map((order) => at(sku).reserve(reserveCommand(order))));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(10);
    expect(await counts(sku)).toEqual([0, 10, 0]);
  });

  it("are released only by the attempt that has them", async () => {
    const sku = await stocked(1);
    await at(sku).reserve(reserveCommand("order"));
    expect(await at(sku).reserve(reserveCommand("order", { attempt: 2 }))).toMatchObject({ ok: true });
    expect(await at(sku).release("order", 1)).toMatchObject({ released: false });
    expect(await at(sku).release("order", 2)).toMatchObject({ released: true });
    expect(await counts(sku)).toEqual([1, 0, 0]);
  });

  it("are refused to other content under the same order", async () => {
    const sku = await stocked(2);
    await at(sku).reserve(reserveCommand("order"));
    await at(sku).confirm("order");
    const other = reserveCommand("order", { fingerprint: "other content", quantity: 2, attempt: 2 });
    expect(await at(sku).reserve(other)).toEqual({ ok: false, reason: "fingerprint_mismatch" });
    expect(await counts(sku)).toEqual([1, 1, 0]);
  });
});

describe("a late command", () => {
  it("finds a tombstone once the order was settled", async () => {
    const sku = await stocked(1);
    const order = await confirmed(sku);
    expect(await at(sku).commit(order)).toEqual({ ok: true });
    expect(await at(sku).settle(order)).toEqual({ ok: true, freed: 1 });
    expect(await at(sku).settle(order)).toEqual({ ok: true, freed: 0 });
    expect(await at(sku).confirm(order)).toEqual({ ok: false, reason: "lapsed" });
    expect(await at(sku).commit(order)).toEqual({ ok: false, reason: "lapsed" });
    expect(await at(sku).release(order, 1)).toEqual({ ok: true, released: false });
    expect(await at(sku).reserve(reserveCommand(order))).toEqual({ ok: false, reason: "settled" });
    expect(await counts(sku)).toEqual([1, 0, 0]);
  });
});

describe("expiry", () => {
  it("comes with the alarm, for tentative and for confirmed holds", async () => {
    const sku = await stocked(2);
    const order = await confirmed(sku);
    await skuOf(sku).confirmLedger(99);
    await at(sku).reserve(reserveCommand("tentative", { expiresAt: fixture.T0 + 30_000 }));
    await skuOf(sku).confirmLedger(99);
    expect(await alarmOf(skuOf(sku))).toBeLessThanOrEqual(30_000);
    setClock(30_000);
    expect(await runDurableObjectAlarm(skuOf(sku))).toBe(true);
    expect(await counts(sku)).toEqual([1, 1, 0]);
    setClock(HOLD_ENDS_MS);
    expect(await runDurableObjectAlarm(skuOf(sku))).toBe(true);
    expect(await counts(sku)).toEqual([2, 0, 0]);
    expect(await at(sku).commit(order)).toEqual({ ok: false, reason: "lapsed" });
  });

  it("is done by the alarm itself, not only by who asks next", async () => {
    const sku = await stocked(1);
    await confirmed(sku);
    setClock(HOLD_ENDS_MS);
    await runDurableObjectAlarm(skuOf(sku));
    const rows = await runInDurableObject(skuOf(sku), (_object, { storage }) =>
      storage.sql.exec("SELECT order_id FROM holds").toArray(),
    );
    expect(rows).toEqual([]);
  });

  it("comes with the next request where the alarm is late", async () => {
    const sku = await stocked(1);
    await confirmed(sku);
    setClock(HOLD_ENDS_MS - 1);
    expect(await at(sku).reserve(reserveCommand("next"))).toMatchObject({ reason: "sold_out" });
    setClock(HOLD_ENDS_MS);
    expect(await at(sku).reserve(reserveCommand("next"))).toMatchObject({ ok: true });
  });

  it("is not hurried by an alarm that rings early, and the alarm is set again", async () => {
    const sku = await stocked(1);
    await confirmed(sku);
    expect(await runDurableObjectAlarm(skuOf(sku))).toBe(true);
    expect(await counts(sku)).toEqual([0, 1, 0]);
    expect(await alarmOf(skuOf(sku))).not.toBeNull();
  });

  it("happens once, though the alarm rings twice and late", async () => {
    const sku = await stocked(1);
    await confirmed(sku);
    setClock(10 * HOLD_ENDS_MS);
    await runInDurableObject(skuOf(sku), (object) => Promise.all([object.alarm(), object.alarm()]));
    await skuOf(sku).sweep();
    expect(await counts(sku)).toEqual([1, 0, 0]);
    expect(await skuOf(sku).peek()).toMatchObject({ ledgerSequence: 3 });
  });

  it("of more holds than one turn frees costs no sale, takes nothing back, and ends in a few alarms", async () => {
    const holds = 1_150;
    const sku = await stocked(holds);
    await runInDurableObject(skuOf(sku), (object) => {
      for (let count = 0; count < holds; count++)
        object.run([{ kind: "reserve", ...reserveCommand(`order-${10_000 + count}`) }]);
    });
    setClock(HOLD_ENDS_MS);
    expect(await at(sku).reserve(reserveCommand("next"))).toMatchObject({ ok: true });
    expect(await at(sku).confirm(`order-${10_000 + holds - 1}`)).toEqual({
      ok: false,
      reason: "lapsed",
    });
    expect(await alarmOf(skuOf(sku))).toBeLessThanOrEqual(HOLD_ENDS_MS);
    await runDurableObjectAlarm(skuOf(sku));
    expect(await counts(sku)).toEqual([holds - 1, 1, 0]);
  });

  it("of a confirmed hold is told to its order", async () => {
    fixture.watch("ORDERS_QUEUE");
    const sku = await stocked(1);
    const orderId = await fixture.placed([sku]);
    // The confirmation comes a moment after the placement; after the end of the hold it would find none.
    await expect.poll(() => holdStates(sku)).toEqual(["confirmed"]);
    setClock(HOLD_ENDS_MS);
    await skuOf(sku).sweep();
    await expect.poll(() => fixture.orderOf(orderId).read()).toMatchObject({ status: "expired" });
    expect(await counts(sku)).toEqual([1, 0, 0]);
  });
});

function holdStates(sku: string): Promise<string[]> {
  return runInDurableObject(skuOf(sku), (_, { storage }) =>
    storage.sql
      .exec<{ state: string }>("SELECT state FROM holds")
      .toArray()
      .map(({ state }) => state),
  );
}

describe("a command's id", () => {
  it("is remembered for a year and then forgotten by the sweep; the initial stock's is kept for good", async () => {
    const sku = await stocked(5);
    const adjust = { id: "count-1", delta: 1, reason: "found" };
    const idsOf = () =>
      runInDurableObject(skuOf(sku), (_, { storage }) =>
        storage.sql.exec<{ id: string }>("SELECT id FROM commands ORDER BY id").toArray(),
      );
    expect(await skuOf(sku).adjust(adjust)).toEqual({ ok: true, repeated: false });
    setClock(COMMAND_MEMORY_MS - 1);
    await skuOf(sku).sweep();
    expect(await skuOf(sku).adjust(adjust)).toEqual({ ok: true, repeated: true });
    expect(await idsOf()).toHaveLength(2);
    setClock(COMMAND_MEMORY_MS);
    await skuOf(sku).sweep();
    expect(await idsOf()).toHaveLength(1);
    expect((await idsOf())[0]?.id).not.toBe("count-1");
  });
});

describe("what happened before", () => {
  it("an eviction is read from storage, not remembered", async () => {
    const sku = await stocked(3);
    const order = await confirmed(sku);
    await runInDurableObject(skuOf(sku), (_object, { storage }) => {
      storage.sql.exec("UPDATE sku SET available = available + 7, received = received + 7");
    });
    expect(await counts(sku)).toEqual([2, 1, 0]);
    await evictDurableObject(skuOf(sku));
    expect(await counts(sku)).toEqual([9, 1, 0]);
    expect(await at(sku).commit(order)).toEqual({ ok: true });
    expect(await counts(sku)).toEqual([9, 0, 1]);
  });

  it("an eviction still lapses by the alarm that was set", async () => {
    const sku = await stocked(1);
    await confirmed(sku);
    await evictDurableObject(skuOf(sku));
    setClock(HOLD_ENDS_MS);
    expect(await runDurableObjectAlarm(skuOf(sku))).toBe(true);
    expect(await counts(sku)).toEqual([1, 0, 0]);
  });

  it("a crash in the middle of a burst is kept, as far as it was acknowledged", async () => {
    const sku = await stocked(200);
    const acknowledged: string[] = [];
    const orders = Array.from({ length: 120 }, (_, index) => `order-${index}`);
    const crash: Promise<void>[] = [];
    const burst = orders.map(async (order) => {
      const { ok } = await at(sku).reserve(reserveCommand(order));
      if (ok) acknowledged.push(order);
      if (acknowledged.length >= 20 && crash.length === 0) crash.push(abortAllDurableObjects());
    });
    await Promise.allSettled(burst);
    await Promise.all(crash);
    expect(acknowledged.length).toBeGreaterThanOrEqual(20);
    const again = await Promise.all(
      acknowledged.map((order) => at(sku).reserve(reserveCommand(order, { attempt: 2 }))),
    );
    expect(again.every((answer) => answer.ok)).toBe(true);
    const [available = 0, held = 0] = await counts(sku);
    expect(held).toBeGreaterThanOrEqual(acknowledged.length);
    expect(available + held).toBe(200);
  });
});
