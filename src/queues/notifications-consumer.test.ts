import { describe, expect, it } from "vitest";
import { MESSAGE_VERSION } from "../contracts/messages.ts";
import type {
  NoticeContent,
  OrderNotice,
  SettledNotice,
} from "../durable-objects/order-shard/shard-calls.ts";
import { changedOrder, consume, recordSettlement, shardOf } from "./consumer-test-fixture.ts";
import { consumeNotifications } from "./notifications-consumer.ts";

function due(...orderIds: string[]) {
  const notices = orderIds.map((orderId) => ({ orderId, kind: "order_confirmed", about: "" }));
  return { v: MESSAGE_VERSION, type: "notices.due", notices };
}

/** About stock there is a test of its own. */
const unexpected = () => Promise.reject(new Error("no message about stock was sent"));
const noStockNotices = {
  thing: unexpected,
  claim: unexpected,
  markSent: unexpected,
  postpone: unexpected,
  send: unexpected,
  goOn: unexpected,
};
/** About links to orders, too. */
const noOrderLinks = { ordersOf: unexpected, keyOf: () => "", send: unexpected };

/** Shards that want every notice told until they hear that it was, the record, and the mailer. */
function world() {
  const settlement = recordSettlement();
  const state = {
    settlement,
    /** Order ids, as e-mails went out. */
    sent: [] as string[],
    told: [] as SettledNotice[],
    marked: [] as string[],
    /** `<shard> <method> <how many>`, one a call. */
    calls: [] as string[],
    obsolete: new Set<string>(),
    unreachable: "",
    recordAway: false,
    recordHangs: false,
    mailboxFull: false,
    mailAway: new Set<string>(),
    mailRefuses: new Set<string>(),
    underWay: 0,
    mostUnderWay: 0,
    /** E-mails that had gone out and that the record did not know yet. */
    mostUnrecorded: 0,
  };
  const reachRecord = <T>(answer: () => T): Promise<T> => {
    if (state.recordHangs) return new Promise(() => undefined);
    if (state.recordAway) return Promise.reject(new TypeError("fetch failed"));
    return Promise.resolve(answer());
  };
  const contentOf = (orderId: string): NoticeContent | null => {
    const { snapshot, contact } = changedOrder(orderId);
    if (contact === null || state.obsolete.has(orderId)) return null;
    const record = {
      ...snapshot,
      fingerprint: "f",
      shippingName: "Standard",
      transit: null,
      lastPaymentError: null,
      refundedMinor: 0,
      refunds: [],
      dispute: null,
      parcels: [],
      intentId: "pi_1",
    };
    return { to: contact.email, record, shippingAddress: contact.shippingAddress };
  };
  const called = (shard: string, method: string, many: readonly unknown[]): Promise<void> => {
    state.calls.push(`${shard} ${method} ${many.length}`);
    return shard === state.unreachable ? Promise.reject(new Error("object restarted")) : Promise.resolve();
  };
  const deps = {
    ...settlement,
    shardOf,
    shard: (name: string) => ({
      async noticeContents(notices: OrderNotice[]) {
        await called(name, "noticeContents", notices);
        return notices.map(({ orderId }) => contentOf(orderId));
      },
      async noticesSent(notices: SettledNotice[]) {
        await called(name, "noticesSent", notices);
        state.told.push(...notices);
      },
    }),
    sentBefore: (notices: readonly OrderNotice[]) =>
      reachRecord(() => notices.filter(({ orderId }) => state.marked.includes(orderId))),
    markSent: (notices: readonly OrderNotice[]) =>
      reachRecord(() => {
        state.marked.push(...notices.map(({ orderId }) => orderId));
      }),
    async send(_kind: unknown, { record: { orderId }, to }: NoticeContent) {
      state.underWay += 1;
      state.mostUnderWay = Math.max(state.mostUnderWay, state.underWay);
      await Promise.resolve();
      state.underWay -= 1;
      if (state.mailAway.has(orderId)) throw new Error(`no mail to ${to} now`);
      if (state.mailRefuses.has(orderId)) return "refused" as const;
      if (state.mailboxFull) return "over_limit" as const;
      state.sent.push(orderId);
      state.mostUnrecorded = Math.max(state.mostUnrecorded, state.sent.length - state.marked.length);
      return "sent" as const;
    },
    stockNotices: noStockNotices,
    orderLinks: noOrderLinks,
  };
  const run = (...bodies: unknown[]) =>
    consume(
      "notifications",
      bodies.map((body) => ({ body })),
      (batch) => consumeNotifications(batch, deps),
    );
  return { state, run };
}

const told = (orderId: string, outcome: "sent" | "refused" = "sent") => ({
  orderId,
  kind: "order_confirmed",
  about: "",
  outcome,
});

