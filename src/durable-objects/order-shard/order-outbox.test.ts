/** What an order tells Postgres and the shopper, until it is heard; and how its personal data leaves it. */
import { evictDurableObject, reset, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { OrdersChanged } from "../../contracts/messages.ts";
import * as fixture from "../object-test-fixture.ts";
import {
  at,
  messagesLeft,
  orderOf,
  placed,
  rowsOf,
  setClock,
  shardOf,
  stocked,
  wakeOf,
} from "../object-test-fixture.ts";
import { beginPaying, gate, intentOf, pay } from "./order-test-fixture.ts";

let sent: unknown[];
let notices: unknown[];

beforeEach(async () => {
  await reset();
  fixture.standStill();
  fixture.watch("LEDGER_QUEUE");
  fixture.watch("PAYMENTS_QUEUE");
  sent = fixture.watch("ORDERS_QUEUE").sent;
  notices = fixture.watch("NOTIFICATIONS_QUEUE").sent;
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const snapshots = () => sent.flatMap((message) => OrdersChanged.parse(message).orders);
const versions = () => snapshots().map(({ snapshot }) => snapshot.version);

async function hasContact(orderId: string): Promise<boolean> {
  const [row] = await rowsOf(orderId, "contact");
  return row?.["contact"] != null;
}

async function order(): Promise<string> {
  return placed([await stocked(1)]);
}

/** Rings the alarm when it is due, `count` times; answers the ms waited before each. */
async function ring(orderId: string, count: number): Promise<number[]> {
  const waits: number[] = [];
  for (let rung = 0; rung < count; rung++) {
    const now = Date.now() - fixture.T0;
    const at = await wakeOf(orderId);
    if (at === null) break;
    setClock(Math.max(now, at));
    await fixture.ring(orderId);
    waits.push(at - now);
  }
  return waits;
}

/** An order that lost its units: cancelled, with a notice to be sent. */
async function lost(): Promise<string> {
  const sku = await stocked(1);
  const orderId = await placed([sku]);
  await beginPaying(orderId);
  await at(sku).settle(orderId);
  await orderOf(orderId).paymentEvent(intentOf(orderId, { status: "requires_capture" }));
  await orderOf(orderId).paymentEvent(intentOf(orderId, { status: "canceled" }));
  expect(await orderOf(orderId).read()).toMatchObject({ status: "cancelled" });
  return orderId;
}

describe("a message to a queue", () => {
  it("leaves once what it tells of is durable", async () => {
    const orderId = await order();
    const durable = gate();
    await runInDurableObject(shardOf(orderId), (_object, { storage }) => {
      vi.spyOn(storage, "sync").mockImplementation(() => durable.passed);
    });
    await orderOf(orderId).cancel(true);
    expect(sent).toEqual([]);
    durable.open();
    await expect.poll(() => versions()).toEqual([2]);
  });

  it("does not leave where it is not", async () => {
    const orderId = await order();
    const faults = vi.spyOn(console, "error").mockImplementation(() => undefined);
    await runInDurableObject(shardOf(orderId), (_object, { storage }) => {
      vi.spyOn(storage, "sync").mockRejectedValue(new Error("the storage failed"));
    });
    await orderOf(orderId).cancel(true);
    await expect.poll(() => faults.mock.calls.flat().join()).toContain("order.send_failed");
    expect(sent).toEqual([]);
  });
});

describe("a snapshot", () => {
  it("is sent again by the alarm, later each time, until it is confirmed, and then no more", async () => {
    const orderId = await order();
    await ring(orderId, 6);
    const count = versions().length;
    expect(count).toBeGreaterThanOrEqual(4);
    expect(versions().every((version) => version === 1)).toBe(true);
    await orderOf(orderId).confirmPersisted(1, true);
    expect(await wakeOf(orderId)).toBe(fixture.DURATIONS.holdMs);
    expect(versions()).toHaveLength(count);
  });

  it("carries the account it was placed in, and none where it knows none", async () => {
    const sku = await stocked(1);
    const orderId = await placed([sku], { accountId: "ada" });
    await orderOf(orderId).cancel(true);
    const before = await order();
    await orderOf(before).cancel(true);
    for (const id of [orderId, before]) await messagesLeft(shardOf(id));
    expect(snapshots().map(({ snapshot }) => snapshot.accountId)).toEqual(["ada", null]);
  });

  it("carries the contact until Postgres has that too", async () => {
    const orderId = await order();
    await orderOf(orderId).confirmPersisted(1, false);
    await messagesLeft(shardOf(orderId));
    expect(snapshots().at(-1)?.contact).not.toBeNull();
    await orderOf(orderId).confirmPersisted(1, true);
    await orderOf(orderId).cancel(true);
    await messagesLeft(shardOf(orderId));
    expect(snapshots().at(-1)).toMatchObject({
      contact: null,
      snapshot: { version: 2, status: "cancelled" },
    });
  });

  it("that is older than the order is followed by the newest one at once", async () => {
    const orderId = await order();
    await orderOf(orderId).cancel(true);
    await orderOf(orderId).confirmPersisted(1, true);
    await messagesLeft(shardOf(orderId));
    expect(versions().at(-1)).toBe(2);
    const count = versions().length;
    await orderOf(orderId).confirmPersisted(1, true);
    await messagesLeft(shardOf(orderId));
    expect(versions()).toHaveLength(count);
  });

  it("keeps its pace across evictions, so that a long outage makes no flood", async () => {
    const orderId = await order();
    await ring(orderId, 6);
    await evictDurableObject(shardOf(orderId));
    const [again = 0] = await ring(orderId, 1);
    const [afterEviction = 0] = await ring(orderId, 1);
    expect(again).toBeGreaterThan(30_000);
    expect(afterEviction).toBeGreaterThan(30_000);
  });

  it("never sent because of a crash is sent by the alarm", async () => {
    const orderId = await order();
    await evictDurableObject(shardOf(orderId));
    sent.length = 0;
    await ring(orderId, 1);
    expect(versions()).toEqual([1]);
  });
});

describe("a notice", () => {
  it("is asked for again until it was sent", async () => {
    const orderId = await order();
    await pay(orderId);
    await orderOf(orderId).confirmPersisted(3, true);
    await expect.poll(() => notices).toHaveLength(1);
    await evictDurableObject(shardOf(orderId));
    await ring(orderId, 2);
    const asked = notices.length;
    expect(asked).toBeGreaterThanOrEqual(2);
    await orderOf(orderId).noticeSent("order_confirmed");
    expect(await orderOf(orderId).noticeContent("order_confirmed")).toBeNull();
    await ring(orderId, 2);
    expect(notices).toHaveLength(asked);
    expect(await wakeOf(orderId)).toBeNull();
  });
});

describe("personal data", () => {
  it("stays with an open order, also once Postgres has it", async () => {
    const orderId = await order();
    await orderOf(orderId).confirmPersisted(1, true);
    expect(await hasContact(orderId)).toBe(true);
  });

  it("leaves a closed order once Postgres confirmed it, and not before", async () => {
    const orderId = await order();
    await orderOf(orderId).cancel(true);
    expect(await hasContact(orderId)).toBe(true);
    await orderOf(orderId).confirmPersisted(2, true);
    expect(await hasContact(orderId)).toBe(false);
    expect(await orderOf(orderId).read()).toMatchObject({ status: "cancelled", fingerprint: "content" });
  });

  it("waits for the last notice, and leaves with it", async () => {
    const orderId = await lost();
    await orderOf(orderId).confirmPersisted(99, true);
    expect(await hasContact(orderId)).toBe(true);
    expect(await orderOf(orderId).noticeContent("order_cancelled")).toMatchObject({ to: "ada@example.com" });
    await orderOf(orderId).noticeSent("order_cancelled");
    expect(await hasContact(orderId)).toBe(false);
  });

  it("leaves with its person at once: the reservation ends, and nothing sent afterwards names them", async () => {
    const sku = await stocked(1);
    const orderId = await placed([sku], { accountId: "ada" });
    expect([await orderOf(orderId).isOf("ada"), await orderOf(orderId).isOf("eve")]).toEqual([true, false]);

    expect(await orderOf(orderId).erasePerson()).toBe(true);
    expect(await hasContact(orderId)).toBe(false);
    expect(await orderOf(orderId).isOf("ada")).toBe(false);
    expect(await fixture.counts(sku)).toEqual([1, 0, 0]);
    await evictDurableObject(shardOf(orderId));
    expect(await orderOf(orderId).erasePerson()).toBe(true);
    await ring(orderId, 1);
    expect(snapshots().at(-1)).toMatchObject({
      contact: null,
      snapshot: { status: "cancelled", accountId: null },
    });
  });

  it("stays with an order that is paid for, whose parcel is to arrive", async () => {
    const orderId = await order();
    await pay(orderId);
    expect(await orderOf(orderId).erasePerson()).toBe(false);
    expect(await hasContact(orderId)).toBe(true);
    expect(await orderOf(fixture.newOrderId()).erasePerson()).toBe(true);
  });
});
