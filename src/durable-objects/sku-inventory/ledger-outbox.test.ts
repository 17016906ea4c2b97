/** A SKU's ledger on its way out: one drain in flight, sent again until confirmed, dropped once it is. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { LedgerAppended } from "../../contracts/messages.ts";
import * as fixture from "../object-test-fixture.ts";
import {
  alarmOf,
  at,
  messagesLeft,
  reserveCommand,
  setClock,
  skuOf,
  stocked,
} from "../object-test-fixture.ts";

let sent: unknown[];
let send: ReturnType<typeof fixture.watch>["spy"];

beforeEach(() => {
  fixture.standStill();
  ({ sent, spy: send } = fixture.watch("LEDGER_QUEUE"));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** The sequences of the messages sent, as the consumer would parse them. */
async function drains(sku: string): Promise<number[][]> {
  await messagesLeft(skuOf(sku));
  return sent.map((message) => LedgerAppended.parse(message).entries.map(({ sequence }) => sequence));
}

const stored = (sku: string) =>
  runInDurableObject(skuOf(sku), (_object, { storage }) =>
    storage.sql
      .exec<{ sequence: number }>("SELECT sequence FROM ledger ORDER BY sequence")
      .toArray()
      .map(({ sequence }) => sequence),
  );

async function reserveSome(sku: string, count: number): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, () => at(sku).reserve(reserveCommand(fixture.fresh("order")))),
  );
}

it("a burst makes one drain, and the rest follows when it is confirmed", async () => {
  const sku = await stocked(10);
  await reserveSome(sku, 4);
  expect(await drains(sku)).toEqual([[1]]);
  await skuOf(sku).confirmLedger(1);
  expect(await drains(sku)).toEqual([[1], [2, 3, 4, 5]]);
  expect(await stored(sku)).toEqual([2, 3, 4, 5]);
  await skuOf(sku).confirmLedger(5);
  expect(await drains(sku)).toHaveLength(2);
  expect(await stored(sku)).toEqual([]);
});

it("the level that comes along is the SKU's newest", async () => {
  const sku = await stocked(10, { opensAt: fixture.T0 });
  await skuOf(sku).confirmLedger(1);
  await reserveSome(sku, 1);
  await messagesLeft(skuOf(sku));
  expect(LedgerAppended.parse(sent.at(-1)).level).toMatchObject({
    sku,
    sequence: 2,
    available: 9,
    held: 1,
    opensAt: fixture.T0,
    at: fixture.T0,
  });
});

it("an unconfirmed drain is sent again by the alarm, later each time, and no sooner", async () => {
  const sku = await stocked(10);
  const waits: number[] = [];
  for (let round = 0; round < 3; round++) {
    const at = (await alarmOf(skuOf(sku))) ?? 0;
    waits.push(at);
    setClock(at - 1);
    await skuOf(sku).sweep();
    expect(await drains(sku)).toHaveLength(round + 1);
    setClock(at);
    await runDurableObjectAlarm(skuOf(sku));
    expect(await drains(sku)).toHaveLength(round + 2);
  }
  expect(await drains(sku)).toEqual([[1], [1], [1], [1]]);
  const [first = 0, second = 0, third = 0] = waits;
  expect(second - first).toBeGreaterThan(first);
  expect(third - second).toBeGreaterThanOrEqual(second - first);
});

it("what was never confirmed is sent again after an eviction", async () => {
  const sku = await stocked(10);
  await evictDurableObject(skuOf(sku));
  setClock(10_000);
  expect(await runDurableObjectAlarm(skuOf(sku))).toBe(true);
  expect(await drains(sku)).toEqual([[1], [1]]);
});

it("a confirmation of less than what is in flight drops that much, and starts no second drain", async () => {
  const sku = await stocked(10);
  await skuOf(sku).confirmLedger(1);
  await reserveSome(sku, 1);
  await reserveSome(sku, 2);
  expect((await drains(sku)).at(-1)).toEqual([2]);
  await skuOf(sku).confirmLedger(1);
  expect(await drains(sku)).toHaveLength(2);
  expect(await stored(sku)).toEqual([2, 3, 4]);
});

it("a queue that cannot be reached loses nothing and fails no command", async () => {
  send.mockImplementation(() => Promise.reject(new Error("queue away")));
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const sku = await stocked(10);
  await reserveSome(sku, 2);
  expect(await fixture.counts(sku)).toEqual([8, 2, 0]);
  const again = fixture.watch("LEDGER_QUEUE");
  setClock(10_000);
  await runDurableObjectAlarm(skuOf(sku));
  await messagesLeft(skuOf(sku));
  expect(again.sent).toHaveLength(1);
  expect(await stored(sku)).toEqual([1, 2, 3]);
});

it("a drain carries a bounded number of entries, and the alarm rests once all is confirmed", async () => {
  const sku = await stocked(600);
  await skuOf(sku).confirmLedger(1);
  await runInDurableObject(skuOf(sku), (object) => {
    for (let count = 0; count < 550; count++) {
      object.run([
        { kind: "reserve", ...reserveCommand(`order-${count}`) },
        { kind: "settle", orderId: `order-${count}` },
      ]);
    }
  });
  let confirmed = 2;
  for (let rounds = 0; rounds < 10 && confirmed < 1_101; rounds++) {
    await skuOf(sku).confirmLedger(confirmed);
    const last = (await drains(sku)).at(-1);
    confirmed = last?.at(-1) ?? 0;
    expect(last?.length).toBeLessThanOrEqual(400);
  }
  await skuOf(sku).confirmLedger(confirmed);
  expect(await stored(sku)).toEqual([]);
  // The holds are gone, and the alarm that was set for them is the last one.
  setClock(fixture.DURATIONS.holdMs + fixture.DURATIONS.graceMs);
  await runDurableObjectAlarm(skuOf(sku));
  expect(await alarmOf(skuOf(sku))).toBeNull();
});
