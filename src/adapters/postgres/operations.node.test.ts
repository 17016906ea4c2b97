import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CONTACT, orderChanged } from "../../../tests/fixtures/messages.ts";
import { startTestDatabase } from "../../../tests/fixtures/database.ts";
import type { TestDatabase } from "../../../tests/fixtures/database.ts";
import type { StripeEventReceived } from "../../contracts/messages.ts";
import { orderNumber } from "../../domain/order/number.ts";
import { appendAuditEntry } from "./audit-log.ts";
import type { Database } from "./connection.ts";
import {
  countDeadLetters,
  discardDeadLetter,
  listDeadLetters,
  markDeadLettersReplayed,
  oldestDeadLetters,
  readDeadLetter,
  storeDeadLetter,
} from "./dead-letters.ts";
import { findOrders } from "./order-queries.ts";
import { persistOrders } from "./orders.ts";
import { CLOSED_LETTERS_MS, OPEN_LETTERS_MS, pruneOperations, STRIPE_EVENTS_MS } from "./pruning.ts";
import { markNoticesSent, noticesSentBefore } from "./sent-notices.ts";
import { recordStripeEvents } from "./stripe-events.ts";

let postgres: TestDatabase;
let database: Database;
beforeAll(async () => {
  postgres = await startTestDatabase();
  database = postgres.connect();
});
afterAll(() => postgres.stop());

function stripeEvent(eventId: string): StripeEventReceived {
  return {
    v: 1,
    type: "stripe.event",
    eventId,
    eventType: "payment_intent.succeeded",
    createdAt: 1_700_000_000_000,
    orderId: "order-1",
    intent: null,
    aboutIntentId: null,
  };
}

describe("Stripe's events", () => {
  it("are kept once, however often they come, and the answer names the new ones", async () => {
    expect(await recordStripeEvents(database, [stripeEvent("evt_1"), stripeEvent("evt_1")])).toEqual([
      "evt_1",
    ]);
    expect(await recordStripeEvents(database, [stripeEvent("evt_1"), stripeEvent("evt_2")])).toEqual([
      "evt_2",
    ]);
  });
});

describe("sent notices", () => {
  it("are known from the first mark on, per order and kind", async () => {
    const confirmed = { orderId: "order-1", kind: "order_confirmed", about: "" } as const;
    const cancelled = { orderId: "order-1", kind: "order_cancelled", about: "" } as const;
    expect(await noticesSentBefore(database, [confirmed, cancelled])).toEqual([]);
    await markNoticesSent(database, [confirmed], 1_000);
    await markNoticesSent(database, [confirmed], 2_000);
    expect(await noticesSentBefore(database, [confirmed, cancelled])).toEqual([confirmed]);
    expect(await postgres.rows("select sent_at from sent_notices")).toEqual([{ sent_at: new Date(1_000) }]);
  });
});

