import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CONTACT, orderChanged } from "../../../tests/fixtures/messages.ts";
import { startTestDatabase } from "../../../tests/fixtures/database.ts";
import type { TestDatabase } from "../../../tests/fixtures/database.ts";
import type { ChangedOrder } from "../../contracts/messages.ts";
import type { Database } from "./connection.ts";
import { isCausedByData, postgresErrorCode } from "./errors.ts";
import { eraseOrderContact, persistOrders } from "./orders.ts";

let postgres: TestDatabase;
let database: Database;
beforeAll(async () => {
  postgres = await startTestDatabase();
  database = postgres.connect();
});
afterAll(() => postgres.stop());

const storedOrder = async (orderId: string) =>
  (
    await postgres.rows<{ status: string; version: number }>("select * from orders where order_id = $1", [
      orderId,
    ])
  )[0];
const contactOf = async (orderId: string) =>
  (
    await postgres.rows<{ email: string | null }>("select * from order_contacts where order_id = $1", [
      orderId,
    ])
  )[0];
const paymentOf = (intentId: string): NonNullable<ChangedOrder["snapshot"]["payment"]> => ({
  intentId,
  decision: null,
  amountMinor: 119900,
  capturedMinor: 0,
  refundedMinor: 0,
  lastErrorCode: null,
});

