/** Whose units count against whom: by account, by a guest's address and cart, by payment card. */
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { MemoryInventory } from "./memory-inventory.ts";
import * as rules from "./rules.ts";

const T0 = 1_800_000_000_000;
const HOLD_MS = 1_800_000;
const ADA: Partial<rules.Reserve> = { buyer: "ada@", cart: "ada's cart" };
/** A stranger who typed Ada's address. */
const STRANGER: Partial<rules.Reserve> = { buyer: "ada@", cart: "another cart" };
/** Ada signed in, in the browser with her cart. */
const ACCOUNT: Partial<rules.Reserve> = {
  buyer: "account of ada",
  cart: "ada's cart",
  account: { guest: "ada@", orders: [] },
};

let units: MemoryInventory;

function configure(purchaseLimit: number, quantity = 10, version = 1): void {
  const terms = { version, unitAmountMinor: 100, currency: "USD", purchaseLimit, opensAt: null };
  units.take(rules.configure(units, { terms, initialStock: { id: "initial", quantity } }));
}

function reserve(orderId: string, overrides: Partial<rules.Reserve>, now = T0): rules.ReserveOutcome {
  const command: rules.Reserve = {
    orderId,
    attempt: 1,
    fingerprint: orderId,
    quantity: 1,
    buyer: orderId,
    cart: null,
    network: null,
    askAt: T0 + rules.ASK_AFTER_MS,
    expiresAt: T0 + HOLD_MS,
    latestExpiresAt: T0 + HOLD_MS,
    ...overrides,
  };
  return units.take(rules.reserve(units, command, now));
}

const confirm = (orderId: string) => units.take(rules.confirm(units, { orderId, fingerprint: orderId }, T0));

const commit = (orderId: string, payer: string | null = null) =>
  units.take(rules.commit(units, { orderId, fingerprint: orderId }, payer, T0));
const settle = (orderId: string) => units.take(rules.settle(units, orderId, T0));
const returnUnits = (orderId: string) =>
  units.take(rules.returnUnits(units, { id: `return of ${orderId}`, orderId, quantity: 1 }, T0));

/** An order that has its unit, unpaid. */
function open(orderId: string, overrides: Partial<rules.Reserve>): void {
  expect(reserve(orderId, overrides)).toMatchObject({ ok: true });
  confirm(orderId);
}

/** An order whose unit is sold. */
function buy(orderId: string, overrides: Partial<rules.Reserve>, payer: string | null = null): void {
  open(orderId, overrides);
  expect(commit(orderId, payer)).toMatchObject({ ok: true });
}

const REFUSED = { ok: false, reason: "purchase_limit" };

beforeEach(() => {
  units = new MemoryInventory();
});

describe("a guest's limit", () => {
  it("counts what was sold to the address and what the same cart holds, and names the cart's open order", () => {
    configure(2);
    buy("sold", STRANGER);
    open("open", ADA);
    expect(reserve("more", ADA)).toEqual({ ...REFUSED, available: 0, orderId: "open", tentativeOnly: false });
  });

  it("is never used up by a stranger's unpaid order under the same address", () => {
    configure(1);
    open("stranger's", STRANGER);
    expect(reserve("hers", ADA)).toMatchObject({ ok: true });
    expect(reserve("without a cart", { buyer: "ada@" })).toMatchObject({ ok: true });
  });

  it("counts the orders of one address that come without a cart together, and names none of them", () => {
    configure(1);
    open("first", { buyer: "ada@" });
    expect(reserve("second", { buyer: "ada@" })).toMatchObject({ ...REFUSED, orderId: null });
  });

  it("is judged again when the units are sold: two carts of one address cannot both be paid for", () => {
    configure(1);
    open("one", ADA);
    open("other", STRANGER);
    expect(commit("one")).toMatchObject({ ok: true });
    expect(commit("other")).toEqual({ ok: false, reason: "purchase_limit" });
    settle("one");
    expect(commit("other")).toMatchObject({ ok: true });
  });

  it("says where only tentative holds are in the way, and names a confirmed order before a tentative one", () => {
    configure(2);
    reserve("tentative", ADA);
    expect(reserve("more", { ...ADA, quantity: 2 })).toMatchObject({ ...REFUSED, tentativeOnly: true });
    open("confirmed", ADA);
    expect(reserve("more", ADA)).toMatchObject({ orderId: "confirmed", tentativeOnly: true });
    confirm("tentative");
    expect(reserve("more", ADA)).toMatchObject({ tentativeOnly: false });
  });

  it("gives back what lapsed, was settled or returned", () => {
    configure(1);
    reserve("a", ADA);
    units.take(rules.releaseLapsed(units, T0 + HOLD_MS, 10));
    reserve("b", ADA);
    settle("b");
    buy("c", ADA);
    expect(reserve("d", ADA)).toMatchObject(REFUSED);
    returnUnits("c");
    expect(reserve("d", ADA)).toMatchObject({ ok: true });
  });
});

