/** Old orders in their shard: they shrink by themselves, lose their person, and are still the orders they were. */
import { evictDurableObject, reset, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { OrdersChanged } from "../../contracts/messages.ts";
import { COMPACT_AFTER_MS } from "../../domain/order/compaction.ts";
import * as fixture from "../object-test-fixture.ts";
import {
  orderOf,
  place,
  placed,
  PRICE,
  ring,
  rowsOf,
  setClock,
  shardOf,
  stocked,
  wakeOf,
} from "../object-test-fixture.ts";
import { intentOf, pay } from "./order-test-fixture.ts";

let sent: unknown[];

beforeEach(async () => {
  await reset();
  fixture.standStill();
  for (const queue of ["LEDGER_QUEUE", "PAYMENTS_QUEUE", "NOTIFICATIONS_QUEUE"] as const)
    fixture.watch(queue);
  sent = fixture.watch("ORDERS_QUEUE").sent;
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Delivered, told, and in Postgres; its contact is still in the shard. */
async function delivered(): Promise<string> {
  const orderId = await placed([await stocked(1)], { buyer: "hmac-of-ada", accountId: "account-of-ada" });
  await pay(orderId);
  await orderOf(orderId).noticeSent("order_confirmed");
  await runInDurableObject(shardOf(orderId), (_object, { storage }) => {
    const statement = "UPDATE orders SET state = json_set(state, '$.status', 'delivered') WHERE id = ?";
    storage.sql.exec(statement, orderId);
  });
  await evictDurableObject(shardOf(orderId));
  await orderOf(orderId).confirmPersisted(99, true);
  return orderId;
}

async function stored(orderId: string): Promise<string> {
  const [row] = await rowsOf(orderId);
  return JSON.stringify(row);
}

/** Lets the time pass at which the order is compacted. */
async function growOld(orderId: string): Promise<void> {
  const wakeAt = await wakeOf(orderId);
  if (wakeAt === null) throw new Error("the order never wakes up");
  setClock(wakeAt);
  await ring(orderId);
}

describe("an old order", () => {
  it("shrinks thirty days after its last change, by the shard's alarm, and does not wake up again", async () => {
    const orderId = await delivered();
    const before = { row: await stored(orderId), record: await orderOf(orderId).read() };
    expect(await wakeOf(orderId)).toBe(COMPACT_AFTER_MS);

    setClock(COMPACT_AFTER_MS - 1);
    await ring(orderId);
    expect(await stored(orderId)).toBe(before.row);

    setClock(COMPACT_AFTER_MS);
    await ring(orderId);
    await evictDurableObject(shardOf(orderId));
    const row = await stored(orderId);
    expect(row.length).toBeLessThan(0.75 * before.row.length);
    for (const trace of ["ada@example.com", "1 Main St", "hmac-of-ada", "account-of-ada"]) {
      expect(before.row).toContain(trace);
      expect(row).not.toContain(trace);
    }
    expect(await orderOf(orderId).read()).toEqual(before.record);
    expect(await wakeOf(orderId)).toBeNull();
  });

  it("is replayed for a repeated request, and refuses other content", async () => {
    const sku = await stocked(2);
    const orderId = await placed([sku]);
    await orderOf(orderId).cancel(true);
    await orderOf(orderId).confirmPersisted(2, true);
    await growOld(orderId);
    expect(await place(orderId, [sku])).toMatchObject({
      ok: true,
      replayed: true,
      record: { orderId, status: "cancelled" },
    });
    expect(await place(orderId, [sku], { fingerprint: "other content" })).toMatchObject({
      ok: false,
      reason: "fingerprint_mismatch",
    });
    expect(await fixture.counts(sku)).toEqual([2, 0, 0]);
  });

  it("still gives back money that turns up late, and tells Postgres nothing about its person", async () => {
    const orderId = await delivered();
    await growOld(orderId);
    sent.length = 0;
    const late = { id: "pi_late", operationId: null, status: "succeeded", capturedMinor: PRICE } as const;
    const refund = await orderOf(orderId).paymentEvent(intentOf(orderId, late));
    expect(refund).toMatchObject({ kind: "refund", intentId: "pi_late", amountMinor: PRICE });
    if (refund === null) throw new Error("no refund was asked for");
    const { n } = refund;
    await orderOf(orderId).recordPaymentOperation({
      kind: "refund",
      n,
      outcome: "refunded",
      refund: {
        stripeId: "re_late",
        amountMinor: PRICE,
        status: "succeeded",
        operationId: `${orderId}:refund:${n}`,
        failure: null,
        createdAt: 1,
      },
    });
    expect(await orderOf(orderId).nextPaymentOperation()).toBeNull();
    expect(await orderOf(orderId).read()).toMatchObject({ status: "delivered", refundedMinor: 0 });
    for (const { contact } of sent.flatMap((message) => OrdersChanged.parse(message).orders))
      expect(contact).toBeNull();
  });

  it("loses its person again without harm, once their account is deleted", async () => {
    const orderId = await delivered();
    await growOld(orderId);
    const before = await stored(orderId);
    expect(await orderOf(orderId).erasePerson()).toBe(true);
    expect(await stored(orderId)).toBe(before);
  });
});
