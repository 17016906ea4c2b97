import { describe, expect, it } from "vitest";
import { createTelemetry } from "../../adapters/telemetry/telemetry.ts";
import {
  NotificationMessage,
  PaymentMessage,
  SkuUpkeepMessage,
  type StripeEventReceived,
} from "../../contracts/messages.ts";
import type { IndexEntry } from "../../adapters/catalog/content.ts";
import type { Intent } from "../../domain/order/payment-operation.ts";
import { DAILY, EVERY_MINUTE, EVERY_TEN_MINUTES, runScheduled } from "./index.ts";
import { slotOf } from "./send-upkeep.ts";

function intent(index: number, orderId: string | null = `order-${index}`): Intent {
  return {
    id: `pi_${index}`,
    amountMinor: 100,
    currency: "USD",
    status: "requires_capture",
    capturedMinor: 0,
    lastError: null,
    orderId,
    operationId: null,
  };
}

/** The minute that the cron was due. */
const AT = Date.UTC(2026, 10, 22, 12, 0);
const MINUTE_MS = 60_000;

/** A catalog of products with three SKUs each. */
function list(count: number): IndexEntry[] {
  return Array.from({ length: count }, (_, position) => ({
    slug: `product-${String(position)}`,
    name: "",
    category: "phones",
    position,
    revision: 1,
    linkRevision: 1,
    opensAt: null,
    modifiedAt: 0,
    skus: [1, 2, 3].map((n) => `P${String(position)}-${String(n)}`),
  }));
}

function world() {
  const sent: unknown[][] = [];
  const looked: number[] = [];
  const announced: unknown[] = [];
  const lines: string[] = [];
  const upkeep: SkuUpkeepMessage[][] = [];
  const state = {
    sent,
    looked,
    lines,
    upkeep,
    list: list(10),
    unconfigured: [] as { slug: string; skuCount: number }[],
    /** SKUs that hold units; null: Postgres is away. */
    holding: [] as string[] | null,
    uncaptured: [intent(1)],
    catalogAway: false,
    announced,
    forgotten: 0,
    pruned: 0,
    reconciled: [] as string[],
    erasures: 0,
    waitingIsAway: false,
    undelivered: [] as StripeEventReceived[],
    received: new Set<string>() as Set<string> | null,
  };
  const deps = {
    index: () =>
      state.catalogAway ? Promise.reject(new Error("no catalog")) : Promise.resolve({ list: state.list }),
    takeUnconfigured: () => Promise.resolve(state.unconfigured),
    listHolding: (slot: number, slots: number) =>
      state.holding === null
        ? Promise.reject(new Error("Postgres is away"))
        : Promise.resolve(state.holding.filter((sku) => slotOf(sku, slots) === slot)),
    sendUpkeep: (messages: SkuUpkeepMessage[]) => {
      upkeep.push(messages);
      return Promise.resolve();
    },
    listUncaptured: (limit: number) => {
      looked.push(limit);
      return Promise.resolve(state.uncaptured);
    },
    listUndelivered: () => Promise.resolve(state.undelivered),
    receivedBefore: () =>
      state.received === null
        ? Promise.reject(new TypeError("fetch failed"))
        : Promise.resolve(state.received),
    sendPayments: (messages: unknown[]) => {
      sent.push(messages);
      return Promise.resolve();
    },
    listDueStock: () =>
      state.waitingIsAway
        ? Promise.reject(new TypeError("fetch failed"))
        : Promise.resolve([{ kind: "restock" as const, subject: "SKU-A" }]),
    sendNotifications: (messages: unknown[]) => {
      announced.push(...messages);
      return Promise.resolve();
    },
    erasePersons: () => {
      state.erasures += 1;
      return Promise.resolve(0);
    },
    reconcileChanged: () => {
      state.reconciled.push("since");
      return Promise.resolve(1);
    },
    reconcileAll: () => {
      state.reconciled.push("full");
      return Promise.resolve(1);
    },
    pruneOperations: () => {
      state.pruned += 1;
      return Promise.resolve(1);
    },
    forgetStockNotices: () => {
      state.forgotten += 1;
      return Promise.resolve(1);
    },
    forgetInvoices: () => Promise.resolve(0),
    clock: () => 1_000,
    telemetry: createTelemetry({ metrics: null, write: (_level, line) => lines.push(line) }),
  };
  return { state, deps };
}

