/** Claiming guest orders, and finding where an order's link goes, on a real Postgres. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestDatabase } from "../../../tests/fixtures/database.ts";
import type { TestDatabase } from "../../../tests/fixtures/database.ts";
import { CONTACT, orderChanged } from "../../../tests/fixtures/messages.ts";
import type { Database } from "./connection.ts";
import { claimGuestOrders, ordersOfNumber } from "./order-claims.ts";
import { eraseOrderContact, persistOrders } from "./orders.ts";

let postgres: TestDatabase;
let database: Database;
beforeAll(async () => {
  postgres = await startTestDatabase();
  database = postgres.connect();
});
afterAll(() => postgres.stop());

async function placed(orderId: string, email: string, accountId: string | null = null): Promise<void> {
  await persistOrders(database, [orderChanged({ orderId, accountId }, { ...CONTACT, email })]);
}
const accountOf = async (orderId: string) =>
  (
    await postgres.rows<{ account_id: string | null }>("select account_id from orders where order_id = $1", [
      orderId,
    ])
  )[0]?.account_id;

/** Makes an account, and answers its id. */
async function account(email: string, isVerified = true): Promise<string> {
  const id = `account of ${email}`;
  await postgres.rows("insert into users (id, name, email, email_verified) values ($1, 'Somebody', $2, $3)", [
    id,
    email,
    isVerified,
  ]);
  return id;
}

describe("claimGuestOrders", () => {
  it("gives an account the guest orders of its address, in whatever case it was typed, and nobody else's", async () => {
    await placed("guest-1", "Grace@Example.com");
    await placed("guest-2", "grace@example.com");
    await placed("of-another", "mallory@example.com");
    await placed("in-an-account", "grace@example.com", "somebody");
    const grace = await account("grace@example.com");
    expect(await claimGuestOrders(database, grace)).toBe(2);
    expect(await accountOf("guest-1")).toBe(grace);
    expect(await accountOf("guest-2")).toBe(grace);
    expect(await accountOf("of-another")).toBeNull();
    expect(await accountOf("in-an-account")).toBe("somebody");
  });

  it("gives nothing for an address that was not proven", async () => {
    await placed("unproven", "victim@example.com");
    expect(await claimGuestOrders(database, await account("victim@example.com", false))).toBe(0);
    expect(await claimGuestOrders(database, "nobody")).toBe(0);
    expect(await accountOf("unproven")).toBeNull();
  });

  it("changes nothing when repeated, and takes nothing from who claimed first", async () => {
    await placed("once", "once@example.com");
    const first = await account("once@example.com");
    expect(await claimGuestOrders(database, first)).toBe(1);
    expect(await claimGuestOrders(database, first)).toBe(0);
    // The address has another owner since.
    await postgres.rows("update users set email = 'moved@example.com' where id = $1", [first]);
    await postgres.rows(
      "insert into users (id, name, email, email_verified) values ('second', 'B', 'once@example.com', true)",
    );
    expect(await claimGuestOrders(database, "second")).toBe(0);
    expect(await accountOf("once")).toBe(first);
  });

  it("takes in what has reached Postgres since, and stays where a later state of the order arrives", async () => {
    const late = await account("late@example.com");
    expect(await claimGuestOrders(database, late)).toBe(0);
    await placed("late", "late@example.com");
    expect(await claimGuestOrders(database, late)).toBe(1);
    await persistOrders(database, [orderChanged({ orderId: "late", version: 2, accountId: null })]);
    expect(await accountOf("late")).toBe(late);
  });

  it("leaves alone what was erased", async () => {
    await placed("erased", "gone@example.com");
    await eraseOrderContact(database, "erased", 5_000);
    expect(await claimGuestOrders(database, await account("gone@example.com"))).toBe(0);
  });
});

describe("ordersOfNumber", () => {
  it("answers the orders whose ids end so, with the address as it was written", async () => {
    await placed("a-long-id-abcd1234", "Ada@Example.com");
    expect(await ordersOfNumber(database, "abcd1234")).toEqual([
      { orderId: "a-long-id-abcd1234", email: "Ada@Example.com" },
    ]);
    expect(await ordersOfNumber(database, "abcd1235")).toEqual([]);
    await eraseOrderContact(database, "a-long-id-abcd1234", 5_000);
    expect(await ordersOfNumber(database, "abcd1234")).toEqual([]);
  });
});