describe("the notifications consumer", () => {
  it("sends the e-mail and tells the shard", async () => {
    const { state, run } = world();
    const outcome = await run(due("a"));
    expect(outcome.acknowledged).toEqual([0]);
    expect(state).toMatchObject({ sent: ["a"], told: [told("a")], marked: ["a"] });
  });

  it("records what it has sent every 25 e-mails, so that an invocation beside it repeats no more than those", async () => {
    const { state, run } = world();
    const orderIds = Array.from({ length: 300 }, (_, index) => `order-${index}`);
    await run(...[0, 100, 200].map((from) => due(...orderIds.slice(from, from + 100))));
    expect(state.mostUnrecorded).toBeLessThanOrEqual(25);
    expect([...state.sent].sort()).toEqual([...orderIds].sort());
    expect([...state.marked].sort()).toEqual([...orderIds].sort());
    expect(state.told).toHaveLength(300);
  });

  it("asks a shard that cannot be reached once, however many notices it has", async () => {
    const { state, run } = world();
    const orderIds = Array.from({ length: 300 }, (_, index) => `order-${index}`);
    state.unreachable = shardOf("order-0") ?? "";
    await run(...[0, 100, 200].map((from) => due(...orderIds.slice(from, from + 100))));
    expect(state.calls.filter((call) => call.startsWith(`${state.unreachable} `))).toHaveLength(1);
  });

  it("asks and tells each of four shards once for a batch of forty, and sends a few at a time", async () => {
    const { state, run } = world();
    const orderIds = Array.from({ length: 80 }, (_, index) => `order-${index}`);
    const outcome = await run(
      ...Array.from({ length: 40 }, (_, index) => due(...orderIds.slice(index * 2, index * 2 + 2))),
    );
    expect(outcome.acknowledged).toHaveLength(40);
    expect(state.calls).toHaveLength(8);
    expect(new Set(state.calls.map((call) => call.split(" ", 2).join(" "))).size).toBe(8);
    expect([...state.sent].sort()).toEqual([...orderIds].sort());
    expect(state.told).toHaveLength(80);
    expect(state.mostUnderWay).toBe(5);
  });

  it("does not send again what the record says was sent, but tells the shard again", async () => {
    const { state, run } = world();
    await run(due("a"));
    const outcome = await run(due("a"));
    expect(outcome.acknowledged).toEqual([0]);
    expect(state).toMatchObject({ sent: ["a"], told: [told("a"), told("a")] });
  });

  it("sends one e-mail for a notice that is asked for twice in a batch", async () => {
    const { state, run } = world();
    const outcome = await run(due("a", "a"), due("a"));
    expect(outcome.acknowledged).toEqual([0, 1]);
    expect(state).toMatchObject({ sent: ["a"], told: [told("a")] });
  });

  it("leaves the order to ask again where its buyer's mailbox has had enough", async () => {
    const { state, run } = world();
    state.mailboxFull = true;
    expect((await run(due("a"))).acknowledged).toEqual([0]);
    expect(state).toMatchObject({ sent: [], told: [], marked: [] });
    state.mailboxFull = false;
    await run(due("a"));
    expect(state).toMatchObject({ sent: ["a"], told: [told("a")], marked: ["a"] });
  });

  it("sends while the record is away", async () => {
    const { state, run } = world();
    state.recordAway = true;
    const outcome = await run(due("a"));
    expect(outcome.acknowledged).toEqual([0]);
    expect(state).toMatchObject({ sent: ["a"], told: [told("a")] });
  });

  it("does not wait for a record that never answers", async () => {
    const { state, run } = world();
    state.recordHangs = true;
    const outcome = await run(due("a"));
    expect(outcome.acknowledged).toEqual([0]);
    expect(state).toMatchObject({ sent: ["a"], told: [told("a")] });
  });

  it("sends nothing that the order no longer wants sent", async () => {
    const { state, run } = world();
    state.obsolete.add("a");
    const outcome = await run(due("a", "b"));
    expect(outcome.acknowledged).toEqual([0]);
    expect(state).toMatchObject({ sent: ["b"], told: [told("b")] });
    expect(state.settlement.points).toContain("notices obsolete order_confirmed 1");
  });

  it("leaves a mail that is not taken now to the shard, which asks again; the others are sent, and no address is logged", async () => {
    const { state, run } = world();
    state.mailAway.add("a");
    const outcome = await run(due("a", "b"));
    expect(outcome.acknowledged).toEqual([0]);
    expect(state).toMatchObject({ sent: ["b"], told: [told("b")] });
    expect(state.settlement.points).toContain("notices failed order_confirmed 1");
    expect(state.settlement.lines.join()).not.toContain("ada@");
  });

  it("ends a notice that the mailer refuses for good: the shard hears so, and it is counted, not recorded as sent", async () => {
    const { state, run } = world();
    state.mailRefuses.add("a");
    const outcome = await run(due("a"));
    expect(outcome.acknowledged).toEqual([0]);
    expect(state).toMatchObject({ sent: [], told: [told("a", "refused")], marked: [] });
    expect(state.settlement.points).toContain("notices refused order_confirmed 1");
  });

  it("leaves the notices of a shard that cannot be reached to that shard, and tells the others", async () => {
    const { state, run } = world();
    state.unreachable = shardOf("a") ?? "";
    const outcome = await run(due("a", "b"));
    expect(outcome.acknowledged).toEqual([0]);
    expect(state).toMatchObject({ sent: ["b"], told: [told("b")] });
    expect(state.settlement.lines.join()).toContain("notices.shard_not_asked");
  });

  it("touches no shard for an id that is not one of ours", async () => {
    const { state, run } = world();
    const outcome = await run(due("foreign-1"));
    expect(outcome.acknowledged).toEqual([0]);
    expect(state.calls).toEqual([]);
    expect(state.settlement.lines.join()).toContain("notice.foreign_order");
  });
});
