/** The outcome of every command on a SKU's units, by example. */
import { beforeEach, describe, expect, it } from "vitest";
import { MemoryInventory } from "./memory-inventory.ts";
import * as rules from "./rules.ts";
import { applyDeltas, EMPTY_FIGURES, type Terms } from "./state.ts";

const T0 = 1_800_000_000_000;
const HOLD_MS = 1_800_000;
const TERMS: Terms = {
  version: 1,
  unitAmountMinor: 119_900,
  currency: "USD",
  purchaseLimit: null,
  opensAt: null,
};

let units: MemoryInventory;

function configure(overrides: Partial<Terms> = {}, quantity = 5) {
  const terms = { ...TERMS, ...overrides };
  return units.take(rules.configure(units, { terms, initialStock: { id: "initial", quantity } }));
}

function reserve(orderId: string, overrides: Partial<rules.Reserve> = {}, now = T0) {
  const command: rules.Reserve = {
    orderId,
    attempt: 1,
    fingerprint: `content of ${orderId}`,
    quantity: 1,
    buyer: `buyer of ${orderId}`,
    cart: null,
    network: null,
    askAt: now + rules.ASK_AFTER_MS,
    expiresAt: now + HOLD_MS,
    latestExpiresAt: now + 2 * HOLD_MS,
    ...overrides,
  };
  return units.take(rules.reserve(units, command, now));
}

const confirm = (orderId: string, now = T0, fingerprint = `content of ${orderId}`) =>
  units.take(rules.confirm(units, { orderId, fingerprint }, now));
const commit = (orderId: string, now = T0, payer: string | null = null) =>
  units.take(rules.commit(units, { orderId, fingerprint: `content of ${orderId}` }, payer, now));
const settle = (orderId: string, now = T0) => units.take(rules.settle(units, orderId, now));
const release = (orderId: string, attempt = 1) => units.take(rules.release(units, orderId, attempt));
const ask = (now: number) => units.take(rules.ask(units, now, 100, () => 0.5));
const answer = (orderId: string, said: rules.HoldAnswer, attempt = 1) =>
  units.take(rules.answered(units, { orderId, attempt, fingerprint: `content of ${orderId}` }, said));
const extend = (orderId: string, expiresAt: number, now = T0) =>
  units.take(rules.extend(units, { orderId, fingerprint: `content of ${orderId}`, expiresAt }, now));
const lapse = (now: number, limit = 100) => units.take(rules.releaseLapsed(units, now, limit));
const returnUnits = (id: string, orderId: string, quantity: number, now = T0) =>
  units.take(rules.returnUnits(units, { id, orderId, quantity }, now));
const adjust = (id: string, delta: number) =>
  units.take(rules.adjust(units, { id, delta, reason: "counted" }));
const counts = () => {
  const { available, held, sold } = units.figures;
  return { available, held, sold };
};

beforeEach(() => {
  units = new MemoryInventory();
});

describe("configure", () => {
  it("takes the terms and receives the initial stock once", () => {
    expect(configure()).toEqual({ ok: true, changed: true });
    expect(configure()).toEqual({ ok: true, changed: false });
    expect(units.figures).toMatchObject({ available: 5, received: 5, ledgerSequence: 1 });
  });

  it("takes newer terms over and ignores older ones", () => {
    configure({ version: 2, unitAmountMinor: 500 });
    configure({ version: 1, unitAmountMinor: 1 });
    expect(units.terms?.unitAmountMinor).toBe(500);
    configure({ version: 3, unitAmountMinor: 700 });
    expect(units.terms?.unitAmountMinor).toBe(700);
  });

  it("writes no ledger entry for an initial stock of nothing, and receives none later under the same id", () => {
    configure({}, 0);
    configure({ version: 2 }, 9);
    expect(units.figures).toEqual(EMPTY_FIGURES);
  });
});