/** The messages of some minutes in a row, each as the consumer reads it. */
async function upkeepOf(world: World, minutes: number): Promise<SkuUpkeepMessage[]> {
  for (let minute = 0; minute < minutes; minute += 1)
    await runScheduled(EVERY_MINUTE, AT + minute * MINUTE_MS, world.deps);
  return world.state.upkeep.flat().map((message) => SkuUpkeepMessage.parse(message));
}
type World = ReturnType<typeof world>;

const inTurn = (messages: readonly SkuUpkeepMessage[]): string[][] =>
  messages.flatMap((message) => (message.type === "skus.in_turn" ? [message.products] : []));
const toCheck = (messages: readonly SkuUpkeepMessage[]): string[][] =>
  messages.flatMap((message) => (message.type === "holds.to_check" ? [message.skus] : []));
const changed = (messages: readonly SkuUpkeepMessage[]): string[][] =>
  messages.flatMap((message) => (message.type === "terms.changed" ? [message.products] : []));

describe("the upkeep of ten thousand products", () => {
  const LIST = list(10_000);

  it("gives every product its turn once an hour, a few hundred SKUs a minute, fifty in a message", async () => {
    const each = world();
    each.state.list = LIST;
    const messages = await upkeepOf(each, 60);
    const turns = inTurn(messages);
    expect(turns.flat().toSorted()).toEqual(LIST.map(({ slug }) => slug).toSorted());
    expect(Math.max(...turns.map(({ length }) => length * 3))).toBeLessThanOrEqual(50);
    const perMinute = Array.from(
      { length: 60 },
      (_, minute) => LIST.filter(({ slug }) => slotOf(slug, 60) === minute).length,
    );
    expect(Math.max(...perMinute)).toBeLessThan(300);
  });

  it("checks every SKU that holds units within five minutes, and no other", async () => {
    const each = world();
    each.state.holding = LIST.slice(0, 500).flatMap(({ skus }) => skus[0] ?? []);
    const checked = toCheck(await upkeepOf(each, 5));
    expect(checked.flat().toSorted()).toEqual(each.state.holding.toSorted());
    expect(Math.max(...checked.map(({ length }) => length))).toBeLessThanOrEqual(50);
  });

  it("checks every SKU within five minutes while Postgres is away, as any of them may hold units", async () => {
    const each = world();
    each.state.list = LIST;
    each.state.holding = null;
    const checked = toCheck(await upkeepOf(each, 5));
    expect(checked.flat().toSorted()).toEqual(LIST.flatMap(({ skus }) => skus).toSorted());
    expect(each.state.lines.join()).toContain("upkeep.holders_unknown");
  });

  it("sends changed terms in the minute they are met, all ten thousand, a hundred messages at a time", async () => {
    const each = world();
    each.state.unconfigured = LIST.map(({ slug }) => ({ slug, skuCount: 3 }));
    const sent = changed(await upkeepOf(each, 1));
    expect(sent.flat()).toHaveLength(10_000);
    expect(Math.max(...sent.map(({ length }) => length))).toBe(16);
    expect(Math.max(...each.state.upkeep.map(({ length }) => length))).toBe(100);
  });

  it("sends a product of more SKUs than a message takes by itself, and one without any with others", async () => {
    const each = world();
    each.state.unconfigured = [
      { slug: "a", skuCount: 0 },
      { slug: "b", skuCount: 49 },
      { slug: "large", skuCount: 80 },
      { slug: "c", skuCount: 1 },
    ];
    expect(changed(await upkeepOf(each, 1))).toEqual([["a", "b"], ["large"], ["c"]]);
  });
});

describe("every minute", () => {
  it("hands uncaptured intents to their orders as messages the consumer reads", async () => {
    const { state, deps } = world();
    state.uncaptured = [...Array.from({ length: 150 }, (_, index) => intent(index)), intent(999, null)];
    await runScheduled(EVERY_MINUTE, AT, deps);
    expect(state.sent.map((messages) => messages.length)).toEqual([100, 50]);
    expect(state.sent.flat().every((message) => PaymentMessage.safeParse(message).success)).toBe(true);
  });

  it("still looks for uncaptured intents when there is no catalog, and says what failed", async () => {
    const { state, deps } = world();
    state.catalogAway = true;
    await runScheduled(EVERY_MINUTE, AT, deps);
    expect(state.sent).toHaveLength(1);
    expect(state.lines.join()).toContain("job.failed");
  });
});

