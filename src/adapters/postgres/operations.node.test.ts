import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CONTACT, orderChanged } from "../../../tests/fixtures/messages.ts";
import { startTestDatabase } from "../../../tests/fixtures/database.ts";
import type { TestDatabase } from "../../../tests/fixtures/database.ts";
import type { StripeEventReceived } from "../../contracts/messages.ts";
import { orderNumber } from "../../domain/order/number.ts";
import { appendAuditEntry } from "./audit-log.ts";
import type { Database } from "./connection.ts";
import { listDeadLetters, markDeadLetterReplayed, readDeadLetter, storeDeadLetter } from "./dead-letters.ts";
import { findOrders } from "./order-queries.ts";
import { persistOrders } from "./orders.ts";
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
    expect(await markDeadLetterReplayed(database, first, "ada", 5_000)).toBe(true);
    expect(await markDeadLetterReplayed(database, first, "bob", 6_000)).toBe(false);
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
    await markDeadLetterReplayed(database, before, "ada", 5_000);
    expect(await openOf("m-vain")).toBeUndefined();
    const again = { ...letter("m-vain", { n: 2 }), error: "still no good", attempts: 1 };
    expect(await storeDeadLetter(database, again)).toBe("opened");
    const after = await openOf("m-vain");
    expect(after).toMatchObject({ id: before.id, body: { n: 2 }, error: "still no good", attempts: 21 });
    expect(after?.storedAt.getTime()).toBeGreaterThanOrEqual(before.storedAt.getTime());
    expect(await markDeadLetterReplayed(database, await stored(before.id), "ada", 6_000)).toBe(true);
  });

  it("stay open where the replay failed before it was noted", async () => {
    await storeDeadLetter(database, letter("m-fast"));
    const read = await openOf("m-fast");
    if (read === undefined) throw new Error("not stored");
    await storeDeadLetter(database, letter("m-fast"));
    expect(await markDeadLetterReplayed(database, read, "ada", 5_000)).toBe(false);
    expect(await openOf("m-fast")).toMatchObject({ replayedAt: null });
  });

  it("refuse a cursor or an id that is not one of ours", async () => {
    for (const cursor of ["", "%%%", "bnVsbA", "1.x", "zzzzzzzzzz.x", "-1.x", "1.%00", "1.%"]) {
      expect(await listDeadLetters(database, { limit: 1, cursor })).toEqual({
        ok: false,
        reason: "malformed_cursor",
      });
    }
    expect(await readDeadLetter(database, "not-an-id")).toBeNull();
    expect(await markDeadLetterReplayed(database, { id: "not-an-id", attempts: 1 }, "ada", 1)).toBe(false);
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