describe("reserve", () => {
  it("refuses where the SKU was never configured", () => {
    expect(reserve("a")).toEqual({ ok: false, reason: "not_configured" });
  });

  it("sets units aside tentatively, with price and currency of the moment", () => {
    configure();
    expect(reserve("a", { quantity: 2 })).toEqual({
      ok: true,
      unitAmountMinor: 119_900,
      currency: "USD",
    });
    expect(counts()).toEqual({ available: 3, held: 2, sold: 0 });
    expect(units.hold("a")).toMatchObject({ state: "tentative", expiresAt: T0 + HOLD_MS });
  });

  it("gives the last unit to one order and tells the next what is left", () => {
    configure({}, 2);
    reserve("a");
    expect(reserve("b", { quantity: 2 })).toMatchObject({ ok: false, reason: "sold_out", available: 1 });
    expect(reserve("c").ok).toBe(true);
    expect(reserve("d")).toEqual({ ok: false, reason: "sold_out", available: 0 });
  });

  it("refuses before the opening time and sells from that very moment", () => {
    configure({ opensAt: T0 + 1 });
    expect(reserve("a", {}, T0)).toEqual({ ok: false, reason: "not_on_sale", opensAt: T0 + 1 });
    expect(reserve("a", {}, T0 + 1).ok).toBe(true);
  });

  it("lets a higher attempt adopt the tentative hold, with its own deadlines and no more units", () => {
    configure();
    reserve("a");
    expect(reserve("a", { attempt: 2 }, T0 + 30_000)).toMatchObject({ ok: true });
    expect(counts()).toEqual({ available: 4, held: 1, sold: 0 });
    expect(units.hold("a")).toMatchObject({
      attempt: 2,
      askAt: T0 + 30_000 + rules.ASK_AFTER_MS,
      expiresAt: T0 + 30_000 + HOLD_MS,
    });
  });

  it("refuses a lower attempt, and answers the same attempt as it did before", () => {
    configure();
    reserve("a", { attempt: 2 });
    expect(reserve("a", { attempt: 1 }, T0 + 1)).toEqual({ ok: false, reason: "superseded" });
    expect(reserve("a", { attempt: 2 }, T0 + 1)).toMatchObject({ ok: true });
    expect(units.hold("a")).toMatchObject({ attempt: 2, expiresAt: T0 + HOLD_MS });
  });

  it("lets a higher attempt with other content take the units of the older one over, in one step", () => {
    configure({}, 3);
    reserve("a", { quantity: 2 });
    expect(reserve("a", { attempt: 2, fingerprint: "other content", quantity: 3 })).toMatchObject({
      ok: true,
    });
    expect(counts()).toEqual({ available: 0, held: 3, sold: 0 });
    expect(units.ledger.slice(-2).map(({ kind }) => kind)).toEqual(["released", "held"]);
  });

  it("leaves the older attempt's hold where the higher one asks for more than there is", () => {
    configure({}, 2);
    reserve("a", { quantity: 2 });
    const more = { attempt: 2, fingerprint: "other content", quantity: 3 };
    expect(reserve("a", more)).toMatchObject({ ok: false, reason: "sold_out", available: 2 });
    expect(units.hold("a")).toMatchObject({ attempt: 1, quantity: 2 });
  });

  it("reserves anew where the hold has lapsed and was not freed yet: it is never adopted", () => {
    configure({}, 1);
    reserve("a");
    configure({ version: 2, unitAmountMinor: 1 });
    expect(reserve("a", { attempt: 2 }, T0 + HOLD_MS)).toMatchObject({ ok: true, unitAmountMinor: 1 });
    expect(units.ledger.slice(-2).map(({ kind }) => kind)).toEqual(["expired", "held"]);
    expect(counts()).toEqual({ available: 0, held: 1, sold: 0 });
  });

  it("refuses an attempt that is older than a hold may be", () => {
    configure();
    expect(reserve("a", { expiresAt: T0 })).toEqual({ ok: false, reason: "lapsed" });
  });

  it("keeps the price of the first hold when the catalog's price changes before the retry", () => {
    configure();
    reserve("a");
    configure({ version: 2, unitAmountMinor: 1 });
    expect(reserve("a", { attempt: 2 })).toMatchObject({ unitAmountMinor: 119_900 });
  });

  it("refuses other content under the id of an order that has its units, whatever the attempt", () => {
    configure();
    reserve("a");
    const other = { fingerprint: "other content", attempt: 2 };
    confirm("a");
    expect(reserve("a", other)).toEqual({ ok: false, reason: "fingerprint_mismatch" });
    commit("a");
    expect(reserve("a", other)).toEqual({ ok: false, reason: "fingerprint_mismatch" });
    expect(counts()).toEqual({ available: 4, held: 0, sold: 1 });
  });

  it("knows an order that has its units, also after it took the last one", () => {
    configure({}, 1);
    reserve("a");
    confirm("a");
    expect(reserve("a")).toMatchObject({ ok: true });
    commit("a");
    expect(reserve("a")).toMatchObject({ ok: true });
  });

  it("knows an order of which some units were returned", () => {
    configure();
    reserve("a", { quantity: 2 });
    confirm("a");
    commit("a");
    returnUnits("return-1", "a", 1);
    expect(reserve("a", { quantity: 2 })).toMatchObject({ ok: true });
    expect(counts()).toEqual({ available: 4, held: 0, sold: 1 });
  });
});