describe("events that Stripe could not deliver", () => {
  const NOW = 1_000;
  const event = (eventId: string, createdAt: number): StripeEventReceived => ({
    v: 1,
    type: "stripe.event",
    eventId,
    eventType: "refund.failed",
    createdAt,
    orderId: null,
    intent: null,
    aboutIntentId: "pi_1",
  });
  const taken = (state: World["state"]) =>
    state.sent
      .flat()
      .map((message) => PaymentMessage.parse(message))
      .flatMap((message) => (message.type === "stripe.event" ? [message.eventId] : []))
      .filter((eventId) => eventId.startsWith("evt_"));

  it("are handed on, but those that came by another way and those that are on their way", async () => {
    const { state, deps } = world();
    state.undelivered = [event("evt_1", NOW - 60_000), event("evt_2", NOW - 60_000), event("evt_3", NOW)];
    state.received?.add("evt_2");
    await runScheduled(EVERY_MINUTE, AT, deps);
    expect(taken(state)).toEqual(["evt_1"]);
  });

  it("are all handed on while Postgres cannot say which have come", async () => {
    const { state, deps } = world();
    state.undelivered = [event("evt_1", NOW - 60_000)];
    state.received = null;
    await runScheduled(EVERY_MINUTE, AT, deps);
    expect(taken(state)).toEqual(["evt_1"]);
  });
});

describe("those who wait for stock", () => {
  it("are told of by messages that the consumer reads", async () => {
    const { state, deps } = world();
    await runScheduled(EVERY_MINUTE, AT, deps);
    expect(state.announced.map((message) => NotificationMessage.parse(message))).toEqual([
      { v: 1, type: "stock_notices.due", kind: "restock", subject: "SKU-A" },
    ]);
  });

  it("wait for Postgres where it is away, and hold up nothing else", async () => {
    const { state, deps } = world();
    state.waitingIsAway = true;
    await runScheduled(EVERY_MINUTE, AT, deps);
    expect(state.announced).toEqual([]);
    expect(state.sent).toHaveLength(1);
  });

  it("are forgotten once a day, where it is over", async () => {
    const { state, deps } = world();
    await runScheduled(EVERY_MINUTE, AT, deps);
    expect(state.forgotten).toBe(0);
    await runScheduled(DAILY, AT, deps);
    expect(state.forgotten).toBe(1);
  });
});

describe("persons whose account was removed", () => {
  it("leave their orders every minute, whatever else fails", async () => {
    const { state, deps } = world();
    state.catalogAway = true;
    await runScheduled(EVERY_MINUTE, AT, deps);
    expect(state.erasures).toBe(1);
  });
});

describe("other crons", () => {
  it("say nothing where all went well", async () => {
    const { state, deps } = world();
    await runScheduled(EVERY_MINUTE, AT, deps);
    expect(state.lines).toEqual([]);
  });

  it("compare what changed every ten minutes and everything once a day", async () => {
    const { state, deps } = world();
    await runScheduled(EVERY_MINUTE, AT, deps);
    await runScheduled(EVERY_TEN_MINUTES, AT, deps);
    await runScheduled(DAILY, AT, deps);
    expect(state.reconciled).toEqual(["since", "full"]);
  });

  it("prune records of operations every ten minutes", async () => {
    const { state, deps } = world();
    await runScheduled(EVERY_MINUTE, AT, deps);
    expect(state.pruned).toBe(0);
    await runScheduled(EVERY_TEN_MINUTES, AT, deps);
    expect(state.pruned).toBe(1);
  });

  it("look further back once a day", async () => {
    const { state, deps } = world();
    await runScheduled(EVERY_MINUTE, AT, deps);
    await runScheduled(DAILY, AT, deps);
    expect(state.looked[1]).toBeGreaterThan(state.looked[0] ?? 0);
  });

  it("refuse an expression nobody knows", async () => {
    await expect(runScheduled("0 0 1 1 *", AT, world().deps)).rejects.toThrow("no scheduled work");
  });
});