describe("persistOrders", () => {
  it("stores taxes with the order and with each line, and none of a version that knew none", async () => {
    const taxes = [{ name: "VAT", basisPoints: 1900, included: true, amount: 19_144 }];
    const plain = orderChanged({ orderId: "untaxed" }, CONTACT);
    const { totals, lines } = plain.snapshot;
    const taxed = orderChanged(
      {
        orderId: "taxed",
        totals: { ...totals, taxes },
        lines: lines.map((line) => ({ ...line, taxAmounts: [19_144] })),
      },
      CONTACT,
    );
    await persistOrders(database, [plain, taxed]);
    const stored = await postgres.rows(
      `select order_id, taxes, tax_amounts from orders join order_lines using (order_id)
       where order_id in ('taxed', 'untaxed') order by order_id`,
    );
    expect(stored).toEqual([
      { order_id: "taxed", taxes, tax_amounts: [19_144] },
      { order_id: "untaxed", taxes: [], tax_amounts: [] },
    ]);
  });

  it("stores an order with its lines, timeline, payment and contact, to the millisecond", async () => {
    const message = orderChanged({ orderId: "whole", payment: paymentOf("pi_whole") }, CONTACT);
    const answer = await persistOrders(database, [message]);

    expect(answer).toEqual([{ orderId: "whole", version: 1, contactPersisted: true }]);
    expect(await storedOrder("whole")).toMatchObject({
      status: "reserved",
      version: 1,
      opened_at: new Date(message.snapshot.openedAt),
      hold_expires_at: new Date(message.snapshot.holdExpiresAt),
      total_minor: "119900",
      currency: "USD",
    });
    expect(
      await postgres.rows("select sku, position, quantity from order_lines where order_id = 'whole'"),
    ).toEqual([{ sku: "AURORA-PRO-256-GRAPHITE", position: 1, quantity: 1 }]);
    expect(
      await postgres.rows("select position, status from order_timeline where order_id = 'whole'"),
    ).toEqual([{ position: 1, status: "reserved" }]);
    expect(await postgres.rows("select intent_id, decision from payments where order_id = 'whole'")).toEqual([
      { intent_id: "pi_whole", decision: null },
    ]);
    expect(await contactOf("whole")).toMatchObject({
      email: "Ada@Example.com",
      email_normalised: "ada@example.com",
    });
  });

  it("stores parcels, and that they arrived with a newer version alone", async () => {
    const left = {
      id: "p1",
      carrier: "UPS",
      trackingNumber: "1Z999",
      lines: [{ sku: "AURORA-PRO-256-GRAPHITE", quantity: 1 }],
      shippedAt: 4_000,
      deliveredAt: null,
      deliveryId: null,
    };
    const arrived = { ...left, deliveredAt: 5_000, deliveryId: "d1" };
    const rows = () =>
      postgres.rows(
        `select parcel_id, carrier, tracking_number, lines, delivery_id, delivered_at from order_parcels
         where order_id = 'parcels'`,
      );
    await persistOrders(database, [
      orderChanged({ orderId: "parcels", version: 2, status: "shipped", parcels: [left] }),
    ]);
    const row = {
      parcel_id: "p1",
      carrier: "UPS",
      tracking_number: "1Z999",
      lines: left.lines,
      delivery_id: null,
      delivered_at: null,
    };
    expect(await rows()).toEqual([row]);
    const delivered = orderChanged({
      orderId: "parcels",
      version: 3,
      status: "delivered",
      parcels: [arrived],
    });
    await persistOrders(database, [delivered]);
    await persistOrders(database, [
      orderChanged({ orderId: "parcels", version: 2, status: "shipped", parcels: [left] }),
    ]);
    expect(await rows()).toEqual([{ ...row, delivery_id: "d1", delivered_at: new Date(5_000) }]);
  });

  it("stores a message that is delivered twice, also within one batch, once", async () => {
    const message = orderChanged({ orderId: "twice" }, CONTACT);
    const first = await persistOrders(database, [message, message]);
    const second = await persistOrders(database, [message]);

    expect(first).toEqual([{ orderId: "twice", version: 1, contactPersisted: true }]);
    expect(second).toEqual(first);
    expect(await postgres.rows("select 1 from order_lines where order_id = 'twice'")).toHaveLength(1);
  });

  it("keeps version 3 when version 1 arrives after it, and still takes the contact that comes with version 1", async () => {
    const timeline = [
      { status: "reserved" as const, at: 1_000 },
      { status: "authorised" as const, at: 2_000 },
      { status: "paid" as const, at: 3_000 },
    ];
    const paid = { ...paymentOf("pi_late"), decision: "capture" as const, capturedMinor: 119900 };
    const newest = orderChanged({ orderId: "late", version: 3, status: "paid", timeline, payment: paid });
    expect(await persistOrders(database, [newest])).toEqual([
      { orderId: "late", version: 3, contactPersisted: false },
    ]);

    const oldest = orderChanged({ orderId: "late", version: 1, payment: paymentOf("pi_late") }, CONTACT);
    expect(await persistOrders(database, [oldest])).toEqual([
      { orderId: "late", version: 1, contactPersisted: true },
    ]);

    expect(await storedOrder("late")).toMatchObject({ status: "paid", version: 3 });
    expect(
      await postgres.rows("select captured_minor, decision from payments where order_id = 'late'"),
    ).toEqual([{ captured_minor: "119900", decision: "capture" }]);
    expect(await postgres.rows("select 1 from order_timeline where order_id = 'late'")).toHaveLength(3);
    expect(await contactOf("late")).toMatchObject({ email: "Ada@Example.com" });
  });

  it("takes the newest version of a batch and a contact wherever in the batch it is", async () => {
    const answer = await persistOrders(database, [
      orderChanged({ orderId: "mixed", version: 2, status: "authorised" }),
      orderChanged({ orderId: "mixed", version: 1 }, CONTACT),
      orderChanged({ orderId: "other", version: 1 }),
    ]);

    expect(answer).toEqual([
      { orderId: "mixed", version: 2, contactPersisted: true },
      { orderId: "other", version: 1, contactPersisted: false },
    ]);
    expect(await storedOrder("mixed")).toMatchObject({ status: "authorised", version: 2 });
  });

  it("grows the timeline and moves the payment with a newer version", async () => {
    const first = orderChanged({ orderId: "grows", payment: paymentOf("pi_grows") });
    await persistOrders(database, [first]);
    const at = first.snapshot.openedAt;
    const timeline = [...first.snapshot.timeline, { status: "cancelled" as const, at: at + 5 }];
    const payment = { ...paymentOf("pi_grows"), decision: "cancel" as const, lastErrorCode: "card_declined" };
    await persistOrders(database, [
      orderChanged({ orderId: "grows", version: 2, status: "cancelled", timeline, payment }),
    ]);

    expect(
      await postgres.rows("select status, at from order_timeline where order_id = 'grows' order by position"),
    ).toEqual([
      { status: "reserved", at: new Date(at) },
      { status: "cancelled", at: new Date(at + 5) },
    ]);
    expect(
      await postgres.rows(
        "select decision, last_error_code, order_version from payments where order_id = 'grows'",
      ),
    ).toEqual([{ decision: "cancel", last_error_code: "card_declined", order_version: 2 }]);
  });

  it("lets erasure win over a contact that arrives before or after it, or again", async () => {
    await eraseOrderContact(database, "erased-first", 5_000);
    const answer = await persistOrders(database, [orderChanged({ orderId: "erased-first" }, CONTACT)]);
    await persistOrders(database, [orderChanged({ orderId: "erased-later" }, CONTACT)]);
    await eraseOrderContact(database, "erased-later", 5_000);
    await eraseOrderContact(database, "erased-later", 9_000);
    await persistOrders(database, [orderChanged({ orderId: "erased-later", version: 2 }, CONTACT)]);

    expect(answer).toEqual([{ orderId: "erased-first", version: 1, contactPersisted: true }]);
    for (const orderId of ["erased-first", "erased-later"]) {
      expect(await contactOf(orderId)).toMatchObject({
        email: null,
        email_normalised: null,
        shipping_address: null,
        erased_at: new Date(5_000),
      });
    }
  });

  it("knows the account of an order from any version that says it, and never again once the person was erased", async () => {
    const accountOf = async (orderId: string) =>
      (
        await postgres.rows<{ account_id: string | null }>(
          "select account_id from orders where order_id = $1",
          [orderId],
        )
      )[0]?.account_id;
    await persistOrders(database, [orderChanged({ orderId: "owned" }, CONTACT)]);
    expect(await accountOf("owned")).toBeNull();

    await persistOrders(database, [orderChanged({ orderId: "owned", version: 2, accountId: "ada" })]);
    await persistOrders(database, [orderChanged({ orderId: "owned", version: 3, accountId: null })]);
    expect(await accountOf("owned")).toBe("ada");

    await eraseOrderContact(database, "owned", 5_000);
    expect(await accountOf("owned")).toBeNull();
    await persistOrders(database, [orderChanged({ orderId: "owned", version: 4, accountId: "ada" })]);
    expect(await accountOf("owned")).toBeNull();
  });

  it("keeps who bought it where a later version no longer says so, as one of a compact order", async () => {
    await persistOrders(database, [orderChanged({ orderId: "compact", accountId: "ada" }, CONTACT)]);
    await persistOrders(database, [
      orderChanged({ orderId: "compact", version: 2, status: "refunded", buyer: "", accountId: null }),
    ]);
    const rows = await postgres.rows("select status, buyer, account_id from orders where order_id = $1", [
      "compact",
    ]);
    expect(rows).toEqual([{ status: "refunded", buyer: "buyer-1", account_id: "ada" }]);
    expect(await contactOf("compact")).toMatchObject({ email: CONTACT.email });
  });

  it.each([
    [
      "a total that is not the sum",
      orderChanged({
        orderId: "poison",
        totals: { subtotal: 1, shipping: 0, tax: 0, total: 2, currency: "USD" },
      }),
    ],
    [
      "a NUL in a name",
      orderChanged({ orderId: "poison", lines: [{ sku: "A", name: "\0", quantity: 1, unitAmountMinor: 1 }] }),
    ],
    [
      "a moment beyond the calendar",
      orderChanged({ orderId: "poison", updatedAt: Number.MAX_SAFE_INTEGER * 1000 }),
    ],
    ["another order's PaymentIntent", orderChanged({ orderId: "poison", payment: paymentOf("pi_owned") })],
    [
      "an address too large for its index",
      orderChanged({ orderId: "poison" }, { ...CONTACT, email: incompressible() }),
    ],
  ])("refuses a batch with %s as caused by its data, and stores the others without it", async (_, poison) => {
    await persistOrders(database, [orderChanged({ orderId: "owner", payment: paymentOf("pi_owned") })]);
    const sound = orderChanged({ orderId: `sound-${crypto.randomUUID()}` });

    const error: unknown = await persistOrders(database, [sound, poison]).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(isCausedByData(error), String(postgresErrorCode(error))).toBe(true);
    expect(await storedOrder(sound.snapshot.orderId)).toBeUndefined();

    expect(await persistOrders(database, [sound])).toHaveLength(1);
    await expect(persistOrders(database, [poison])).rejects.toThrow();
    expect(await storedOrder("poison")).toBeUndefined();
  });

  it("does not blame the data when Postgres cannot be reached", async () => {
    const away = postgres.connect({ primaryUrl: "postgres://holdfast:x@127.0.0.1:1/holdfast" });
    const error: unknown = await persistOrders(away, [orderChanged({ orderId: "away" })]).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(Error);
    expect(isCausedByData(error)).toBe(false);
    expect(postgresErrorCode(error)).toBeUndefined();
  });

  it("takes a hundred orders from five consumers at once, in any order, without a deadlock", async () => {
    const messages = Array.from({ length: 100 }, (_, index) =>
      orderChanged({ orderId: `crowd-${String(index)}`, version: 1 + (index % 3) }, CONTACT),
    );
    const shuffled = [messages, messages.toReversed(), messages.slice(50).concat(messages.slice(0, 50))];
    await Promise.all([...shuffled, ...shuffled].slice(0, 5).map((batch) => persistOrders(database, batch)));
    expect(await postgres.rows("select 1 from orders where order_id like 'crowd-%'")).toHaveLength(100);
  });
});

/** Text that no compression brings under a btree's limit for a row. */
function incompressible(): string {
  return Array.from({ length: 400 }, () => crypto.randomUUID()).join("");
}