describe("confirm", () => {
  it("makes the hold the order's own, with the deadlines it has, and repeats are harmless", () => {
    configure();
    reserve("a");
    expect(confirm("a")).toEqual({ ok: true });
    expect(confirm("a")).toEqual({ ok: true });
    expect(units.hold("a")).toMatchObject({ state: "confirmed", expiresAt: T0 + HOLD_MS });
    expect(counts()).toEqual({ available: 4, held: 1, sold: 0 });
  });

  it("refuses a hold that is not there", () => {
    configure();
    expect(confirm("a")).toEqual({ ok: false, reason: "lapsed" });
  });

  it("refuses a hold past its deadline even where it was not freed yet", () => {
    configure();
    reserve("a");
    expect(confirm("a", T0 + HOLD_MS)).toEqual({ ok: false, reason: "lapsed" });
    expect(confirm("a", T0 + HOLD_MS - 1)).toEqual({ ok: true });
  });

  it("that comes late leaves the deadline as an extension left it", () => {
    configure();
    reserve("a");
    extend("a", T0 + HOLD_MS + 5);
    expect(confirm("a")).toEqual({ ok: true });
    expect(units.hold("a")).toMatchObject({ state: "confirmed", expiresAt: T0 + HOLD_MS + 5 });
  });

  it("refuses a hold of other content", () => {
    configure();
    reserve("a");
    expect(confirm("a", T0, "other content")).toEqual({ ok: false, reason: "lapsed" });
    expect(units.hold("a")).toMatchObject({ state: "tentative" });
  });
});

describe("extend", () => {
  it("moves the deadline out, never in, and never beyond the cap", () => {
    configure();
    reserve("a");
    confirm("a");
    expect(extend("a", T0 + HOLD_MS + 5)).toEqual({ ok: true, expiresAt: T0 + HOLD_MS + 5 });
    expect(extend("a", T0)).toEqual({ ok: true, expiresAt: T0 + HOLD_MS + 5 });
    expect(extend("a", T0 + 9 * HOLD_MS)).toEqual({ ok: true, expiresAt: T0 + 2 * HOLD_MS });
  });

  it("works on a tentative hold and confirms it: only an order extends", () => {
    configure();
    reserve("a");
    expect(extend("a", T0 + HOLD_MS)).toEqual({ ok: true, expiresAt: T0 + HOLD_MS });
    expect(units.hold("a")).toMatchObject({ state: "confirmed" });
  });

  it("refuses what is lapsed or gone, and leaves sold units as they are", () => {
    configure();
    expect(extend("a", T0 + 1)).toEqual({ ok: false, reason: "lapsed" });
    reserve("a");
    confirm("a");
    expect(extend("a", T0 + 2 * HOLD_MS, T0 + HOLD_MS)).toEqual({ ok: false, reason: "lapsed" });
    commit("a");
    expect(extend("a", T0 + 9 * HOLD_MS)).toEqual({ ok: true, expiresAt: T0 + HOLD_MS });
  });
});