describe("dead letters", () => {
  const letter = (messageId: string, body: unknown = { n: 1 }) => ({
    queue: "orders",
    messageId,
    body,
    error: "no\0 good",
    attempts: 20,
  });

  it("are stored once per message, whatever is in them, and given back as they were", async () => {
    const body = { name: "\0 and \ud800", deep: [1, null] };
    expect(await storeDeadLetter(database, letter("m-1", body))).toBe("opened");
    expect(await storeDeadLetter(database, letter("m-1", body))).toBe("known");
    const list = await listDeadLetters(database, { limit: 10 });
    if (!list.ok) throw new Error(list.reason);
    expect(list.items).toHaveLength(1);
    const [stored] = list.items;
    if (stored === undefined) throw new Error("nothing stored");
    expect(stored).toMatchObject({ queue: "orders", messageId: "m-1", body, error: "no good", attempts: 40 });
    expect(await readDeadLetter(database, stored.id)).toEqual(stored);
  });

  it("are listed newest first in pages without a gap, and leave the list once when replayed", async () => {
    for (const messageId of ["m-2", "m-3", "m-4"]) await storeDeadLetter(database, letter(messageId));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listDeadLetters(database, { limit: 2, cursor });
      if (!page.ok) throw new Error(page.reason);
      seen.push(...page.items.map((item) => item.id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(new Set(seen).size).toBe(4);

    const first = await stored(seen[0]);
    expect(await markDeadLettersReplayed(database, [first], "ada", 5_000)).toHaveLength(1);
    expect(await markDeadLettersReplayed(database, [first], "bob", 6_000)).toEqual([]);
    expect(await readDeadLetter(database, first.id)).toMatchObject({
      replayedBy: "ada",
      replayedAt: new Date(5_000),
    });
    expect(await listDeadLetters(database, { limit: 10 })).toMatchObject({ ok: true, items: { length: 3 } });
  });

  const stored = async (id = "") => {
    const found = await readDeadLetter(database, id);
    if (found === null) throw new Error(`no dead letter ${id}`);
    return found;
  };
  const openOf = async (messageId: string) => {
    const list = await listDeadLetters(database, { limit: 100 });
    if (!list.ok) throw new Error(list.reason);
    return list.items.find((item) => item.messageId === messageId);
  };

  it("are open again, as the newest, where the replay was in vain", async () => {
    await storeDeadLetter(database, letter("m-vain"));
    const before = await openOf("m-vain");
    if (before === undefined) throw new Error("not stored");
    await postgres.rows("update dead_letters set stored_at = '2026-01-01' where message_id = 'm-vain'");
    await markDeadLettersReplayed(database, [before], "ada", 5_000);
    expect(await openOf("m-vain")).toBeUndefined();
    const again = { ...letter("m-vain", { n: 2 }), error: "still no good", attempts: 1 };
    expect(await storeDeadLetter(database, again)).toBe("opened");
    const after = await openOf("m-vain");
    expect(after).toMatchObject({ id: before.id, body: { n: 2 }, error: "still no good", attempts: 21 });
    expect(after?.storedAt.getTime()).toBeGreaterThanOrEqual(before.storedAt.getTime());
    expect(await markDeadLettersReplayed(database, [await stored(before.id)], "ada", 6_000)).toHaveLength(1);
  });

  it("stay open where the replay failed before it was noted", async () => {
    await storeDeadLetter(database, letter("m-fast"));
    const read = await openOf("m-fast");
    if (read === undefined) throw new Error("not stored");
    await storeDeadLetter(database, letter("m-fast"));
    expect(await markDeadLettersReplayed(database, [read], "ada", 5_000)).toEqual([]);
    expect(await openOf("m-fast")).toMatchObject({ replayedAt: null });
  });

  it("leave the list for good when discarded, however often the content comes again, until they are replayed", async () => {
    await storeDeadLetter(database, letter("m-discarded"));
    const read = await openOf("m-discarded");
    if (read === undefined) throw new Error("not stored");
    const discarded = { by: "ada", reason: "a test's order", at: 5_000 };
    expect(await discardDeadLetter(database, read.id, discarded)).toMatchObject({
      discardedAt: new Date(5_000),
      discardedBy: "ada",
      discardReason: "a test's order",
    });
    expect(await discardDeadLetter(database, read.id, { ...discarded, by: "bob" })).toMatchObject({
      discardedBy: "ada",
    });
    await postgres.rows("update dead_letters set stored_at = '2026-01-01' where message_id = 'm-discarded'");
    expect(await storeDeadLetter(database, letter("m-discarded"))).toBe("known");
    expect(await openOf("m-discarded")).toBeUndefined();
    const again = await stored(read.id);
    expect(again).toMatchObject({ attempts: 40, discardedBy: "ada" });
    expect(again.storedAt.getTime()).toBeGreaterThanOrEqual(read.storedAt.getTime());
    expect(await markDeadLettersReplayed(database, [again], "ada", 6_000)).toEqual([read.id]);
    expect(await readDeadLetter(database, read.id)).toMatchObject({
      replayedBy: "ada",
      discardedAt: null,
      discardReason: null,
    });
    expect(await discardDeadLetter(database, "not-an-id", discarded)).toBeNull();
  });

  it("are taken oldest first, by queue, and those that failed again since the first call are left alone", async () => {
    const ofQueue = (messageId: string) => ({ ...letter(messageId), queue: "payments" });
    for (const messageId of ["p-1", "p-2"]) await storeDeadLetter(database, ofQueue(messageId));
    await postgres.rows("update dead_letters set stored_at = '2026-01-02' where message_id = 'p-1'");
    await postgres.rows("update dead_letters set stored_at = '2026-01-01' where message_id = 'p-2'");
    const before = Date.UTC(2026, 0, 3);
    const open = { queues: ["payments"], storedBefore: before };
    const taken = await oldestDeadLetters(database, open);
    expect(taken.map(({ messageId }) => messageId)).toEqual(["p-2", "p-1"]);
    expect(await markDeadLettersReplayed(database, taken, "ada", before)).toHaveLength(2);
    await storeDeadLetter(database, ofQueue("p-1"));
    expect(await oldestDeadLetters(database, open)).toEqual([]);
    expect(await countDeadLetters(database, open)).toBe(0);
    expect(await countDeadLetters(database, { ...open, storedBefore: Date.UTC(2100, 0, 1) })).toBe(1);
    expect(await oldestDeadLetters(database, { ...open, queues: [] })).toEqual([]);
  });

  it("refuse a cursor or an id that is not one of ours", async () => {
    for (const cursor of ["", "%%%", "bnVsbA", "1.x", "zzzzzzzzzz.x", "-1.x", "1.%00", "1.%"]) {
      expect(await listDeadLetters(database, { limit: 1, cursor })).toEqual({
        ok: false,
        reason: "malformed_cursor",
      });
    }
    expect(await readDeadLetter(database, "not-an-id")).toBeNull();
    expect(await markDeadLettersReplayed(database, [{ id: "not-an-id", attempts: 1 }], "ada", 1)).toEqual([]);
  });
});

describe("pruning", () => {
  const NOW = Date.UTC(2030, 0, 1);
  const agedLetter = async (messageId: string, age: number, how: string) => {
    await storeDeadLetter(database, { queue: "aged", messageId, body: null, error: null, attempts: 1 });
    const at = new Date(NOW - age);
    await postgres.rows(`update dead_letters set stored_at = $2 ${how} where message_id = $1`, [
      messageId,
      at,
    ]);
  };
  const left = async (table: string, column: string) =>
    (await postgres.rows<Record<string, string>>(`select ${column} from ${table} order by 1`)).map(
      (row) => row[column],
    );

  it("forgets events and letters past their age, a bounded number at a time, and counts open letters apart", async () => {
    await postgres.rows("delete from dead_letters");
    await postgres.rows("delete from stripe_events");
    const aged = (eventId: string, age: number) => ({ ...stripeEvent(eventId), createdAt: NOW - age });
    await recordStripeEvents(database, [
      aged("evt_a", STRIPE_EVENTS_MS + 2),
      aged("evt_b", STRIPE_EVENTS_MS + 1),
      aged("evt_c", STRIPE_EVENTS_MS - 1),
    ]);
    const replayed = ", replayed_at = $2, replayed_by = 'ada'";
    const discarded = ", discarded_at = $2, discarded_by = 'ada', discard_reason = 'x'";
    await agedLetter("old-replayed", CLOSED_LETTERS_MS, replayed);
    await agedLetter("old-discarded", CLOSED_LETTERS_MS, discarded);
    await agedLetter("new-replayed", CLOSED_LETTERS_MS - 1, replayed);
    await agedLetter("old-open", OPEN_LETTERS_MS, "");
    await agedLetter("new-open", OPEN_LETTERS_MS - 1, "");
    await agedLetter(
      "kept-open-then-replayed",
      OPEN_LETTERS_MS,
      ", replayed_at = now(), replayed_by = 'ada'",
    );
    await postgres.rows(
      "update dead_letters set replayed_at = $1 where message_id = 'kept-open-then-replayed'",
      [new Date(NOW - 1)],
    );

    expect(await pruneOperations(database, { now: NOW, limit: 1 })).toMatchObject({ events: 1 });
    expect(await left("stripe_events", "event_id")).toEqual(["evt_b", "evt_c"]);
    let letters = { closed: 0, open: 0 };
    for (let run = 0; run < 3; run += 1) {
      const pruned = await pruneOperations(database, { now: NOW, limit: 2 });
      letters = { closed: letters.closed + pruned.closedLetters, open: letters.open + pruned.openLetters };
    }
    expect(await left("stripe_events", "event_id")).toEqual(["evt_c"]);
    expect(await left("dead_letters", "message_id")).toEqual([
      "kept-open-then-replayed",
      "new-open",
      "new-replayed",
    ]);
    expect(await pruneOperations(database, { now: NOW, limit: 100 })).toEqual({
      events: 0,
      closedLetters: 0,
      openLetters: 0,
    });
    expect(letters.closed + letters.open).toBeGreaterThanOrEqual(2);
  });
});

describe("the audit log", () => {
  it("takes entries and gives none of them up", async () => {
    const entry = { actor: "ada@ops.example", action: "stock.adjusted", subject: "SKU-1", reason: "count" };
    await appendAuditEntry(database, { ...entry, details: { delta: -1 }, requestId: "r-1", at: 1_000 });
    expect(await postgres.rows("select * from audit_log")).toMatchObject([
      { ...entry, details: { delta: -1 }, request_id: "r-1", at: new Date(1_000) },
    ]);
    for (const change of [
      "update audit_log set actor = 'x'",
      "delete from audit_log",
      "truncate audit_log",
    ]) {
      await expect(postgres.rows(change)).rejects.toThrow("append-only");
    }
    expect(await postgres.rows("select 1 from audit_log")).toHaveLength(1);
  });
});

describe("findOrders", () => {
  beforeAll(async () => {
    const opened = Date.UTC(2026, 0, 1);
    const contact = (email: string) => ({ ...CONTACT, email });
    await persistOrders(database, [
      orderChanged({ orderId: "find-1", openedAt: opened }, contact("Grace.Hopper@Navy.example")),
      orderChanged({ orderId: "find-2", openedAt: opened }, contact("ada@example.com")),
      orderChanged(
        { orderId: "find-3", openedAt: opened + 1, status: "paid" },
        contact("100%_sure@example.com"),
      ),
      orderChanged({ orderId: "find-4", openedAt: opened + 2 }),
    ]);
  });
  const idsOf = async (search: Partial<Parameters<typeof findOrders>[1]>) => {
    const found = await findOrders(database, { query: "", limit: 100, ...search });
    if (!found.ok) throw new Error(found.reason);
    return found.items.map((item) => item.orderId);
  };

  it("lists every order newest first, also those whose contact has not arrived", async () => {
    expect(await idsOf({})).toEqual(["find-4", "find-3", "find-2", "find-1"]);
  });

  it("pages without gap or repeat among orders of the same moment", async () => {
    const first = await findOrders(database, { query: "", limit: 3 });
    if (!first.ok || first.nextCursor === null) throw new Error("no second page");
    expect(first.items.map((item) => item.orderId)).toEqual(["find-4", "find-3", "find-2"]);
    expect(await idsOf({ limit: 3, cursor: first.nextCursor })).toEqual(["find-1"]);
  });

  it("finds by order id, by e-mail in any spelling and by a part of one, and by state", async () => {
    expect(await idsOf({ query: "find-4" })).toEqual(["find-4"]);
    expect(await idsOf({ query: " grace.hopper@NAVY.example " })).toEqual(["find-1"]);
    expect(await idsOf({ query: "hopper" })).toEqual(["find-1"]);
    expect(await idsOf({ status: "paid" })).toEqual(["find-3"]);
  });

  it("takes signs that mean something to Postgres as themselves", async () => {
    expect(await idsOf({ query: "100%_" })).toEqual(["find-3"]);
    expect(await idsOf({ query: "%%%" })).toEqual([]);
    expect(await idsOf({ query: "a\0b" })).toEqual([]);
  });

  it("finds by the number that the buyer was given, however it is typed", async () => {
    const orderId = "find-5-and-many-more-abcd0123";
    await persistOrders(database, [orderChanged({ orderId, openedAt: Date.UTC(2025, 0, 1) })]);
    expect(await idsOf({ query: orderNumber(orderId) })).toEqual([orderId]);
    expect(await idsOf({ query: "abcd o123" })).toEqual([orderId]);
  });

  it("refuses a cursor that is not one of ours", async () => {
    expect(await findOrders(database, { query: "", limit: 1, cursor: "x" })).toEqual({
      ok: false,
      reason: "malformed_cursor",
    });
  });

  it("shows what Stripe refused for good, as the newest version of the order has it", async () => {
    const orderId = "refused-for-good";
    const refused = [
      { kind: "refund", amountMinor: 500, code: "refund_disputed_payment", at: Date.UTC(2025, 0, 2) },
    ];
    const search = async () => {
      const found = await findOrders(database, { query: orderId, limit: 1 });
      return found.ok ? found.items[0]?.refusedOperations : null;
    };
    await persistOrders(database, [orderChanged({ orderId })]);
    expect(await search()).toEqual([]);
    await persistOrders(database, [orderChanged({ orderId, version: 2, refusedOperations: refused })]);
    expect(await search()).toEqual(refused);
  });
});
