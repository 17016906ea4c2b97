/** An order's invoice and credit notes: issued when they are first opened, once the order and what it became is in Postgres. */
import * as z from "zod";
import {
  issueInvoice,
  readInvoices,
  readInvoiceSource,
  type InvoiceSource,
  type IssuedInvoice,
} from "../adapters/postgres/invoices.ts";
import type { Database } from "../adapters/postgres/connection.ts";
import { creditNoteOf, invoiceOf, keptThrough, type InvoicedOrder, type Seller } from "../domain/invoice.ts";

const SellerShape = z.strictObject({
  name: z.string().min(1),
  address: z.array(z.string()),
  taxId: z.string(),
});

/** @throws Error for a variable that says no seller: an invoice without one is none */
export function parseSeller(variable: string): Seller {
  return SellerShape.parse(JSON.parse(variable));
}

export type Invoices =
  | { readonly ok: true; readonly issued: readonly IssuedInvoice[] }
  /** `not_there_yet`: the order is paid, and on its way to Postgres. `none`: there is nothing to invoice, or nobody any more. */
  | { readonly ok: false; readonly reason: "not_there_yet" | "none" };

export interface InvoicesDeps {
  readonly database: Database;
  readonly seller: Seller;
  /** Epoch ms. */
  readonly now: () => number;
}

/**
 * Issues what is due of an order, and answers all there is. Repeating it issues nothing twice.
 *
 * @param paid what the order's shard knows
 * @throws where Postgres cannot be reached
 */
export async function invoicesOf(
  deps: InvoicesDeps,
  paid: { readonly orderId: string; readonly shippingName: string },
): Promise<Invoices> {
  const { database } = deps;
  const source = await readInvoiceSource(database, paid.orderId);
  if (source === null) return { ok: false, reason: "not_there_yet" };
  let issued = await readInvoices(database, paid.orderId);
  if (source.order !== null) {
    const order = { ...source.order, shippingName: paid.shippingName };
    if (await issueMissing(deps, order, source.refunds, issued))
      issued = await readInvoices(database, paid.orderId);
  }
  if (issued.length > 0) return { ok: true, issued };
  return { ok: false, reason: isOnItsWay(source) ? "not_there_yet" : "none" };
}

/** The shard says that it is paid, and Postgres has an earlier state of it. */
function isOnItsWay({ status }: InvoiceSource): boolean {
  return status === "reserved" || status === "authorised";
}

/** @returns whether anything was issued, here or by a request beside this one */
async function issueMissing(
  { database, seller, now }: InvoicesDeps,
  order: InvoicedOrder,
  refunds: InvoiceSource["refunds"],
  issued: readonly IssuedInvoice[],
): Promise<boolean> {
  const { orderId } = order;
  const issuedAt = now();
  const times = () => ({ issuedAt, retainUntil: retainedUntil(issuedAt) });
  let invoiceNumber = issued.find(({ kind }) => kind === "invoice")?.number;
  let isNew = false;
  if (invoiceNumber === undefined) {
    isNew = true;
    await issueInvoice(database, { orderId, refundId: "", document: invoiceOf(order, seller), ...times() });
    invoiceNumber = (await readInvoices(database, orderId)).find(({ kind }) => kind === "invoice")?.number;
    // Its retention is over.
    if (invoiceNumber === undefined) return false;
  }
  let beforeMinor = 0;
  for (const { refundId, amountMinor } of refunds) {
    if (!issued.some((each) => each.refundId === refundId)) {
      isNew = true;
      const document = creditNoteOf(order, seller, { invoiceNumber, amountMinor, beforeMinor });
      await issueInvoice(database, { orderId, refundId, document, ...times() });
    }
    beforeMinor += amountMinor;
  }
  return isNew;
}

/** Epoch ms from which the document need not be kept. */
function retainedUntil(issuedAt: number): number {
  return Date.UTC(keptThrough(new Date(issuedAt).getUTCFullYear()) + 1, 0, 1);
}