describe("commit", () => {
  it("sells the held units once", () => {
    configure();
    reserve("a", { quantity: 3 });
    confirm("a");
    expect(commit("a")).toEqual({ ok: true });
    expect(commit("a")).toEqual({ ok: true });
    expect(counts()).toEqual({ available: 2, held: 0, sold: 3 });
  });

  it("sells a tentative hold too: its confirmation may still be on its way", () => {
    configure();
    reserve("a");
    expect(commit("a")).toEqual({ ok: true });
    expect(confirm("a")).toEqual({ ok: true });
    expect(counts()).toEqual({ available: 4, held: 0, sold: 1 });
  });

  it("refuses what is gone or past its deadline", () => {
    configure();
    expect(commit("a")).toEqual({ ok: false, reason: "lapsed" });
    reserve("a");
    confirm("a");
    expect(commit("a", T0 + HOLD_MS)).toEqual({ ok: false, reason: "lapsed" });
    expect(commit("a", T0 + HOLD_MS - 1)).toEqual({ ok: true });
  });

  it("sells no hold of other content under the same id", () => {
    configure();
    reserve("a", { fingerprint: "other content" });
    expect(commit("a")).toEqual({ ok: false, reason: "lapsed" });
    expect(confirm("a")).toEqual({ ok: false, reason: "lapsed" });
    expect(extend("a", T0 + HOLD_MS)).toEqual({ ok: false, reason: "lapsed" });
  });

  it("keeps sold units sold, however late it is", () => {
    configure();
    reserve("a");
    confirm("a");
    commit("a");
    expect(lapse(T0 + 100 * HOLD_MS)).toEqual([]);
    expect(commit("a", T0 + 100 * HOLD_MS)).toEqual({ ok: true });
    expect(counts()).toEqual({ available: 4, held: 0, sold: 1 });
  });
});

describe("release", () => {
  it("frees a tentative hold for its own attempt and no other", () => {
    configure();
    reserve("a");
    reserve("a", { attempt: 2 });
    expect(release("a", 1)).toEqual({ ok: true, released: false });
    expect(release("a", 2)).toEqual({ ok: true, released: true });
    expect(release("a", 2)).toEqual({ ok: true, released: false });
    expect(counts()).toEqual({ available: 5, held: 0, sold: 0 });
  });

  it("leaves a confirmed hold to its order", () => {
    configure();
    reserve("a");
    confirm("a");
    expect(release("a")).toEqual({ ok: true, released: false });
    expect(counts()).toEqual({ available: 4, held: 1, sold: 0 });
  });
});

describe("settle", () => {
  it("frees a hold, takes back sold units, and does either once", () => {
    configure();
    reserve("a", { quantity: 2 });
    confirm("a");
    reserve("b");
    confirm("b");
    commit("b");
    expect(settle("a")).toEqual({ ok: true, freed: 2 });
    expect(settle("b")).toEqual({ ok: true, freed: 1 });
    expect(settle("a")).toEqual({ ok: true, freed: 0 });
    expect(counts()).toEqual({ available: 5, held: 0, sold: 0 });
    expect(units.ledger.slice(-2).map(({ kind }) => kind)).toEqual(["settled", "taken_back"]);
  });

  it("leaves a tombstone that refuses every late command for a day", () => {
    configure();
    reserve("a");
    confirm("a");
    settle("a");
    const late = T0 + rules.TOMBSTONE_MS - 1;
    expect(reserve("a", {}, late)).toEqual({ ok: false, reason: "settled" });
    expect(confirm("a", late)).toEqual({ ok: false, reason: "lapsed" });
    expect(extend("a", late + 1, late)).toEqual({ ok: false, reason: "lapsed" });
    expect(commit("a", late)).toEqual({ ok: false, reason: "lapsed" });
    expect(release("a")).toEqual({ ok: true, released: false });
    expect(reserve("a", {}, late + 1).ok).toBe(true);
  });

  it("comes before a late reserve too: the order that never held gets nothing any more", () => {
    configure();
    settle("a");
    expect(reserve("a")).toEqual({ ok: false, reason: "settled" });
  });
});

