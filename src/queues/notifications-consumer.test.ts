import { describe, expect, it } from "vitest";
import { MESSAGE_VERSION } from "../contracts/messages.ts";
import { consume, orderChanged, recordSettlement } from "./consumer-test-fixture.ts";
import { consumeNotifications } from "./notifications-consumer.ts";
import type { Notice, NoticeContent } from "./notifications-consumer.ts";

const due = { v: MESSAGE_VERSION, type: "notice.due", orderId: "a", kind: "order_confirmed" };
const { snapshot, contact } = orderChanged("a");

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

function world() {
  const settlement = recordSettlement();
  const record = {
    ...snapshot,
    fingerprint: "f",
    lastPaymentError: null,
    refundedMinor: 0,
    intentId: "pi_1",
  };
  const state = {
    settlement,
    sent: 0,
    told: 0,
    marked: false,
    obsolete: false,
    recordAway: false,
    recordHangs: false,
    mailAway: false,
    mailboxFull: false,
  };
  const reachRecord = <T>(answer: () => T): Promise<T> => {
    if (state.recordHangs) return new Promise(() => undefined);
    if (state.recordAway) return Promise.reject(new TypeError("fetch failed"));
    return Promise.resolve(answer());
  };
  const deps = {
    ...settlement,
    order: () => ({
      noticeContent: (): Promise<NoticeContent | null> =>
        Promise.resolve(
          state.obsolete || contact === null
            ? null
            : { to: contact.email, record, shippingAddress: contact.shippingAddress },
        ),
      noticeSent: () => {
        state.told += 1;
        return Promise.resolve();
      },
    }),
    sentBefore: (notices: readonly Notice[]) => reachRecord(() => (state.marked ? notices : [])),
    markSent: () =>
      reachRecord(() => {
        state.marked = true;
      }),
    send: () => {
      if (state.mailAway) return Promise.reject(new Error("mail refused for ada@example.com"));
      if (state.mailboxFull) return Promise.resolve("over_limit" as const);
      state.sent += 1;
      return Promise.resolve("sent" as const);
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

describe("the notifications consumer", () => {
  it("sends the e-mail and tells the order", async () => {
    const { state, run } = world();
    const outcome = await run(due);
    expect(outcome.acknowledged).toEqual([0]);
    expect(state).toMatchObject({ sent: 1, told: 1, marked: true });
  });

  it("does not send again what the record says was sent, but tells the order again", async () => {
    const { state, run } = world();
    await run(due);
    const outcome = await run(due);
    expect(outcome.acknowledged).toEqual([0]);
    expect(state).toMatchObject({ sent: 1, told: 2 });
  });

  it("sends one e-mail for a notice that is asked for twice in a batch", async () => {
    const { state, run } = world();
    const outcome = await run(due, due);
    expect(outcome.acknowledged).toEqual([0, 1]);
    expect(state).toMatchObject({ sent: 1, told: 1 });
  });

  it("leaves the order to ask again where its buyer's mailbox has had enough", async () => {
    const { state, run } = world();
    state.mailboxFull = true;
    expect((await run(due)).acknowledged).toEqual([0]);
    expect(state).toMatchObject({ sent: 0, told: 0, marked: false });
    state.mailboxFull = false;
    await run(due);
    expect(state).toMatchObject({ sent: 1, told: 1, marked: true });
  });

  it("sends while the record is away", async () => {
    const { state, run } = world();
    state.recordAway = true;
    const outcome = await run(due);
    expect(outcome.acknowledged).toEqual([0]);
    expect(state).toMatchObject({ sent: 1, told: 1 });
  });

  it("does not wait for a record that never answers", async () => {
    const { state, run } = world();
    state.recordHangs = true;
    const outcome = await run(due);
    expect(outcome.acknowledged).toEqual([0]);
    expect(state).toMatchObject({ sent: 1, told: 1 });
  });

  it("sends nothing that the order no longer wants sent", async () => {
    const { state, run } = world();
    state.obsolete = true;
    const outcome = await run(due);
    expect(outcome.acknowledged).toEqual([0]);
    expect(state).toMatchObject({ sent: 0, told: 0 });
  });

  it("retries when the mail is not taken, and tells no address to the log", async () => {
    const { state, run } = world();
    state.mailAway = true;
    const outcome = await run(due);
    expect(Object.keys(outcome.retried)).toEqual(["0"]);
    expect(state.told).toBe(0);
    expect(state.settlement.lines.join()).not.toContain("ada@");
  });
});
