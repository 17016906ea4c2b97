import { describe, expect, it } from "vitest";
import type { StockThing, Waiting } from "../adapters/postgres/stock-notices.ts";
import { MESSAGE_VERSION } from "../contracts/messages.ts";
import { STOCK_NOTICE_BATCH } from "../domain/stock-notice.ts";
import { consume, recordSettlement } from "./consumer-test-fixture.ts";
import { consumeNotifications } from "./notifications-consumer.ts";
import type { StockNoticeClaim } from "./stock-notices.ts";

const due = { v: MESSAGE_VERSION, type: "stock_notices.due", kind: "restock", subject: "PHONE-1" };

/** A line of people; the head of it is taken as Postgres would. */
function world(people = 3) {
  const settlement = recordSettlement();
  const thing: StockThing = { name: "Phone", slug: "phone", sku: "PHONE-1", available: 500, opensAt: null };
  const line = Array.from({ length: people }, (_, index): Waiting => {
    const id = String(index);
    return { id, email: `ada-${id}@example.com` };
  });
  const state = {
    settlement,
    line,
    thing: thing as StockThing | null,
    claims: [] as StockNoticeClaim[],
    sent: [] as string[],
    told: [] as string[],
    postponed: [] as string[],
    goneOn: 0,
    mailFails: "",
    mailRefuses: "",
    mailboxFull: "",
    recordAway: false,
  };
  const unexpected = () => Promise.reject(new Error("no message about an order was sent"));
  const deps = {
    ...settlement,
    shardOf: () => null,
    shard: () => ({ noticeContents: unexpected, noticesSent: unexpected }),
    sentBefore: unexpected,
    markSent: unexpected,
    send: unexpected,
    orderLinks: { ordersOf: unexpected, keyOf: () => "", send: unexpected },
    stockNotices: {
      thing: () => Promise.resolve(state.thing),
      claim: (_: unknown, claim: StockNoticeClaim) => {
        state.claims.push(claim);
        return Promise.resolve(state.line.splice(0, claim.limit));
      },
      markSent: (ids: readonly string[]) => {
        if (state.recordAway) return Promise.reject(new TypeError("fetch failed"));
        state.told.push(...ids);
        return Promise.resolve();
      },
      postpone: (ids: readonly string[], until: number) => {
        expect(until).toBeGreaterThan(state.claims.at(-1)?.now ?? Infinity);
        state.postponed.push(...ids);
        return Promise.resolve();
      },
      send: (_kind: unknown, _thing: unknown, { id, email }: Waiting) => {
        if (id === state.mailFails) return Promise.reject(new Error(`no mail to ${email} now`));
        if (id === state.mailRefuses) return Promise.resolve("refused" as const);
        if (id === state.mailboxFull) return Promise.resolve("over_limit" as const);
        state.sent.push(id);
        return Promise.resolve("sent" as const);
      },
      goOn: () => {
        state.goneOn += 1;
        return Promise.resolve();
      },
    },
  };
  const run = (...bodies: unknown[]) =>
    consume(
      "notifications",
      bodies.map((body) => ({ body })),
      (batch) => consumeNotifications(batch, deps),
    );
  return { state, run };
}

describe("those who wait for a SKU", () => {
  it("are each sent one e-mail and ticked off", async () => {
    const { state, run } = world();
    const outcome = await run(due, due);
    expect(outcome.acknowledged).toEqual([0, 1]);
    expect(state.sent).toEqual(["0", "1", "2"]);
    expect(state.told).toEqual(["0", "1", "2"]);
    expect(state.goneOn).toBe(0);
  });

  it("keep their place where their mailbox has had enough, and hold nobody up", async () => {
    const { state, run } = world();
    state.mailboxFull = "1";
    expect((await run(due)).acknowledged).toEqual([0]);
    expect(state.told).toEqual(["0", "2"]);
    expect(state.postponed).toEqual(["1"]);
  });

  it("are told a batch at a time, and the rest by a message that follows", async () => {
    const { state, run } = world(STOCK_NOTICE_BATCH + 5);
    await run(due);
    expect(state.sent).toHaveLength(STOCK_NOTICE_BATCH);
    expect(state.goneOn).toBe(1);
  });

  it("are told a few at a time where a single unit came free", async () => {
    const { state, run } = world(50);
    if (state.thing !== null) state.thing = { ...state.thing, available: 1 };
    await run(due);
    expect(state.sent).toHaveLength(10);
    expect(state.goneOn).toBe(0);
  });

  it("are not called for what is gone again, not on sale yet, or not sold any more", async () => {
    const { state, run } = world();
    const thing = state.thing;
    if (thing === null) throw new Error("the test needs a thing");
    for (const now of [{ ...thing, available: 0 }, { ...thing, opensAt: Date.now() + 60_000 }, null]) {
      state.thing = now;
      expect((await run(due)).acknowledged).toEqual([0]);
    }
    expect(state.claims).toEqual([]);
  });

  it("are put off where the mail does not take theirs; the message comes again, and tells no address to the log", async () => {
    const { state, run } = world();
    state.mailFails = "1";
    const outcome = await run(due);
    expect(Object.keys(outcome.retried)).toEqual(["0"]);
    expect(state.told).toEqual(["0", "2"]);
    expect(state.postponed).toEqual(["1"]);
    expect(state.settlement.lines.join()).not.toContain("ada-");
  });

  it("are done with where the mailer refuses theirs for good, which is counted and holds up nobody", async () => {
    const { state, run } = world();
    state.mailRefuses = "1";
    const outcome = await run(due);
    expect(outcome.acknowledged).toEqual([0]);
    expect(state.sent).toEqual(["0", "2"]);
    expect([...state.told].sort()).toEqual(["0", "1", "2"]);
    expect(state.postponed).toEqual([]);
    expect(state.settlement.points).toContain("notices refused restock 1");
  });

  it("stay claimed where they cannot be ticked off: nobody is told again at once", async () => {
    const { state, run } = world();
    state.recordAway = true;
    const outcome = await run(due);
    expect(Object.keys(outcome.retried)).toEqual(["0"]);
    expect(state.postponed).toEqual([]);
  });
});