describe("a tentative hold", () => {
  it("asks about its order a minute after its attempt began, then later each time, and not once it is confirmed", () => {
    configure();
    reserve("a");
    reserve("b");
    confirm("b");
    expect(ask(T0 + rules.ASK_AFTER_MS - 1)).toEqual([]);
    const question = { orderId: "a", attempt: 1, fingerprint: "content of a" };
    expect(ask(T0 + rules.ASK_AFTER_MS)).toEqual([question]);
    expect(ask(T0 + rules.ASK_AFTER_MS)).toEqual([]);
    const first = (units.hold("a")?.askAt ?? 0) - T0 - rules.ASK_AFTER_MS;
    expect(ask(T0 + rules.ASK_AFTER_MS + first)).toEqual([question]);
    expect((units.hold("a")?.askAt ?? 0) - T0 - rules.ASK_AFTER_MS - first).toBeGreaterThan(first);
  });

  it("is confirmed where there is an order, and freed where there is none", () => {
    configure();
    reserve("a");
    reserve("b");
    answer("a", "open");
    answer("b", "unknown");
    expect(units.hold("a")).toMatchObject({ state: "confirmed" });
    expect(units.hold("b")).toBeNull();
    expect(counts()).toEqual({ available: 4, held: 1, sold: 0 });
  });

  it("stays as it is while an attempt is in flight", () => {
    configure();
    reserve("a");
    answer("a", "in_flight");
    expect(units.hold("a")).toMatchObject({ state: "tentative" });
  });

  it("is not freed by an answer about an earlier attempt, nor once its order has it", () => {
    configure();
    reserve("a");
    reserve("a", { attempt: 2 });
    answer("a", "unknown", 1);
    expect(units.hold("a")).toMatchObject({ state: "tentative", attempt: 2 });
    confirm("a");
    answer("a", "unknown", 2);
    expect(units.hold("a")).toMatchObject({ state: "confirmed" });
    commit("a");
    answer("a", "unknown", 2);
    answer("a", "open", 2);
    expect(units.hold("a")).toMatchObject({ state: "committed" });
  });
});

describe("unpaid units of a network", () => {
  const network = { key: "campus", unpaidUnits: 3 };

  it("are bounded, whoever orders, until they are paid for or given back", () => {
    configure({}, 9);
    reserve("a", { network, quantity: 2 });
    const refused = reserve("b", { network, quantity: 2 });
    expect(refused).toEqual({ ok: false, reason: "too_many_unpaid", available: 1, orderIds: [] });
    expect(reserve("c", { network: { key: "elsewhere", unpaidUnits: 3 }, quantity: 2 }).ok).toBe(true);
    commit("a");
    expect(reserve("b", { network, quantity: 2 }).ok).toBe(true);
    settle("b");
    expect(reserve("d", { network, quantity: 3 }).ok).toBe(true);
  });

  it("may be more where the shopper proved to be a person", () => {
    configure({}, 9);
    reserve("a", { network, quantity: 3 });
    expect(reserve("b", { network, quantity: 2 }).ok).toBe(false);
    expect(reserve("b", { network: { ...network, unpaidUnits: 15 }, quantity: 2 }).ok).toBe(true);
  });

  it("name the caller's own open orders, and nobody else's", () => {
    configure({}, 9);
    reserve("mine", { network, quantity: 2, buyer: "ada", cart: "my cart" });
    reserve("another's", { network, quantity: 1, buyer: "ada", cart: "another cart" });
    const refused = reserve("next", { network, buyer: "ada", cart: "my cart" });
    expect(refused).toMatchObject({ reason: "too_many_unpaid", available: 0, orderIds: ["mine"] });
  });

  it("do not count the order's own earlier attempt", () => {
    configure({}, 9);
    reserve("a", { network, quantity: 3 });
    expect(reserve("a", { network, quantity: 2, attempt: 2, fingerprint: "other" }).ok).toBe(true);
  });
});

