import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CONTACT, orderChanged } from "../../tests/fixtures/messages.ts";
import { startTestDatabase, type TestDatabase } from "../../tests/fixtures/database.ts";
import { invoiceOf } from "../domain/invoice.ts";
import { invoicesOf } from "./invoices.ts";
import type { Database } from "../adapters/postgres/connection.ts";
import {
  forgetInvoices,
  issueInvoice,
  readInvoices,
  readInvoiceSource,
} from "../adapters/postgres/invoices.ts";
import { eraseOrderContact, persistOrders } from "../adapters/postgres/orders.ts";

let postgres: TestDatabase;
let database: Database;
beforeAll(async () => {
  postgres = await startTestDatabase();
  database = postgres.connect();
});
afterAll(() => postgres.stop());

const seller = { name: "Holdfast", address: ["1 Harbor Street"], taxId: "" };
const NOW = Date.UTC(2026, 10, 30);

async function paidOrder(orderId: string, refundedMinor = 0): Promise<void> {
  const message = orderChanged(
    {
      orderId,
      status: "paid",
      version: 5,
      payment: {
        intentId: `pi_${orderId}`,
        decision: "capture",
        amountMinor: 119900,
        capturedMinor: 119900,
        refundedMinor,
        lastErrorCode: null,
      },
      timeline: [
        { status: "reserved", at: NOW },
        { status: "paid", at: NOW + 1_000 },
      ],
    },
    CONTACT,
  );
  await persistOrders(database, [message]);
}
const invoices = (orderId: string, now = NOW) =>
  invoicesOf({ database, seller, now: () => now }, { orderId, shippingName: "Standard" });
const numbers = async (orderId: string) => {
  const found = await invoices(orderId);
  return found.ok ? found.issued.map(({ number }) => number) : found.reason;
};

describe("invoices", () => {
  it("are numbered one after the other, each order once, however many ask at once", async () => {
    const orders = ["one", "two", "three", "four"];
    for (const orderId of orders) await paidOrder(orderId);
    const asked = await Promise.all([...orders, ...orders, ...orders].map((orderId) => numbers(orderId)));
    const first = asked.slice(0, 4);
    expect(first.flat().sort()).toEqual(["2026-000001", "2026-000002", "2026-000003", "2026-000004"]);
    expect(asked.slice(4)).toEqual([...first, ...first]);
  });

  it("that could not be written take no number", async () => {
    await paidOrder("whole");
    const source = await readInvoiceSource(database, "whole");
    const document = invoiceOf({ ...source!.order!, shippingName: "Standard" }, seller);
    const broken = {
      orderId: "whole",
      refundId: "not of an invoice",
      document,
      issuedAt: NOW,
      retainUntil: NOW,
    };
    await expect(issueInvoice(database, broken)).rejects.toThrow();
    expect(await numbers("whole")).toEqual(["2026-000005"]);
  });

  it("begin with each year anew", async () => {
    await paidOrder("next-year");
    const found = await invoices("next-year", Date.UTC(2027, 0, 1));
    expect(found.ok && found.issued[0]?.number).toBe("2027-000001");
  });

  it("are followed by a credit note for each refund that Stripe made", async () => {
    await paidOrder("refunded");
    await numbers("refunded");
    await postgres.rows(
      `insert into order_refunds (order_id, refund_id, cause, amount_minor, status, lines, shipping_minor, restock,
         requested_at, updated_at)
       values ('refunded', 'r1', 'ops', 100, 'succeeded', '[]', 0, 'none', now(), now()),
              ('refunded', 'r2', 'ops', 200, 'failed', '[]', 0, 'none', now(), now()),
              ('refunded', 'r3', 'ops', 300, 'succeeded', '[]', 0, 'none', now() + interval '1 second', now())`,
    );
    await Promise.all([invoices("refunded"), invoices("refunded")]);
    const issued = await readInvoices(database, "refunded");
    expect(issued.map(({ kind, refundId }) => [kind, refundId])).toEqual([
      ["invoice", ""],
      ["credit_note", "r1"],
      ["credit_note", "r3"],
    ]);
    expect(
      issued.slice(1).map(({ document: { totals, invoiceNumber } }) => [totals.total, invoiceNumber]),
    ).toEqual([
      [100, issued[0]?.number],
      [300, issued[0]?.number],
    ]);
    expect(issued[1]?.number).toMatch(/^CN-2026-\d{6}$/);
  });

  it("stay when the order loses its person, and are emptied once they need not be kept", async () => {
    await paidOrder("kept");
    await numbers("kept");
    await eraseOrderContact(database, "kept", NOW);
    const found = await invoices("kept");
    expect(found.ok && found.issued[0]?.document.buyer.email).toBe(CONTACT.email);
    expect(await forgetInvoices(database, Date.UTC(2036, 11, 31))).toBe(0);
    expect(await forgetInvoices(database, Date.UTC(2037, 0, 1))).toBeGreaterThan(0);
    expect(await invoices("kept")).toEqual({ ok: false, reason: "none" });
    expect(await postgres.rows("select count(*) from invoices where order_id = 'kept'")).toEqual([
      { count: "1" },
    ]);
  });

  it("are none for an order that is not there yet, not paid, or nobody's any more", async () => {
    expect(await invoices("nowhere")).toEqual({ ok: false, reason: "not_there_yet" });
    await persistOrders(database, [orderChanged({ orderId: "open" }, CONTACT)]);
    expect(await invoices("open")).toEqual({ ok: false, reason: "not_there_yet" });
    await paidOrder("erased");
    await eraseOrderContact(database, "erased", NOW);
    expect(await invoices("erased")).toEqual({ ok: false, reason: "none" });
  });
});
