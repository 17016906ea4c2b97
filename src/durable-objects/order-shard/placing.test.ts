/** Placing an order in its shard, in the real runtime: all units and a row, or nothing; also across crashes and lost answers. */
import { abortAllDurableObjects, evictDurableObject, reset, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SkuCommand } from "../../domain/inventory/commands.ts";
import { ASK_AFTER_MS } from "../../domain/inventory/rules.ts";
import * as fixture from "../object-test-fixture.ts";
import {
  at,
  counts,
  newOrderId,
  orderOf,
  place,
  placed,
  PRICE,
  reserveCommand,
  ring,
  rowsOf,
  setClock,
  shardOf,
  skuOf,
  stocked,
  wakeOf,
} from "../object-test-fixture.ts";
import { gate, intercept, interceptAfter } from "./order-test-fixture.ts";

let sent: unknown[];

beforeEach(async () => {
  await reset();
  fixture.standStill();
  quiet();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function quiet(): void {
  fixture.watch("LEDGER_QUEUE");
  ({ sent } = fixture.watch("ORDERS_QUEUE"));
  fixture.watch("PAYMENTS_QUEUE");
  vi.spyOn(console, "error").mockImplementation(() => undefined);
}

/** How the SKU has the order's units. */
async function holdOf(sku: string, orderId: string): Promise<string | null> {
  const rows = await runInDurableObject(skuOf(sku), (_object, { storage }) =>
    storage.sql.exec<{ state: string }>("SELECT state FROM holds WHERE order_id = ?", orderId).toArray(),
  );
  return rows[0]?.state ?? null;
}

describe("an order that was never placed", () => {
  it("is not there, refuses everything, and leaves no row", async () => {
    const orderId = newOrderId();
    const order = orderOf(orderId);
    expect(await order.read()).toBeNull();
    expect(await order.cancel(true)).toEqual({ ok: false, reason: "not_found", record: null });
    expect(await order.startPayment()).toEqual({ ok: false, reason: "not_found" });
    expect(await order.nextPaymentOperation()).toBeNull();
    expect(await order.noticeContent("order_confirmed")).toBeNull();
    await order.poke();
    await order.confirmPersisted(1, true);
    expect(await rowsOf(orderId)).toEqual([]);
  });
});

describe("an order whose units can be had", () => {
  it("is reserved, its holds are confirmed, and Postgres is told a moment later, with the contact", async () => {
    const skus = [await stocked(1), await stocked(2)];
    const orderId = newOrderId();
    const outcome = await place(orderId, skus);
    expect(outcome).toMatchObject({ ok: true, replayed: false, record: { status: "reserved", version: 1 } });
    expect(await orderOf(orderId).read()).toMatchObject({ orderId, holdExpiresAt: fixture.T0 + 1_800_000 });
    for (const sku of skus)
      await vi.waitFor(async () => {
        expect(await holdOf(sku, orderId)).toBe("confirmed");
      });
    expect(sent).toEqual([]);
    setClock((await wakeOf(orderId)) ?? 0);
    await ring(orderId);
    expect(sent).toMatchObject([
      { orders: [{ snapshot: { orderId, version: 1 }, contact: { email: "ada@example.com" } }] },
    ]);
    for (const sku of skus) expect(await counts(sku)).toEqual([skus.indexOf(sku), 1, 0]);
  });

  it("is met again by a retry, and other content under its key is refused", async () => {
    const sku = await stocked(3);
    const orderId = await placed([sku]);
    expect(await place(orderId, [sku])).toMatchObject({ ok: true, replayed: true, record: { version: 1 } });
    const other = await place(orderId, [sku], { fingerprint: "other content" });
    expect(other).toEqual({ ok: false, reason: "fingerprint_mismatch" });
    expect(await counts(sku)).toEqual([2, 1, 0]);
  });

  it("is one order for twenty requests at once, held by one command that all of them await", async () => {
    const sku = await stocked(5);
    const orderId = newOrderId();
    const reserving = gate();
    const calls = intercept("reserve", () => reserving.passed);
    const requests = Array.from({ length: 20 }, () => place(orderId, [sku]));
    await vi.waitFor(() => {
      expect(calls).toHaveLength(1);
    });
    expect(await orderOf(orderId).read()).toBeNull();
    reserving.open();
    const answers = await Promise.all(requests);
    expect(calls).toHaveLength(1);
    expect(answers.every((answer) => answer.ok && answer.record.version === 1)).toBe(true);
    expect(answers.filter((answer) => answer.ok && !answer.replayed)).toHaveLength(1);
    expect(await counts(sku)).toEqual([4, 1, 0]);
  });

  it("refuses other content that comes while it is being placed", async () => {
    const sku = await stocked(5);
    const orderId = newOrderId();
    const reserving = gate();
    const calls = intercept("reserve", () => reserving.passed);
    const first = place(orderId, [sku]);
    await vi.waitFor(() => {
      expect(calls).toHaveLength(1);
    });
    const other = await place(orderId, [sku], { fingerprint: "other content" });
    expect(other).toEqual({ ok: false, reason: "fingerprint_mismatch" });
    reserving.open();
    expect(await first).toMatchObject({ ok: true });
  });

  it("is not refused for the wrong total of another request that was in flight", async () => {
    const sku = await stocked(1);
    const orderId = newOrderId();
    const reserving = gate();
    const calls = intercept("reserve", () => reserving.passed);
    const wrong = place(orderId, [sku], { expectedTotal: 1 });
    await vi.waitFor(() => {
      expect(calls).toHaveLength(1);
    });
    const right = place(orderId, [sku], { expectedTotal: PRICE });
    reserving.open();
    expect(await wrong).toEqual({ ok: false, reason: "price_changed", currentTotal: PRICE });
    expect(await right).toMatchObject({ ok: true, replayed: false });
  });
});

describe("a refused placement", () => {
  it("leaves nothing held and no row, and its key is free", async () => {
    const skus = [await stocked(1), await stocked(0)] as const;
    const orderId = newOrderId();
    expect(await place(orderId, skus)).toMatchObject({
      ok: false,
      reason: "refused",
      refusals: [{ sku: skus[1], requested: 1, outcome: { reason: "sold_out", available: 0 } }],
    });
    expect(await rowsOf(orderId)).toEqual([]);
    expect(await counts(skus[0])).toEqual([1, 0, 0]);
    expect(await place(orderId, [skus[0]])).toMatchObject({ ok: true, replayed: false });
  });

  it("that cannot be sent as asked is not placed; one that is there is answered", async () => {
    const sku = await stocked(5);
    const orderId = newOrderId();
    expect(await place(orderId, [sku], { terms: null })).toEqual({ ok: false, reason: "not_deliverable" });
    expect(await counts(sku)).toEqual([5, 0, 0]);
    await place(orderId, [sku]);
    expect(await place(orderId, [sku], { terms: null })).toMatchObject({ ok: true, replayed: true });
  });

  it("without a proof asks no SKU, and one that repeats an order needs none", async () => {
    const sku = await stocked(2);
    const calls = intercept("reserve", () => Promise.resolve());
    expect(await place(newOrderId(), [sku], { isProven: false })).toEqual({
      ok: false,
      reason: "challenge_required",
    });
    expect(calls).toEqual([]);
    const orderId = await placed([sku]);
    expect(await place(orderId, [sku], { isProven: false })).toMatchObject({ ok: true, replayed: true });
  });

  it("names a SKU that was never configured", async () => {
    const sku = fixture.fresh("sku");
    expect(await place(newOrderId(), [sku])).toMatchObject({
      reason: "refused",
      refusals: [{ sku, outcome: { reason: "not_configured" } }],
    });
  });

  it("of two orders over the same two SKUs in opposite order leaves every unit sold once or free", async () => {
    const skus = [await stocked(1), await stocked(1)] as const;
    for (let round = 0; round < 5; round++) {
      const orders = [newOrderId(), newOrderId()] as const;
      const answers = await Promise.all([place(orders[0], skus), place(orders[1], [skus[1], skus[0]])]);
      const won = answers.filter(({ ok }) => ok).length;
      expect(won).toBeLessThanOrEqual(1);
      for (const sku of skus) expect(await counts(sku)).toEqual([1 - won, won, 0]);
      for (const orderId of orders) await orderOf(orderId).cancel(true);
      for (const sku of skus) expect(await counts(sku)).toEqual([1, 0, 0]);
    }
  });
});

describe("a SKU's answer that is lost", () => {
  it("after it held the units: they are released, and the retry is an order", async () => {
    const sku = await stocked(1);
    const orderId = newOrderId();
    interceptAfter("reserve", () => Promise.reject(new Error("answer lost")));
    expect(await place(orderId, [sku])).toEqual({ ok: false, reason: "again" });
    vi.restoreAllMocks();
    quiet();
    expect(await counts(sku)).toEqual([1, 0, 0]);
    expect(await place(orderId, [sku])).toMatchObject({ ok: true, replayed: false });
  });

  it("and cannot be released either: the retry takes the hold over, whatever was asked before", async () => {
    const sku = await stocked(2);
    const orderId = newOrderId();
    interceptAfter("reserve", () => Promise.reject(new Error("answer lost")));
    intercept("release", () => Promise.reject(new Error("SKU away")));
    expect(await place(orderId, [sku])).toEqual({ ok: false, reason: "again" });
    vi.restoreAllMocks();
    quiet();
    expect(await counts(sku)).toEqual([1, 1, 0]);
    const lines = [{ sku, name: "Phone", quantity: 2 }];
    expect(await place(orderId, [sku], { fingerprint: "other content", lines })).toMatchObject({ ok: true });
    expect(await counts(sku)).toEqual([0, 2, 0]);
  });

  it("about a confirmation: the hold asks a minute after its attempt began, and is confirmed", async () => {
    const sku = await stocked(1);
    const calls = intercept("confirm", () => Promise.reject(new Error("SKU away")));
    const orderId = await placed([sku]);
    await vi.waitFor(() => {
      expect(calls).toHaveLength(1);
    });
    vi.restoreAllMocks();
    quiet();
    expect(await holdOf(sku, orderId)).toBe("tentative");
    setClock(ASK_AFTER_MS + 1_000);
    await skuOf(sku).sweep();
    expect(await holdOf(sku, orderId)).toBe("confirmed");
  });

  it("to a confirmation, that it has no such hold, cancels the order at once: it promises no unit that it has not got", async () => {
    const sku = await stocked(1);
    const orderId = newOrderId();
    const points = vi.spyOn(env.METRICS, "writeDataPoint");
    interceptAfter("reserve", async () => {
      await at(sku).settle(orderId);
    });
    expect(await place(orderId, [sku])).toMatchObject({ ok: true });
    await expect.poll(() => orderOf(orderId).read()).toMatchObject({ status: "cancelled" });
    expect(await orderOf(orderId).noticeContent("order_cancelled")).not.toBeNull();
    expect(await counts(sku)).toEqual([1, 0, 0]);
    const counted = points.mock.calls.filter(([point]) => point?.indexes?.[0] === "confirms_refused");
    expect(counted).toHaveLength(1);
  });

  it("until the order's own deadline has passed: nothing is written, and the units are free", async () => {
    const sku = await stocked(1);
    const orderId = newOrderId();
    interceptAfter("reserve", () => {
      setClock(fixture.DURATIONS.holdMs);
      return Promise.resolve();
    });
    expect(await place(orderId, [sku])).toEqual({ ok: false, reason: "again" });
    expect(await rowsOf(orderId)).toEqual([]);
    expect(await counts(sku)).toEqual([1, 0, 0]);
  });
});

describe("a shard that dies", () => {
  /** The answer to a reserve that never comes, as its asker is gone. */
  async function diedWhilePlacing(sku: string, orderId: string): Promise<void> {
    const calls: SkuCommand[] = interceptAfter("reserve", () => new Promise(() => undefined));
    const placing = place(orderId, [sku]).catch(() => undefined);
    await vi.waitFor(async () => {
      expect(calls).toHaveLength(1);
      expect(await counts(sku)).toEqual([0, 1, 0]);
    });
    await abortAllDurableObjects();
    await placing;
    vi.restoreAllMocks();
    quiet();
  }

  it("between the hold and the row leaves a hold that frees itself a minute later, without anybody's help", async () => {
    const sku = await stocked(1);
    const orderId = newOrderId();
    await diedWhilePlacing(sku, orderId);
    setClock(ASK_AFTER_MS - 1);
    await skuOf(sku).sweep();
    expect(await counts(sku)).toEqual([0, 1, 0]);
    setClock(ASK_AFTER_MS + 1_000);
    await skuOf(sku).sweep();
    expect(await counts(sku)).toEqual([1, 0, 0]);
    expect(await orderOf(orderId).read()).toBeNull();
  });

  it("between the hold and the row meets its own hold when the shopper tries again", async () => {
    const sku = await stocked(1);
    const orderId = newOrderId();
    await diedWhilePlacing(sku, orderId);
    expect(await place(orderId, [sku])).toMatchObject({ ok: true, replayed: false });
    expect(await counts(sku)).toEqual([0, 1, 0]);
  });

  it("between the row and the confirmation keeps the order: the hold asks and is confirmed", async () => {
    const sku = await stocked(1);
    intercept("confirm", () => new Promise(() => undefined));
    const orderId = await placed([sku]);
    await abortAllDurableObjects();
    vi.restoreAllMocks();
    quiet();
    expect(await holdOf(sku, orderId)).toBe("tentative");
    setClock(ASK_AFTER_MS + 1_000);
    await skuOf(sku).sweep();
    expect(await holdOf(sku, orderId)).toBe("confirmed");
    expect(await orderOf(orderId).read()).toMatchObject({ status: "reserved" });
  });

  it("is asked again later where it is away, until the hold's real deadline, which always ends it", async () => {
    const sku = await stocked(1);
    const orderId = newOrderId();
    await diedWhilePlacing(sku, orderId);
    const { env } = await import("cloudflare:workers");
    vi.spyOn(env.ORDER_SHARD, "getByName").mockImplementation(() => {
      throw new Error("shard away");
    });
    for (let ms = ASK_AFTER_MS + 1_000; ms < fixture.DURATIONS.holdMs; ms += 300_000) {
      setClock(ms);
      await skuOf(sku).sweep();
      expect(await counts(sku)).toEqual([0, 1, 0]);
    }
    setClock(fixture.DURATIONS.holdMs + fixture.DURATIONS.graceMs + 1_000);
    expect(await counts(sku)).toEqual([1, 0, 0]);
  });

  it("in the middle of a burst loses no order that was acknowledged, and no unit", async () => {
    const orders = 60;
    const sku = await stocked(orders);
    const ids = Array.from({ length: orders }, newOrderId);
    const acknowledged: string[] = [];
    const crash: Promise<void>[] = [];
    const burst = ids.map(async (orderId) => {
      const outcome = await place(orderId, [sku]);
      if (outcome.ok) acknowledged.push(orderId);
      if (acknowledged.length >= 10 && crash.length === 0) crash.push(abortAllDurableObjects());
    });
    await Promise.allSettled(burst);
    await Promise.all(crash);
    expect(acknowledged.length).toBeGreaterThanOrEqual(10);
    for (const orderId of acknowledged)
      expect(await orderOf(orderId).read()).toMatchObject({ status: "reserved" });
    setClock(ASK_AFTER_MS + 1_000);
    await skuOf(sku).sweep();
    const records = await Promise.all(ids.map((orderId) => orderOf(orderId).read()));
    const alive = records.filter((record) => record !== null).length;
    expect(await counts(sku)).toEqual([orders - alive, alive, 0]);
  });
});

describe("a hold that asks", () => {
  it("while its placement is in flight stays as it is", async () => {
    const sku = await stocked(1);
    const orderId = newOrderId();
    const reserving = gate();
    const calls = interceptAfter("reserve", () => reserving.passed);
    const placing = place(orderId, [sku]);
    await vi.waitFor(async () => {
      expect(calls).toHaveLength(1);
      expect(await counts(sku)).toEqual([0, 1, 0]);
    });
    setClock(ASK_AFTER_MS + 1_000);
    await skuOf(sku).sweep();
    expect(await counts(sku)).toEqual([0, 1, 0]);
    reserving.open();
    expect(await placing).toMatchObject({ ok: true });
    expect(await counts(sku)).toEqual([0, 1, 0]);
  });

  it("with other content than its order's is freed", async () => {
    const sku = await stocked(1);
    const other = await stocked(1);
    const orderId = await placed([other]);
    await at(sku).reserve(reserveCommand(orderId, { fingerprint: "other content" }));
    setClock(ASK_AFTER_MS + 1_000);
    await skuOf(sku).sweep();
    expect(await counts(sku)).toEqual([1, 0, 0]);
  });

  it("of a generation that this instance has not reached stays as it is: its successor will know", async () => {
    const sku = await stocked(1);
    const orderId = newOrderId();
    const [answer] = await shardOf(orderId).whichAreOpen([
      { orderId, fingerprint: "content", attempt: 5 * 2 ** 32 + 1 },
    ]);
    expect(answer).toBe("in_flight");
    await placed([sku]);
  });
});

describe("an id of a former epoch", () => {
  it("that has no order is closed for good", async () => {
    const sku = await stocked(1);
    const orderId = newOrderId();
    expect(await shardOf(orderId).closeUnlessPlaced(orderId, "content")).toEqual({
      ok: false,
      reason: "closed",
    });
    expect(await place(orderId, [sku])).toEqual({ ok: false, reason: "closed" });
    expect(await counts(sku)).toEqual([1, 0, 0]);
  });

  it("that has an order is a replay of it", async () => {
    const orderId = await placed([await stocked(1)]);
    expect(await shardOf(orderId).closeUnlessPlaced(orderId, "content")).toMatchObject({
      ok: true,
      replayed: true,
      record: { orderId },
    });
  });

  it("that is being placed is awaited: it becomes an order, or is closed, and never both", async () => {
    for (const stock of [1, 0]) {
      const sku = await stocked(stock);
      const orderId = newOrderId();
      const reserving = gate();
      const calls = intercept("reserve", () => reserving.passed);
      const placing = place(orderId, [sku]);
      await vi.waitFor(() => {
        expect(calls).toHaveLength(1);
      });
      const closing = shardOf(orderId).closeUnlessPlaced(orderId, "content");
      reserving.open();
      expect((await placing).ok).toBe(stock === 1);
      expect(await closing).toMatchObject(stock === 1 ? { ok: true } : { ok: false, reason: "closed" });
      vi.restoreAllMocks();
      quiet();
    }
  });
});

/** Ids that fall to one shard. */
function siblingsOf(count: number): string[] {
  const ids = [newOrderId()];
  const shard = String(shardOf(ids[0] ?? "").id);
  while (ids.length < count) {
    const id = newOrderId();
    if (String(shardOf(id).id) === shard) ids.push(id);
  }
  return ids;
}

describe("one shard", () => {
  it("serves a fast SKU while a slow one keeps it waiting", async () => {
    const [slowOrder = "", fastOrder = ""] = siblingsOf(2);
    const [slow, fast] = [await stocked(1), await stocked(1)];
    const held = gate();
    intercept("reserve", (sku) => (sku === slow ? held.passed : Promise.resolve()));
    const waiting = place(slowOrder, [slow]);
    expect(await place(fastOrder, [fast])).toMatchObject({ ok: true });
    held.open();
    expect(await waiting).toMatchObject({ ok: true });
  });

  it("confirms an order's holds along with the next call to their SKU, or after a moment by itself", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const sku = await stocked(2);
      const [first = "", second = ""] = siblingsOf(2);
      const confirms = intercept("confirm", () => Promise.resolve());
      const confirmed = () => confirms.map(({ orderId }) => orderId);
      await place(first, [sku]);
      expect(confirmed()).toEqual([]);
      await place(second, [sku]);
      expect(confirmed()).toEqual([first]);
      vi.advanceTimersByTime(100);
      expect(confirmed()).toEqual([first, second]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("sets aside an order that cannot be read, and serves all others", async () => {
    const ids = siblingsOf(3);
    const sku = await stocked(3);
    for (const orderId of ids) await place(orderId, [sku]);
    const [unreadable = "", ...healthy] = ids;
    await runInDurableObject(shardOf(unreadable), (_object, { storage }) => {
      storage.sql.exec("UPDATE orders SET state = '{\"v\":99}' WHERE id = ?", unreadable);
    });
    await abortAllDurableObjects();
    setClock(fixture.DURATIONS.holdMs);
    await ring(unreadable);
    for (const orderId of healthy)
      await vi.waitFor(async () => {
        expect(await orderOf(orderId).read()).toMatchObject({ status: "expired" });
      });
    expect(await rowsOf(unreadable, "faults > 0 AS failed")).toEqual([{ failed: 1 }]);
    expect(await wakeOf(unreadable)).toBeGreaterThan(fixture.DURATIONS.holdMs);
    expect(await fixture.alarmOf(shardOf(unreadable))).not.toBeNull();
  });

  it("answers for every other order where one of a batch cannot be read", async () => {
    const [unreadable = "", healthy = ""] = siblingsOf(2);
    const sku = await stocked(2);
    for (const orderId of [unreadable, healthy]) await place(orderId, [sku]);
    await runInDurableObject(shardOf(unreadable), (_object, { storage }) => {
      storage.sql.exec("UPDATE orders SET state = 'nonsense' WHERE id = ?", unreadable);
    });
    await abortAllDurableObjects();
    await shardOf(unreadable).confirmPersisted([
      { orderId: unreadable, version: 1, contactPersisted: true },
      { orderId: healthy, version: 1, contactPersisted: true },
    ]);
    expect(await wakeOf(healthy)).toBe(fixture.DURATIONS.holdMs);
  });
});

describe("a batch of commands at a SKU", () => {
  it("loses only the one that throws", async () => {
    const sku = await stocked(3);
    const results = await skuOf(sku).run([
      { kind: "reserve", ...reserveCommand("a") },
      // A quantity that the table refuses: a fault in the rules, were it ever to happen.
      { kind: "reserve", ...reserveCommand("b", { quantity: -1 }) },
      { kind: "reserve", ...reserveCommand("c") },
    ]);
    expect(results).toMatchObject([
      { outcome: { ok: true } },
      { fault: expect.any(String) as string },
      { outcome: { ok: true } },
    ]);
    expect(await counts(sku)).toEqual([1, 2, 0]);
    await abortAllDurableObjects();
    expect(await counts(sku)).toEqual([1, 2, 0]);
  });

  it("is decided in order, each command on what the one before left", async () => {
    const sku = await stocked(1);
    const results = await skuOf(sku).run([
      { kind: "reserve", ...reserveCommand("a") },
      { kind: "settle", orderId: "a" },
      { kind: "reserve", ...reserveCommand("b") },
      { kind: "reserve", ...reserveCommand("c") },
    ]);
    expect(results.map((result) => "outcome" in result && result.outcome.ok)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});

describe("the shard's alarm", () => {
  it("is not moved past an order that waits, by another that a new instance hears of first", async () => {
    const ids = siblingsOf(2);
    const [first = "", second = ""] = ids;
    const sku = await stocked(2);
    for (const orderId of ids) await place(orderId, [sku]);
    const wakesAt = (await wakeOf(first)) ?? 0;
    await evictDurableObject(shardOf(first));
    await orderOf(second).confirmPersisted(1, true);
    expect(await wakeOf(second)).toBe(fixture.DURATIONS.holdMs);
    expect(await fixture.alarmOf(shardOf(first))).toBeLessThanOrEqual(wakesAt);
  });
});

describe("a SKU that hangs", () => {
  it("holds up neither what a queue says of other orders nor placements of other SKUs", async () => {
    const [slowOrder = "", fastOrder = ""] = siblingsOf(2);
    const [slow, fast] = [await stocked(1), await stocked(1)];
    await place(slowOrder, [slow]);
    await place(fastOrder, [fast]);
    const hanging = gate();
    intercept("settle", (sku) => (sku === slow ? hanging.passed : Promise.resolve()));
    const cancelling = orderOf(slowOrder).cancel(true);
    await shardOf(slowOrder).confirmPersisted([
      { orderId: slowOrder, version: 2, contactPersisted: true },
      { orderId: fastOrder, version: 1, contactPersisted: true },
    ]);
    expect(await wakeOf(fastOrder)).toBe(fixture.DURATIONS.holdMs);
    hanging.open();
    expect(await cancelling).toMatchObject({ ok: true });
  });
});
