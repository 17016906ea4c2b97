/** An order's birth in the real runtime: confirmed by every SKU, or undone without a trace; also across a crash. */
import { abortAllDurableObjects, runDurableObjectAlarm } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { OrderChanged } from "../../contracts/messages.ts";
import { SNAPSHOT_DELAY_MS } from "../../domain/order/state.ts";
import * as fixture from "../object-test-fixture.ts";
import {
  alarmOf,
  contentOf,
  counts,
  fresh,
  keysOf,
  orderOf,
  place,
  placed,
  reserveCommand,
  setClock,
  skuOf,
  stocked,
} from "../object-test-fixture.ts";
import { gate, intercept } from "./order-test-fixture.ts";

let sent: unknown[];

beforeEach(() => {
  fixture.standStill();
  fixture.watch("LEDGER_QUEUE");
  ({ sent } = fixture.watch("ORDERS_QUEUE"));
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("an order that was never placed", () => {
  it("is not there, refuses everything, and takes no storage", async () => {
    const stub = orderOf(fresh("order"));
    expect(await stub.read()).toBeNull();
    expect(await stub.cancel()).toEqual({ ok: false, reason: "not_found", record: null });
    expect(await stub.startPayment()).toEqual({ ok: false, reason: "not_found" });
    expect(await stub.nextPaymentOperation()).toBeNull();
    expect(await stub.noticeContent("order_confirmed")).toBeNull();
    await stub.poke();
    await stub.confirmPersisted(1, true);
    expect(await keysOf(stub)).toEqual([]);
    expect(await alarmOf(stub)).toBeNull();
  });
});

describe("an order whose units are held", () => {
  it("is born reserved, confirmed by every SKU, and told to Postgres, a moment later, with its contact", async () => {
    const skus = [await stocked(1), await stocked(2)];
    const orderId = fresh("order");
    const opened = await place(orderId, skus);
    expect(opened).toMatchObject({ ok: true, replayed: false, record: { status: "reserved", version: 1 } });
    expect(await orderOf(orderId).read()).toMatchObject({ orderId, holdExpiresAt: fixture.T0 + 1_800_000 });
    expect(sent).toEqual([]);
    setClock((await alarmOf(orderOf(orderId))) ?? 0);
    await runDurableObjectAlarm(orderOf(orderId));
    setClock(60_000);
    for (const sku of skus) expect(await counts(sku)).toEqual([skus.indexOf(sku), 1, 0]);
    const [message] = sent.map((each) => OrderChanged.parse(each));
    expect(message).toMatchObject({
      snapshot: { orderId, version: 1 },
      contact: { email: "ada@example.com" },
    });
    expect(JSON.stringify(message?.snapshot)).not.toContain("ada@example.com");
  });

  it("is met again by a retry, and other content is refused", async () => {
    const sku = await stocked(1);
    const orderId = await placed([sku]);
    expect(await place(orderId, [sku])).toMatchObject({ ok: true, replayed: true, record: { version: 1 } });
    const other = { ...contentOf(orderId, [sku]), fingerprint: "other content" };
    expect(await orderOf(orderId).open(other, fixture.CONTACT, fixture.DURATIONS)).toEqual({
      ok: false,
      reason: "fingerprint_mismatch",
    });
    expect(await counts(sku)).toEqual([0, 1, 0]);
  });

  it("is one order for twenty requests at once, confirmed in one run that all of them await", async () => {
    const sku = await stocked(5);
    const orderId = fresh("order");
    const confirming = gate();
    const calls = intercept("confirm", () => confirming.passed);
    const requests = Array.from({ length: 20 }, () => place(orderId, [sku]));
    await expect.poll(() => calls).toHaveLength(1);
    expect(await orderOf(orderId).read()).toBeNull();
    expect(sent).toEqual([]);
    confirming.open();
    const answers = await Promise.all(requests);
    expect(calls).toHaveLength(1);
    expect(answers.every((answer) => answer.ok && answer.record.version === 1)).toBe(true);
    expect(answers.filter((answer) => answer.ok && !answer.replayed)).toHaveLength(1);
    expect(await counts(sku)).toEqual([4, 1, 0]);
  });
});

describe("an order one of whose holds was lost", () => {
  it("is undone: everything is back, nothing of it stays, and its key is free again", async () => {
    const skus = [await stocked(1), await stocked(1)] as const;
    const orderId = fresh("order");
    await skuOf(skus[0]).reserve(reserveCommand(orderId));
    const opened = await orderOf(orderId).open(contentOf(orderId, skus), fixture.CONTACT, fixture.DURATIONS);
    expect(opened).toEqual({ ok: false, reason: "hold_lapsed" });
    expect(await orderOf(orderId).read()).toBeNull();
    expect(await keysOf(orderOf(orderId))).toEqual([]);
    expect(await alarmOf(orderOf(orderId))).toBeNull();
    expect(sent).toEqual([]);
    for (const sku of skus) expect(await counts(sku)).toEqual([1, 0, 0]);
    expect(await place(orderId, skus)).toMatchObject({ ok: true, replayed: false });
    for (const sku of skus) expect(await counts(sku)).toEqual([0, 1, 0]);
  });

  it("whose price changed under it is undone too", async () => {
    const sku = await stocked(1, { unitAmountMinor: 1 });
    const orderId = fresh("order");
    expect(await place(orderId, [sku])).toEqual({ ok: false, reason: "hold_lapsed" });
    expect(await counts(sku)).toEqual([1, 0, 0]);
  });

  it("is undone by its alarm where the SKUs could not be reached at first", async () => {
    const sku = await stocked(1);
    const lost = await stocked(1);
    const orderId = fresh("order");
    await skuOf(sku).reserve(reserveCommand(orderId));
    intercept("settle", () => Promise.reject(new Error("SKU away")));
    const content = contentOf(orderId, [sku, lost]);
    const open = async () => orderOf(orderId).open(content, fixture.CONTACT, fixture.DURATIONS);
    await expect(open()).rejects.toThrow("SKU away");
    expect(await orderOf(orderId).read()).toBeNull();
    vi.restoreAllMocks();
    fixture.watch("LEDGER_QUEUE");
    expect(await runDurableObjectAlarm(orderOf(orderId))).toBe(true);
    expect(await keysOf(orderOf(orderId))).toEqual([]);
    expect(await counts(sku)).toEqual([1, 0, 0]);
  });
});

describe("an order that died while it was opened", () => {
  async function interrupted(): Promise<{ orderId: string; sku: string }> {
    const sku = await stocked(1);
    const orderId = fresh("order");
    intercept("confirm", () => Promise.reject(new Error("SKU away")));
    await expect(place(orderId, [sku])).rejects.toThrow("SKU away");
    vi.restoreAllMocks();
    fixture.watch("LEDGER_QUEUE");
    fixture.watch("ORDERS_QUEUE");
    await abortAllDurableObjects();
    return { orderId, sku };
  }

  it("is finished by its alarm while its holds live", async () => {
    const { orderId, sku } = await interrupted();
    expect(await orderOf(orderId).read()).toBeNull();
    const alarmAt = (await alarmOf(orderOf(orderId))) ?? 0;
    expect(alarmAt).toBeGreaterThanOrEqual(SNAPSHOT_DELAY_MS);
    expect(alarmAt).toBeLessThanOrEqual(2 * SNAPSHOT_DELAY_MS);
    setClock(alarmAt);
    await runDurableObjectAlarm(orderOf(orderId));
    expect(await orderOf(orderId).read()).toMatchObject({ status: "reserved", version: 1 });
    setClock(61_000);
    expect(await counts(sku)).toEqual([0, 1, 0]);
  });

  it("is undone by its alarm once they have lapsed, even to another buyer", async () => {
    const { orderId, sku } = await interrupted();
    setClock(60_000);
    expect(await skuOf(sku).reserve(reserveCommand("another"))).toMatchObject({ ok: true });
    await runDurableObjectAlarm(orderOf(orderId));
    expect(await keysOf(orderOf(orderId))).toEqual([]);
    expect(await alarmOf(orderOf(orderId))).toBeNull();
    expect(await counts(sku)).toEqual([0, 1, 0]);
  });

  it("is finished by the retry of its request", async () => {
    const { orderId, sku } = await interrupted();
    expect(await place(orderId, [sku])).toMatchObject({ ok: true, record: { version: 1 } });
    expect(await counts(sku)).toEqual([0, 1, 0]);
  });
});

describe("a crash in the middle of a burst of placements", () => {
  it("loses no order that was acknowledged, and no unit", async () => {
    const orders = 60;
    const sku = await stocked(orders);
    const ids = Array.from({ length: orders }, () => fresh("order"));
    const acknowledged: string[] = [];
    const crash: Promise<void>[] = [];
    const burst = ids.map(async (orderId) => {
      const opened = await place(orderId, [sku]);
      if (opened.ok) acknowledged.push(orderId);
      if (acknowledged.length >= 10 && crash.length === 0) crash.push(abortAllDurableObjects());
    });
    await Promise.allSettled(burst);
    await Promise.all(crash);
    expect(acknowledged.length).toBeGreaterThanOrEqual(10);
    for (const orderId of acknowledged) {
      expect(await orderOf(orderId).read()).toMatchObject({ status: "reserved" });
      expect((await orderOf(orderId).startPayment()).ok).toBe(true);
    }
    setClock(2_000);
    for (const orderId of ids) await runDurableObjectAlarm(orderOf(orderId));
    setClock(61_000);
    const records = await Promise.all(ids.map(async (orderId) => orderOf(orderId).read()));
    const alive = records.filter((record) => record !== null).length;
    expect(await counts(sku)).toEqual([orders - alive, alive, 0]);
  });
});