describe("lapsing", () => {
  it("frees tentative and confirmed holds at their deadline, oldest first and no more than asked", () => {
    configure();
    reserve("a", { expiresAt: T0 + 2_000 });
    reserve("b", { expiresAt: T0 + 1_000 });
    reserve("c");
    confirm("c");
    expect(lapse(T0 + 999)).toEqual([]);
    expect(lapse(T0 + 2_000, 1).map(({ orderId }) => orderId)).toEqual(["b"]);
    expect(lapse(T0 + HOLD_MS).map(({ orderId }) => orderId)).toEqual(["a", "c"]);
    expect(counts()).toEqual({ available: 5, held: 0, sold: 0 });
  });

  it("means lost: nothing that lapsed is taken again by a late command", () => {
    configure({}, 1);
    reserve("a");
    confirm("a");
    lapse(T0 + HOLD_MS);
    expect(commit("a")).toEqual({ ok: false, reason: "lapsed" });
    reserve("b", {}, T0 + HOLD_MS);
    expect(confirm("a")).toEqual({ ok: false, reason: "lapsed" });
    expect(settle("a")).toEqual({ ok: true, freed: 0 });
    expect(counts()).toEqual({ available: 0, held: 1, sold: 0 });
  });
});

describe("adjust", () => {
  it("changes the stock by a delta, once by its id", () => {
    configure();
    expect(adjust("found-2", 2)).toEqual({ ok: true, repeated: false });
    expect(adjust("found-2", 2)).toEqual({ ok: true, repeated: true });
    expect(adjust("found-2", 3)).toEqual({ ok: false, reason: "id_reused" });
    expect(units.figures).toMatchObject({ available: 7, received: 5, adjusted: 2 });
  });

  it("refuses to go below what is held and sold, and the refused id may be used again", () => {
    configure();
    reserve("a", { quantity: 4 });
    expect(adjust("lost-2", -2)).toEqual({ ok: false, reason: "below_committed", available: 1 });
    expect(adjust("lost-2", -1)).toEqual({ ok: true, repeated: false });
    expect(counts()).toEqual({ available: 0, held: 4, sold: 0 });
  });

  it("refuses a SKU that was never configured", () => {
    expect(adjust("found-2", 2)).toEqual({ ok: false, reason: "not_configured" });
  });
});

describe("return", () => {
  beforeEach(() => {
    configure();
    reserve("a", { quantity: 3 });
    confirm("a");
  });

  it("puts sold units back, in parts, each part once by its id", () => {
    commit("a");
    expect(returnUnits("r1", "a", 1)).toEqual({ ok: true, repeated: false });
    expect(returnUnits("r1", "a", 1)).toEqual({ ok: true, repeated: true });
    expect(returnUnits("r1", "a", 2)).toEqual({ ok: false, reason: "id_reused" });
    expect(returnUnits("r2", "a", 2)).toEqual({ ok: true, repeated: false });
    expect(returnUnits("r3", "a", 1)).toEqual({ ok: false, reason: "not_sold" });
    expect(counts()).toEqual({ available: 5, held: 0, sold: 0 });
  });

  it("refuses units that are held, not sold, and more than were sold", () => {
    expect(returnUnits("r1", "a", 1)).toEqual({ ok: false, reason: "not_sold" });
    commit("a");
    expect(returnUnits("r1", "a", 4)).toEqual({ ok: false, reason: "not_sold" });
    expect(returnUnits("r1", "b", 1)).toEqual({ ok: false, reason: "not_sold" });
    expect(counts()).toEqual({ available: 2, held: 0, sold: 3 });
  });

  it("of everything leaves a tombstone: a late retry of the request takes no units again", () => {
    commit("a");
    returnUnits("r1", "a", 3);
    expect(reserve("a", { quantity: 3 })).toEqual({ ok: false, reason: "settled" });
    expect(counts()).toEqual({ available: 5, held: 0, sold: 0 });
  });
});

describe("the figures", () => {
  it.each([{ available: 1 }, { held: -1, available: 1 }, { received: 1 }, { available: -1, adjusted: -1 }])(
    "refuse an entry that breaks conservation: %o",
    (deltas) => {
      expect(() => applyDeltas(EMPTY_FIGURES, deltas)).toThrow("units not conserved");
    },
  );
});
