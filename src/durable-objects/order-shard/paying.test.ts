/** Paying, cancelling and expiring in the real runtime: races between them, steps that fail, alarms early, late and twice. */
import { evictDurableObject, reset, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { OrdersChanged } from "../../contracts/messages.ts";
import { COMPACT_AFTER_MS } from "../../domain/order/compaction.ts";
import * as fixture from "../object-test-fixture.ts";
import {
  at,
  counts,
  messagesLeft,
  orderOf,
  placed,
  PRICE,
  ring,
  rowsOf,
  setClock,
  shardOf,
  skuOf,
  stocked,
  wakeOf,
} from "../object-test-fixture.ts";
import type { OrderShard } from "./order-shard.ts";
import { beginPaying, gate, intentOf, intercept, pay, shown } from "./order-test-fixture.ts";

const { holdMs, windowMs } = fixture.DURATIONS;

let orders: unknown[];
let payments: unknown[];
let notices: unknown[];

beforeEach(async () => {
  await reset();
  fixture.standStill();
  fixture.watch("LEDGER_QUEUE");
  orders = fixture.watch("ORDERS_QUEUE").sent;
  payments = fixture.watch("PAYMENTS_QUEUE").sent;
  notices = fixture.watch("NOTIFICATIONS_QUEUE").sent;
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

async function order(): Promise<{ orderId: string; sku: string }> {
  const sku = await stocked(1);
  return { orderId: await placed([sku]), sku };
}

/** What this code would find in an order that a fault of its own has spoiled. */
async function patchState(orderId: string, path: string, value: unknown): Promise<void> {
  await runInDurableObject(shardOf(orderId), (_object, { storage }) => {
    const sql = "UPDATE orders SET state = json_set(state, ?, json(?)) WHERE id = ?";
    storage.sql.exec(sql, path, JSON.stringify(value), orderId);
  });
  await evictDurableObject(shardOf(orderId));
}

async function stateOf(orderId: string): Promise<unknown> {
  const [row] = await rowsOf(orderId, "state");
  return JSON.parse(row?.["state"] as string);
}

const AUTHORISED = { status: "requires_capture" } as const;
const SUCCEEDED = { status: "succeeded", capturedMinor: PRICE } as const;

describe("paying", () => {
  it("goes from the intent to paid, with the units sold and the shopper told", async () => {
    const { orderId, sku } = await order();
    expect(await beginPaying(orderId)).toMatchObject({
      ok: true,
      operation: null,
      intent: { id: `pi_${orderId}`, clientSecret: "secret" },
    });
    await pay(await placed([await stocked(1)]));
    const capture = await orderOf(orderId).paymentEvent(intentOf(orderId, AUTHORISED));
    expect(capture).toMatchObject({ kind: "capture", amountMinor: PRICE });
    expect(await counts(sku)).toEqual([0, 0, 1]);
    if (capture === null) return;
    expect(await orderOf(orderId).recordPaymentOperation(shown(capture, SUCCEEDED))).toBeNull();
    expect(await orderOf(orderId).read()).toMatchObject({ status: "paid" });
    await expect
      .poll(() => notices)
      .toContainEqual({
        v: 1,
        type: "notices.due",
        notices: [{ orderId, kind: "order_confirmed", about: "" }],
      });
    expect(await orderOf(orderId).noticeContent("order_confirmed")).toMatchObject({ to: "ada@example.com" });
    setClock(100 * holdMs);
    await skuOf(sku).sweep();
    expect(await counts(sku)).toEqual([0, 0, 1]);
  });

  it("takes as long as it took for others lately, and tells so from the placement on", async () => {
    const { orderId } = await order();
    expect(await orderOf(orderId).read()).toMatchObject({ estimatedWaitMs: null });
    await beginPaying(orderId);
    const capture = await orderOf(orderId).paymentEvent(intentOf(orderId, AUTHORISED));
    expect(await orderOf(orderId).read()).toMatchObject({ status: "authorised", estimatedWaitMs: null });
    setClock(7_000);
    if (capture !== null) await orderOf(orderId).recordPaymentOperation(shown(capture, SUCCEEDED));
    expect(await orderOf(orderId).read()).toMatchObject({ status: "paid", estimatedWaitMs: null });
    let nextId = fixture.newOrderId();
    while (shardOf(nextId).name !== shardOf(orderId).name) nextId = fixture.newOrderId();
    const next = await fixture.place(nextId, [await stocked(1)]);
    expect(next).toMatchObject({ ok: true, record: { status: "reserved", estimatedWaitMs: 7_000 } });
  });

  it("begun twice at once is one creation under one key", async () => {
    const { orderId } = await order();
    const [one, other] = await Promise.all([
      orderOf(orderId).startPayment(),
      orderOf(orderId).startPayment(),
    ]);
    expect(one).toMatchObject({ ok: true, operation: { kind: "create", n: 1 } });
    expect(other).toEqual(one);
  });

  it("begun late extends the holds at the SKUs before Stripe is asked", async () => {
    const { orderId, sku } = await order();
    setClock(holdMs - 1);
    expect(await beginPaying(orderId)).toMatchObject({ ok: true });
    setClock(holdMs + fixture.DURATIONS.graceMs);
    expect(await counts(sku)).toEqual([0, 1, 0]);
    expect(await orderOf(orderId).read()).toMatchObject({
      holdExpiresAt: fixture.T0 + holdMs - 1 + windowMs,
    });
    expect(await orderOf(orderId).paymentEvent(intentOf(orderId, AUTHORISED))).toMatchObject({
      kind: "capture",
    });
  });

  it("begun late on units that are gone ends the order before any intent", async () => {
    const { orderId, sku } = await order();
    await at(sku).settle(orderId);
    setClock(holdMs - 1);
    expect(await orderOf(orderId).startPayment()).toEqual({ ok: false, reason: "hold_expired" });
    expect(await orderOf(orderId).read()).toMatchObject({ status: "cancelled" });
    expect(await orderOf(orderId).nextPaymentOperation()).toBeNull();
  });

  it("is refused with 409 where the shopper cancelled while the holds were extended", async () => {
    const { orderId, sku } = await order();
    // Early enough: waiting moves the clock that stands.
    setClock(holdMs - 60_000);
    const extending = gate();
    const calls = intercept("extend", () => extending.passed);
    const start = async () => orderOf(orderId).startPayment();
    const starting = start();
    await expect.poll(() => calls).toHaveLength(1);
    const cancel = async () => orderOf(orderId).cancel(true);
    const cancelling = cancel();
    extending.open();
    expect(await cancelling).toMatchObject({ ok: true, record: { status: "cancelled" } });
    expect(await starting).toEqual({ ok: false, reason: "order_closed" });
    expect(await counts(sku)).toEqual([1, 0, 0]);
    expect(await orderOf(orderId).nextPaymentOperation()).toBeNull();
  });

  it("whose intent is made after the shopper cancelled is answered 409, and the intent is ended", async () => {
    const { orderId } = await order();
    const begun = await orderOf(orderId).startPayment();
    if (!begun.ok || begun.operation === null) throw new Error("no creation");
    expect(await orderOf(orderId).cancel(true)).toMatchObject({ ok: true });
    expect(await orderOf(orderId).paymentCreated(shown(begun.operation))).toEqual({
      ok: false,
      reason: "order_closed",
    });
    await expect.poll(() => payments).toContainEqual({ v: 1, type: "payments.due", orderIds: [orderId] });
    expect(await orderOf(orderId).nextPaymentOperation()).toMatchObject({
      kind: "cancel",
      intentId: `pi_${orderId}`,
    });
  });
});

describe("an authorisation", () => {
  it("racing the shopper's cancellation is either captured or cancelled, never both, and never neither", async () => {
    for (let round = 0; round < 6; round++) {
      const { orderId, sku } = await order();
      await beginPaying(orderId);
      const event = () => orderOf(orderId).paymentEvent(intentOf(orderId, AUTHORISED));
      const cancel = () => orderOf(orderId).cancel(true);
      await Promise.all(round % 2 === 0 ? [event(), cancel()] : [cancel(), event()]);
      const owed = await orderOf(orderId).nextPaymentOperation();
      const status = (await orderOf(orderId).read())?.status;
      expect([status, owed?.kind]).toEqual(
        status === "cancelled" ? ["cancelled", "cancel"] : ["authorised", "capture"],
      );
      expect(await counts(sku)).toEqual(status === "cancelled" ? [1, 0, 0] : [0, 0, 1]);
    }
  });

  it("on units that are lost is cancelled, everything goes back, and the shopper is told", async () => {
    const skus = [await stocked(1), await stocked(1)] as const;
    const orderId = await placed(skus);
    await beginPaying(orderId);
    await at(skus[1]).settle(orderId);
    const total = { ...AUTHORISED, amountMinor: 2 * PRICE };
    expect(await orderOf(orderId).paymentEvent(intentOf(orderId, total))).toMatchObject({ kind: "cancel" });
    expect(await orderOf(orderId).read()).toMatchObject({ status: "cancelled" });
    for (const sku of skus) expect(await counts(sku)).toEqual([1, 0, 0]);
    await expect
      .poll(() => notices)
      .toContainEqual({
        v: 1,
        type: "notices.due",
        notices: [{ orderId, kind: "order_cancelled", about: "" }],
      });
  });

  it("seen while a SKU is away is kept: the alarm commits, and the queue is asked to capture", async () => {
    const { orderId, sku } = await order();
    await beginPaying(orderId);
    const calls = intercept("commit", () =>
      calls.length === 1 ? Promise.reject(new Error("SKU away")) : Promise.resolve(),
    );
    expect(await orderOf(orderId).paymentEvent(intentOf(orderId, AUTHORISED))).toBeNull();
    expect(await orderOf(orderId).read()).toMatchObject({ status: "authorised" });
    await evictDurableObject(shardOf(orderId));
    setClock(2_000);
    await ring(orderId);
    expect(await counts(sku)).toEqual([0, 0, 1]);
    await expect.poll(() => payments).toContainEqual({ v: 1, type: "payments.due", orderIds: [orderId] });
    expect(await orderOf(orderId).nextPaymentOperation()).toMatchObject({ kind: "capture" });
  });

  it("whose rules fail once the SKUs have answered sets its order aside, longer each time; the SKU is not blamed", async () => {
    const { orderId, sku } = await order();
    await beginPaying(orderId);
    const calls = intercept("commit", () =>
      calls.length === 1 ? Promise.reject(new Error("SKU away")) : Promise.resolve(),
    );
    await orderOf(orderId).paymentEvent(intentOf(orderId, AUTHORISED));
    // The units are gone, and the order cannot be moved on: its rules throw.
    await at(sku).settle(orderId);
    await orderOf(orderId).confirmPersisted(99, true);
    await patchState(orderId, "$.timeline", null);
    const waits: number[] = [];
    for (let time = 0, now = 2_000; time < 4; time++) {
      setClock(now);
      await runDurableObjectAlarm(shardOf(orderId));
      await expect.poll(() => calls).toHaveLength(time + 2);
      await expect.poll(() => rowsOf(orderId, "faults")).toEqual([{ faults: time + 1 }]);
      const wakesAt = (await wakeOf(orderId)) ?? 0;
      waits.push(wakesAt - now);
      now = wakesAt;
    }
    for (const [index, wait] of waits.entries()) expect(wait).toBeGreaterThanOrEqual(30_000 * 2 ** index);
    expect(await stateOf(orderId)).toMatchObject({ stepRetry: { attempts: 1 } });

    await patchState(orderId, "$.timeline", []);
    setClock(10_000_000);
    await ring(orderId);
    expect(await orderOf(orderId).read()).toMatchObject({ status: "cancelled" });
    expect(await rowsOf(orderId, "faults")).toEqual([{ faults: 0 }]);
  });

  it("whose event cannot be taken sets its order aside, longer each time, whatever is sent for it in between", async () => {
    const { orderId } = await order();
    await beginPaying(orderId);
    await patchState(orderId, "$.status", "delivered");
    for (let time = 0, now = 0; time < 4; time++) {
      setClock(now);
      await orderOf(orderId).paymentEvent(intentOf(orderId, AUTHORISED));
      expect(await rowsOf(orderId, "faults")).toEqual([{ faults: time + 1 }]);
      // Its snapshot is sent again, and that is written; it does not make the order well.
      now = (await wakeOf(orderId)) ?? 0;
      setClock(now);
      await ring(orderId);
    }
  });

  it("that Stripe will not cancel is given up after eight refusals: counted, told to Postgres, and no longer asked for", async () => {
    const { orderId } = await order();
    await beginPaying(orderId);
    await orderOf(orderId).cancel(true);
    const points = vi.spyOn(env.METRICS, "writeDataPoint");
    for (let time = 0; time < 8; time++) {
      const operation = await orderOf(orderId).nextPaymentOperation();
      if (operation?.kind !== "cancel") throw new Error("no cancel was asked for");
      await orderOf(orderId).recordPaymentOperation({
        kind: "cancel",
        n: operation.n,
        outcome: "refused",
        failure: { code: "account_closed", message: "No." },
        intent: intentOf(orderId, AUTHORISED),
      });
    }
    expect(await orderOf(orderId).nextPaymentOperation()).toBeNull();
    const counted = points.mock.calls.filter(
      ([point]) => point?.indexes?.[0] === "payment_operations_given_up",
    );
    expect(counted).toHaveLength(1);
    await messagesLeft(shardOf(orderId));
    expect(orders.flatMap((message) => OrdersChanged.parse(message).orders).at(-1)?.snapshot).toMatchObject({
      refusedOperations: [{ kind: "cancel", code: "account_closed" }],
    });
  });

  it("is captured though its operation's answer was lost and the object evicted", async () => {
    const { orderId } = await order();
    await beginPaying(orderId);
    const first = await orderOf(orderId).paymentEvent(intentOf(orderId, AUTHORISED));
    await evictDurableObject(shardOf(orderId));
    expect(await orderOf(orderId).nextPaymentOperation()).toEqual(first);
    const wakesAt = await wakeOf(orderId);
    expect(wakesAt).not.toBeNull();
  });
});

describe("the deadline", () => {
  it("comes with the alarm: nobody paid, so the order expires and the units are back", async () => {
    const { orderId, sku } = await order();
    await orderOf(orderId).confirmPersisted(1, true);
    expect(await wakeOf(orderId)).toBe(holdMs);
    setClock(holdMs);
    await ring(orderId);
    expect(await orderOf(orderId).read()).toMatchObject({ status: "expired", version: 2 });
    expect(await counts(sku)).toEqual([1, 0, 0]);
  });

  it("is not hurried by an early alarm, and a late or double one expires the order once", async () => {
    const { orderId, sku } = await order();
    setClock(holdMs - 1);
    await ring(orderId);
    expect(await orderOf(orderId).read()).toMatchObject({ status: "reserved" });
    expect(await wakeOf(orderId)).not.toBeNull();
    setClock(50 * holdMs);
    await runInDurableObject(shardOf(orderId), (object: OrderShard) => {
      object.alarm();
      object.alarm();
    });
    await orderOf(orderId).poke();
    expect(await orderOf(orderId).read()).toMatchObject({ status: "expired", version: 2 });
    expect(await counts(sku)).toEqual([1, 0, 0]);
  });

  it("asks Stripe through the queue where an intent may exist, once per its time and not in a hurry", async () => {
    const { orderId } = await order();
    await beginPaying(orderId);
    await orderOf(orderId).confirmPersisted(1, true);
    setClock(holdMs);
    await ring(orderId);
    await ring(orderId);
    await orderOf(orderId).poke();
    expect(payments).toEqual([{ v: 1, type: "payments.due", orderIds: [orderId] }]);
    expect(await orderOf(orderId).read()).toMatchObject({ status: "reserved" });
    const wakesAt = (await wakeOf(orderId)) ?? 0;
    expect(wakesAt).toBeGreaterThanOrEqual(holdMs + 5_000);
    setClock(wakesAt);
    await ring(orderId);
    expect(payments).toHaveLength(2);
  });

  it("captures an authorisation of the last second, found only by asking", async () => {
    const { orderId, sku } = await order();
    await beginPaying(orderId);
    setClock(holdMs);
    const inspect = await orderOf(orderId).nextPaymentOperation();
    expect(inspect).toMatchObject({ kind: "inspect", intentId: `pi_${orderId}` });
    if (inspect === null) return;
    expect(await orderOf(orderId).recordPaymentOperation(shown(inspect, AUTHORISED))).toMatchObject({
      kind: "capture",
    });
    expect(await counts(sku)).toEqual([0, 0, 1]);
  });

  it("passed with the units: an authorisation that comes after is cancelled, never captured", async () => {
    const { orderId, sku } = await order();
    await beginPaying(orderId);
    setClock(holdMs + fixture.DURATIONS.graceMs);
    expect(await counts(sku)).toEqual([1, 0, 0]);
    expect(await orderOf(orderId).paymentEvent(intentOf(orderId, AUTHORISED))).toMatchObject({
      kind: "cancel",
    });
    expect(await orderOf(orderId).read()).toMatchObject({ status: "cancelled" });
  });

  it("is kept across an eviction", async () => {
    const { orderId, sku } = await order();
    await evictDurableObject(shardOf(orderId));
    setClock(holdMs);
    await ring(orderId);
    expect(await counts(sku)).toEqual([1, 0, 0]);
  });

  it("frees the units by the alarm where a SKU was away, and then waits for nothing but to be compacted", async () => {
    const { orderId, sku } = await order();
    const calls = intercept("settle", () =>
      calls.length === 1 ? Promise.reject(new Error("SKU away")) : Promise.resolve(),
    );
    expect(await orderOf(orderId).cancel(true)).toMatchObject({ ok: true, record: { status: "cancelled" } });
    expect(await counts(sku)).toEqual([0, 1, 0]);
    setClock(2_000);
    await ring(orderId);
    expect(await counts(sku)).toEqual([1, 0, 0]);
    await orderOf(orderId).confirmPersisted(2, true);
    setClock(600_000);
    await ring(orderId);
    expect(await wakeOf(orderId)).toBe(2_000 + COMPACT_AFTER_MS);
  });
});