describe("an account's limit", () => {
  it("is not touched by orders under its address that are not its own, held or sold", () => {
    configure(1);
    open("a stranger's", { buyer: "ada@", cart: "a third cart" });
    buy("sold to a stranger", STRANGER);
    expect(reserve("hers", ACCOUNT)).toMatchObject({ ok: true });
  });

  it("counts the guest orders of its own cart under its address, and names the open one", () => {
    configure(1);
    open("as a guest", ADA);
    expect(reserve("signed in", ACCOUNT)).toMatchObject({ ...REFUSED, orderId: "as a guest" });
  });

  it("counts the guest orders this browser has the right to, whatever became of their cart", () => {
    configure(1);
    buy("as a guest", ADA);
    const elsewhere = { ...ACCOUNT, cart: "account's cart" };
    expect(reserve("unknown", elsewhere)).toMatchObject({ ok: true });
    settle("unknown");
    expect(
      reserve("known", { ...elsewhere, account: { guest: "ada@", orders: ["as a guest"] } }),
    ).toMatchObject(REFUSED);
  });

  it("counts the account's orders from every browser, and names the open one", () => {
    configure(1);
    open("on the phone", { ...ACCOUNT, cart: "cart on the phone" });
    expect(reserve("on the laptop", ACCOUNT)).toMatchObject({ ...REFUSED, orderId: "on the phone" });
  });

  it("is not a guest's of the same address", () => {
    configure(1);
    buy("signed in", ACCOUNT);
    expect(reserve("as a guest", { buyer: "ada@", cart: "fresh cart" })).toMatchObject({ ok: true });
  });

  it("counts no order of another person's address, though the browser has the right to it", () => {
    configure(1);
    buy("a gift's", { buyer: "bob@", cart: "ada's cart" });
    expect(reserve("hers", { ...ACCOUNT, account: { guest: "ada@", orders: ["a gift's"] } })).toMatchObject({
      ok: true,
    });
  });
});

describe("a card's limit", () => {
  it("is judged once the card is known, across accounts and addresses; the units then go back", () => {
    configure(1);
    buy("one", ADA, "card");
    open("other", { buyer: "bob@", cart: "bob's cart" });
    expect(commit("other")).toEqual({ ok: true, payerWanted: true });
    expect(commit("other", "card")).toEqual({ ok: false, reason: "purchase_limit" });
    settle("other");
    expect(units.figures).toMatchObject({ available: 9, held: 0, sold: 1 });
  });

  it("is judged in the step that sells, where the card is known by then", () => {
    configure(1);
    buy("one", ADA, "card");
    open("other", { buyer: "bob@", cart: "bob's cart" });
    expect(commit("other", "card")).toEqual({ ok: false, reason: "purchase_limit" });
    expect(units.figures).toMatchObject({ held: 1, sold: 1 });
    expect(commit("other", "another card")).toEqual({ ok: true });
  });

  it("lets a card pay for as many as one buyer may have", () => {
    configure(3);
    buy("one", ADA, "card");
    buy("two", { buyer: "bob@" }, "card");
    buy("three", { buyer: "eve@" }, "card");
    open("four", { buyer: "dan@" });
    expect(commit("four", "card")).toEqual({ ok: false, reason: "purchase_limit" });
  });

  it("is asked for where the units are limited and nowhere else; repeats change nothing", () => {
    configure(1);
    open("limited", ADA);
    expect(commit("limited")).toEqual({ ok: true, payerWanted: true });
    expect(commit("limited")).toEqual({ ok: true, payerWanted: true });
    expect(commit("limited", "card")).toEqual({ ok: true });
    const { ledger } = units;
    const length = ledger.length;
    expect(commit("limited", "card")).toEqual({ ok: true });
    expect(commit("limited")).toEqual({ ok: true });
    expect(ledger).toHaveLength(length);
  });

  it("gives back what was settled or returned", () => {
    configure(1);
    buy("one", ADA, "card");
    open("other", { buyer: "bob@" });
    returnUnits("one");
    expect(commit("other", "card")).toEqual({ ok: true });
  });
});

