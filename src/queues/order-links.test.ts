import { describe, expect, it } from "vitest";
import type { OrderAddress } from "../adapters/postgres/order-claims.ts";
import { MESSAGE_VERSION } from "../contracts/messages.ts";
import { consume, recordSettlement } from "./consumer-test-fixture.ts";
import { consumeNotifications } from "./notifications-consumer.ts";

const due = { v: MESSAGE_VERSION, type: "order_link.due", ending: "abcd1234", addressKey: "key of ada" };
const ADAS: OrderAddress = { orderId: "ada-abcd1234", email: "ada" };
const EVES: OrderAddress = { orderId: "eve-abcd1234", email: "eve" };

function world(orders: readonly OrderAddress[] = [ADAS, EVES]) {
  const settlement = recordSettlement();
  const state = {
    settlement,
    sent: [] as OrderAddress[],
    postgresAway: false,
    mailAway: false,
    mailRefuses: false,
  };
  const unexpected = () => Promise.reject(new Error("only links were asked for"));
  const deps = {
    ...settlement,
    shardOf: () => null,
    shard: () => ({ noticeContents: unexpected, noticesSent: unexpected }),
    sentBefore: unexpected,
    markSent: unexpected,
    send: unexpected,
    stockNotices: {
      thing: unexpected,
      claim: unexpected,
      markSent: unexpected,
      postpone: unexpected,
      send: unexpected,
      goOn: unexpected,
    },
    orderLinks: {
      ordersOf: () =>
        state.postgresAway ? Promise.reject(new TypeError("fetch failed")) : Promise.resolve(orders),
      keyOf: (email: string) => `key of ${email}`,
      send: (order: OrderAddress) => {
        if (state.mailAway) return Promise.reject(new Error("mail is away"));
        if (state.mailRefuses) return Promise.resolve("refused" as const);
        state.sent.push(order);
        return Promise.resolve("sent" as const);
      },
    },
  };
  const run = () => consume("notifications", [{ body: due }], (batch) => consumeNotifications(batch, deps));
  return { state, run };
}

describe("the way to an order, asked for by number and address", () => {
  it("goes to the order's own address, and not to another's order of the same number", async () => {
    const { state, run } = world();
    expect((await run()).acknowledged).toEqual([0]);
    expect(state.sent).toEqual([ADAS]);
  });

  it("is sent to nobody where number and address do not belong together", async () => {
    const { state, run } = world([EVES]);
    expect((await run()).acknowledged).toEqual([0]);
    expect(state.sent).toEqual([]);
    expect(state.settlement.points).toContain("notices obsolete order_link 1");
  });

  it("is tried again while Postgres or the mail is away, and says nobody's address meanwhile", async () => {
    const { state, run } = world();
    state.postgresAway = true;
    expect(Object.keys((await run()).retried)).toEqual(["0"]);
    state.postgresAway = false;
    state.mailAway = true;
    expect(Object.keys((await run()).retried)).toEqual(["0"]);
    expect(state.settlement.lines.join()).not.toContain("ada");
    state.mailAway = false;
    await run();
    expect(state.sent).toEqual([ADAS]);
  });

  it("is not tried again where the mailer refuses it for good, which is counted", async () => {
    const { state, run } = world();
    state.mailRefuses = true;
    expect((await run()).acknowledged).toEqual([0]);
    expect(state.sent).toEqual([]);
    expect(state.settlement.points).toContain("notices refused order_link 1");
  });
});
