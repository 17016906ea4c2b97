/** Addresses, wish lists, one's own orders, the export of them and the removal of a person, on Postgres. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestDatabase } from "../../../tests/fixtures/database.ts";
import type { TestDatabase } from "../../../tests/fixtures/database.ts";
import { CONTACT, orderChanged } from "../../../tests/fixtures/messages.ts";
import { MAX_ADDRESSES, MAX_WISHLIST_ITEMS, type AddressBody } from "../../contracts/profile.ts";
import { PARCEL_PATIENCE_MS } from "../../domain/order/erasure.ts";
import { finishErasures, listOrdersToErase, removeAccount, sessionTokensOf } from "./account-removal.ts";
import type { Database } from "./connection.ts";
import { findOwnOrders, isOrderOfAccount, type HistorySearch } from "./order-history.ts";
import { eraseOrderContact, persistOrders } from "./orders.ts";
import { exportPerson } from "./personal-export.ts";
import { addAddress, listAddresses, readAddress, removeAddress, replaceAddress } from "./profiles.ts";
import { askForStockNotice } from "./stock-notices.ts";
import { addWish, listWishes, removeWish, wishedSkus } from "./wishlists.ts";

const NOW = Date.UTC(2026, 10, 22, 12);
const DAY_MS = 24 * 60 * 60 * 1000;
const HOME: AddressBody = {
  name: "Ada Lovelace",
  line1: "1 Main St",
  city: "Springfield",
  region: "IL",
  postalCode: "62701",
  country: "US",
};

let postgres: TestDatabase;
let database: Database;
beforeAll(async () => {
  postgres = await startTestDatabase();
  database = postgres.connect();
});
afterAll(() => postgres.stop());

let count = 0;
let ada = "";
let eve = "";
beforeEach(async () => {
  ada = await person();
  eve = await person();
});

async function person(): Promise<string> {
  count += 1;
  const id = `person-${String(count)}`;
  await postgres.rows(
    "insert into users (id, name, email, email_verified) values ($1, 'Ada', $1 || '@example.com', true)",
    [id],
  );
  return id;
}
const emailOf = (userId: string) => `${userId}@example.com`;
const owner = (userId: string) => ({ userId, confirmedEmail: emailOf(userId) });

describe("addresses", () => {
  it("begin with a default and keep exactly one, whichever is added, changed or taken away", async () => {
    const first = await added(ada, HOME);
    const second = await added(ada, { ...HOME, line1: "2 Main St" });
    expect(await defaults(ada)).toEqual([first]);
    const third = await added(ada, { ...HOME, isDefault: true });
    expect(await defaults(ada)).toEqual([third]);
    expect(await replaceAddress(database, ada, second, { ...HOME, isDefault: true })).toBe(true);
    expect(await defaults(ada)).toEqual([second]);
    expect(await removeAddress(database, ada, second)).toBe(true);
    expect(await defaults(ada)).toHaveLength(1);
    expect((await listAddresses(database, ada))[0]?.isDefault).toBe(true);
  });

  it("are nobody else's: another's id is as good as none", async () => {
    const id = await added(ada, HOME);
    expect(await readAddress(database, eve, id)).toBeNull();
    expect(await replaceAddress(database, eve, id, { ...HOME, name: "Eve", isDefault: true })).toBe(false);
    expect(await removeAddress(database, eve, id)).toBe(false);
    expect(await removeAddress(database, ada, "not-an-id")).toBe(false);
    expect(await readAddress(database, ada, id)).toMatchObject({ name: "Ada Lovelace", isDefault: true });
  });

  it("stay below their limit and keep one default, however many are added at once", async () => {
    const outcomes = await Promise.all(
      Array.from({ length: MAX_ADDRESSES + 5 }, () =>
        addAddress(database, ada, { ...HOME, isDefault: true }),
      ),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(MAX_ADDRESSES);
    expect(outcomes.find(({ ok }) => !ok)).toEqual({ ok: false, reason: "too_many" });
    expect(await defaults(ada)).toHaveLength(1);
    expect(await addAddress(database, "nobody", HOME)).toEqual({ ok: false, reason: "no_account" });
  });
});

describe("a wish list", () => {
  it("remembers a SKU once, newest first, page by page, and forgets it", async () => {
    for (const sku of ["AAA", "BBB", "CCC", "AAA"])
      expect(await addWish(database, ada, sku)).toEqual({ ok: true });
    const all = await wishedSkus(database, ada);
    expect(new Set(all)).toEqual(new Set(["AAA", "BBB", "CCC"]));
    const first = await listWishes(database, ada, { limit: 2 });
    if (!first.ok || first.nextCursor === null) throw new Error("no second page");
    const second = await listWishes(database, ada, { limit: 2, cursor: first.nextCursor });
    if (!second.ok) throw new Error("no second page");
    expect([...first.items, ...second.items].map(({ sku }) => sku)).toEqual(all);
    expect(second.nextCursor).toBeNull();
    expect(await listWishes(database, ada, { limit: 2, cursor: "?" })).toMatchObject({ ok: false });
    await removeWish(database, eve, "AAA");
    await removeWish(database, ada, "BBB");
    expect(await wishedSkus(database, ada)).toHaveLength(2);
  });

  it("is full at its limit, where what is on it may still be asked for again", async () => {
    await postgres.rows(
      "insert into wishlist_items (user_id, sku) select $1, 'SKU-' || n from generate_series(1, $2::int) as n",
      [ada, MAX_WISHLIST_ITEMS],
    );
    expect(await addWish(database, ada, "ONE-MORE")).toEqual({ ok: false, reason: "full" });
    expect(await addWish(database, ada, "SKU-1")).toEqual({ ok: true });
    expect(await addWish(database, "nobody", "SKU-1")).toEqual({ ok: false, reason: "no_account" });
  });
});

describe("one's own orders", () => {
  it("are those of the account and the guest orders of its confirmed address, and nobody else's", async () => {
    const own = await ordered({ accountId: ada }, "somebody@example.com");
    const guest = await ordered({}, ` ${emailOf(ada).toUpperCase()} `);
    const evesWithAdasAddress = await ordered({ accountId: eve }, emailOf(ada));
    await ordered({}, "stranger@example.com");
    expect(new Set(await found(ada, {}))).toEqual(new Set([own, guest]));
    expect(await found(eve, {})).toEqual([evesWithAdasAddress]);
    expect(await isOrderOfAccount(database, own, owner(ada))).toBe(true);
    expect(await isOrderOfAccount(database, own, owner(eve))).toBe(false);
    expect(await isOrderOfAccount(database, evesWithAdasAddress, owner(ada))).toBe(false);
    const unproven = { userId: ada, confirmedEmail: null };
    const answer = await findOwnOrders(database, unproven, { query: "", limit: 10 });
    expect(answer.ok && answer.items.map(({ orderId }) => orderId)).toEqual([own]);
  });

  it("are found by number, by a product's name and by SKU, never beyond one's own", async () => {
    const line = {
      sku: "HALO-BUDS-WHITE",
      name: "Halo Buds, 100% white",
      quantity: 2,
      unitAmountMinor: 59950,
    };
    const own = await ordered({ accountId: ada, lines: [line] }, emailOf(ada), "0123456789abcdefghjk");
    await ordered({ accountId: ada }, emailOf(ada));
    await ordered({ accountId: eve, lines: [line] }, emailOf(eve));
    for (const query of ["cdef-ghjk", own, "halo buds", "100%", "buds-whi"])
      expect([query, await found(ada, { query })]).toEqual([query, [own]]);
    expect(await found(ada, { query: "_alo" })).toEqual([]);
    expect(await found(ada, { query: "\0" })).toEqual([]);
  });

  it("come newest first, page by page, with their lines", async () => {
    const made = [];
    for (let index = 0; index < 5; index++)
      made.push(await ordered({ accountId: ada, openedAt: NOW + (index % 2) }, emailOf(ada)));
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < 3; page++) {
      const answer = await findOwnOrders(database, owner(ada), { query: "", limit: 2, cursor });
      if (!answer.ok) throw new Error(answer.reason);
      for (const order of answer.items) {
        expect(order.lines).toHaveLength(1);
        seen.push(order.orderId);
      }
      cursor = answer.nextCursor ?? undefined;
    }
    expect(cursor).toBeUndefined();
    expect(new Set(seen)).toEqual(new Set(made));
    expect(await findOwnOrders(database, owner(ada), { query: "", limit: 2, cursor: "?" })).toMatchObject({
      ok: false,
    });
  });
});

describe("the export", () => {
  it("bears everything kept about the person, no secret, and nothing of anybody else", async () => {
    await added(ada, HOME);
    await addWish(database, ada, "AAA");
    await askForStockNotice(database, { kind: "restock", subject: "AAA", email: emailOf(ada) }, NOW);
    await session(ada, `secret-${ada}`);
    await postgres.rows(
      "insert into identities (id, user_id, account_id, provider_id, password) values ($1, $1, $1, 'credential', 'secret-hash')",
      [ada],
    );
    const own = await ordered({ accountId: ada }, emailOf(ada));
    await ordered({ accountId: eve }, emailOf(eve));
    const document = await exportPerson(database, owner(ada));
    expect(document).toMatchObject({
      complete: true,
      account: {
        email: emailOf(ada),
        addresses: [{ line1: "1 Main St" }],
        wishlist: [{ sku: "AAA" }],
        stockNotices: [{ subject: "AAA" }],
        sessions: [{ ipAddress: "192.0.2.1" }],
        signInWays: [{ provider: "credential" }],
        passkeys: [],
      },
      orders: [
        { orderId: own, email: emailOf(ada), lines: [{ quantity: 1 }], timeline: [{ status: "reserved" }] },
      ],
    });
    expect(document?.orders).toHaveLength(1);
    expect(JSON.stringify(document)).not.toContain("secret");
    expect(await exportPerson(database, owner("nobody"))).toBeNull();
  });
});

describe("removing a person", () => {
  it("takes all that hangs on the account, and leaves everybody else's", async () => {
    for (const userId of [ada, eve]) {
      await added(userId, HOME);
      await addWish(database, userId, "AAA");
      await session(userId, `token-${userId}`);
      await askForStockNotice(database, { kind: "restock", subject: "AAA", email: emailOf(userId) }, NOW);
    }
    expect(await sessionTokensOf(database, ada)).toEqual([`token-${ada}`]);
    await removeAccount(database, ada, NOW);
    await removeAccount(database, ada, NOW);
    for (const table of ["addresses", "wishlist_items", "sessions"]) {
      const left = await postgres.rows<{ user_id: string }>(
        `select user_id from ${table} where user_id = any($1)`,
        [[ada, eve]],
      );
      expect([table, left]).toEqual([table, [{ user_id: eve }]]);
    }
    const notices = await postgres.rows<{ email: string }>(
      "select email from stock_notices where email = any($1)",
      [[emailOf(ada), emailOf(eve)]],
    );
    expect(notices).toEqual([{ email: emailOf(eve) }]);
  });

  it("lets orders lose the person, their guest orders too, a parcel's once it has arrived or was waited for", async () => {
    const closed = await ordered({ accountId: ada, status: "expired" }, emailOf(ada));
    const guest = await ordered({ status: "reserved" }, emailOf(ada));
    const parcel = await ordered({ accountId: ada, status: "paid", updatedAt: NOW }, emailOf(ada));
    await ordered({ accountId: ada, status: "authorised" }, emailOf(ada));
    await ordered({ accountId: eve, status: "expired" }, emailOf(ada));
    await removeAccount(database, ada, NOW);
    expect(new Set(await listOrdersToErase(database, 100, NOW))).toEqual(new Set([closed, guest]));
    expect(await listOrdersToErase(database, 100, NOW + PARCEL_PATIENCE_MS)).toContain(parcel);
    for (const orderId of [closed, guest]) await eraseOrderContact(database, orderId, NOW);
    expect(await listOrdersToErase(database, 100, NOW)).toEqual([]);
  });

  it("forgets the account's id after a day, once no order bears it, and messages that nobody could handle at once", async () => {
    const orderId = await ordered({ accountId: ada, status: "expired" }, emailOf(ada));
    await postgres.rows(
      "insert into dead_letters (queue, message_id, body, attempts) values ('orders', $1, $2, 1), ('orders', $1 || 'x', '{}', 1)",
      [orderId, JSON.stringify(orderChanged({ orderId }, CONTACT))],
    );
    await removeAccount(database, ada, NOW);
    await finishErasures(database, [], NOW + 2 * DAY_MS);
    expect(await tombstones()).toBe(1);
    await eraseOrderContact(database, orderId, NOW);
    await finishErasures(database, [orderId], NOW + DAY_MS - 1);
    expect(await tombstones()).toBe(1);
    await finishErasures(database, [], NOW + DAY_MS);
    expect(await tombstones()).toBe(0);
    const letters = await postgres.rows("select 1 from dead_letters where message_id like $1 || '%'", [
      orderId,
    ]);
    expect(letters).toHaveLength(1);
  });
});

async function added(userId: string, address: AddressBody): Promise<string> {
  const outcome = await addAddress(database, userId, address);
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.id;
}

async function defaults(userId: string): Promise<string[]> {
  return (await listAddresses(database, userId)).flatMap(({ id, isDefault }) => (isDefault ? [id] : []));
}

type Overrides = Parameters<typeof orderChanged>[0];

async function ordered(overrides: Partial<Overrides>, email: string, id?: string): Promise<string> {
  count += 1;
  const orderId = id ?? `order-${String(count)}`;
  await persistOrders(database, [orderChanged({ ...overrides, orderId }, { ...CONTACT, email })]);
  return orderId;
}

async function found(userId: string, search: Partial<HistorySearch>): Promise<string[]> {
  const answer = await findOwnOrders(database, owner(userId), { query: "", limit: 100, ...search });
  if (!answer.ok) throw new Error(answer.reason);
  return answer.items.map(({ orderId }) => orderId);
}

async function session(userId: string, token: string): Promise<void> {
  await postgres.rows(
    "insert into sessions (id, user_id, token, expires_at, ip_address) values ($1, $2, $1, now(), '192.0.2.1')",
    [token, userId],
  );
}

async function tombstones(): Promise<number> {
  return (await postgres.rows("select 1 from account_erasures where account_id = $1", [ada])).length;
}