it("a limit lowered after the hold takes nothing from it", () => {
  configure(2);
  buy("one", ADA, "card");
  open("two", ADA);
  open("alone", { buyer: "bob@", quantity: 2 });
  configure(1, 10, 2);
  expect(commit("two", "card")).toEqual({ ok: true });
  expect(commit("alone", "bob's card")).toEqual({ ok: true });
});

// ------------------------------------------------------------------------------------------ under any interleaving

const LIMIT = 2;
/** Two people, each with an address, a cart, an account and a card; each can type the other's address. */
const PEOPLE = [0, 1] as const;

interface Purchase {
  readonly person: number;
  readonly address: number;
  readonly signedIn: boolean;
  readonly card: number;
  readonly quantity: number;
}

const person = fc.constantFrom(...PEOPLE);
const purchases = fc.array(
  fc.record({
    person,
    address: person,
    signedIn: fc.boolean(),
    card: person,
    quantity: fc.integer({ min: 1, max: 2 }),
  }),
  { minLength: 1, maxLength: 10 },
);
/** Mostly an order goes on; now and then it ends, or does again what it did. */
const steps = fc.array(
  fc.record({
    order: fc.nat({ max: 9 }),
    step: fc.constantFrom("advance", "advance", "advance", "advance", "again", "settle"),
  }),
  { maxLength: 80, size: "max" },
);
const STAGES = ["reserve", "confirm", "commit", "judge"] as const;

function commandOf({ person: who, address, signedIn, quantity }: Purchase, owned: readonly string[]) {
  const account = { buyer: `account-${who}`, account: { guest: `address-${who}`, orders: owned } };
  return { quantity, cart: `cart-${who}`, ...(signedIn ? account : { buyer: `address-${address}` }) };
}

const soldTo = (matches: (hold: { buyer: string; payer: string | null }) => boolean) =>
  units.holds
    .filter((hold) => hold.state === "committed" && matches(hold))
    .reduce((sum, { quantity }) => sum + quantity, 0);

it("nobody is sold more than the limit, by account, by address or by card", () => {
  fc.assert(
    fc.property(purchases, steps, (plan, sequence) => {
      units = new MemoryInventory();
      configure(LIMIT, 40);
      const stages = new Map<string, number>();
      for (const { order, step } of sequence) {
        const purchase = plan[order % plan.length];
        if (purchase === undefined) continue;
        const id = `order-${order % plan.length}`;
        const stage = (stages.get(id) ?? 0) - (step === "again" ? 1 : 0);
        if (step === "advance") stages.set(id, stage + 1);
        if (step === "settle") settle(id);
        else if (STAGES[stage] === "reserve") reserve(id, commandOf(purchase, []));
        else if (STAGES[stage] === "confirm") confirm(id);
        else if (STAGES[stage] === "commit") commit(id);
        else if (!commit(id, `card-${purchase.card}`).ok) settle(id);
        for (const who of PEOPLE) {
          expect(soldTo(({ buyer }) => buyer === `account-${who}`)).toBeLessThanOrEqual(LIMIT);
          expect(soldTo(({ buyer }) => buyer === `address-${who}`)).toBeLessThanOrEqual(LIMIT);
          expect(soldTo(({ payer }) => payer === `card-${who}`)).toBeLessThanOrEqual(LIMIT);
        }
      }
    }),
    { seed: 20_261_122, numRuns: 300 },
  );
});

it("nobody who is signed in is refused for anything but their own orders, whatever others do under their address", () => {
  fc.assert(
    fc.property(purchases, fc.infiniteStream(fc.boolean()), (plan, sells) => {
      units = new MemoryInventory();
      configure(LIMIT, 40);
      for (const [index, purchase] of plan.entries()) {
        const stranger = { ...purchase, person: 1, signedIn: false, address: 0 };
        reserve(`order-${index}`, commandOf(stranger, []));
        confirm(`order-${index}`);
        if (sells.next().value === true) commit(`order-${index}`);
      }
      const hers = { person: 0, address: 0, signedIn: true, card: 0, quantity: LIMIT };
      expect(reserve("hers", commandOf(hers, []))).toMatchObject({ ok: true });
      // A refusal that cannot be waited for is always about an order that the caller can be shown.
      confirm("hers");
      expect(reserve("more", commandOf(hers, []))).toMatchObject({ ...REFUSED, orderId: "hers" });
    }),
    { seed: 20_261_122, numRuns: 200 },
  );
});
