/** Invoices in Postgres: the order they are made of, and their numbers, each given in one transaction with what it numbers. */
import { sql } from "drizzle-orm";
import type { InvoiceDocument, InvoicedOrder } from "../../domain/invoice.ts";
import type { OrderStatus } from "../../domain/order/status.ts";
import type { PostalAddress } from "../../domain/postal-address.ts";
import type { TaxAmount } from "../../domain/tax.ts";
import type { Database } from "./connection.ts";
import { postgresErrorCode } from "./errors.ts";

export interface InvoiceSource {
  readonly status: OrderStatus;
  /** Null while it is not paid, or its personal data has not arrived or was erased. */
  readonly order: Omit<InvoicedOrder, "shippingName"> | null;
  /** Refunds that Stripe made, the oldest first. */
  readonly refunds: readonly { readonly refundId: string; readonly amountMinor: number }[];
}

export interface IssuedInvoice {
  readonly number: string;
  readonly kind: InvoiceDocument["kind"];
  /** Empty for an invoice. */
  readonly refundId: string;
  /** Epoch ms. */
  readonly issuedAt: number;
  readonly document: InvoiceDocument;
}

export interface InvoiceToIssue {
  readonly orderId: string;
  /** Empty for an invoice. */
  readonly refundId: string;
  readonly document: InvoiceDocument;
  /** Epoch ms. */
  readonly issuedAt: number;
  readonly retainUntil: number;
}

interface SourceRow extends Record<string, unknown> {
  status: OrderStatus;
  opened_at: string;
  paid_at: string | null;
  email: string | null;
  address: PostalAddress | null;
  totals: {
    subtotal: number;
    shipping: number;
    tax: number;
    total: number;
    currency: string;
    taxes: TaxAmount[];
  };
  lines: InvoicedOrder["lines"];
  intent_id: string | null;
  refunds: InvoiceSource["refunds"];
}

/** @returns null where the order has not reached Postgres @throws where the primary cannot be reached */
export async function readInvoiceSource(database: Database, orderId: string): Promise<InvoiceSource | null> {
  const [row] = (await database.write((client) => client.execute<SourceRow>(sourceOf(orderId)))).rows;
  if (row === undefined) return null;
  const { status, paid_at, email, address, totals, lines, intent_id, refunds } = row;
  const isComplete = paid_at !== null && email !== null && address !== null && intent_id !== null;
  if (!isComplete) return { status, order: null, refunds };
  const orderedAt = Number(row.opened_at);
  const paidAt = Number(paid_at);
  return {
    status,
    order: { orderId, lines, totals, email, address, orderedAt, paidAt, paymentReference: intent_id },
    refunds,
  };
}

const epochMs = (moment: ReturnType<typeof sql>) => sql`round(extract(epoch from ${moment}) * 1000)::bigint`;

const sourceOf = (orderId: string) => sql`
  select status, ${epochMs(sql`opened_at`)} as opened_at,
    (select ${epochMs(sql`at`)} from order_timeline where order_timeline.order_id = orders.order_id
      and order_timeline.status = 'paid' limit 1) as paid_at,
    email, shipping_address as address,
    jsonb_build_object('subtotal', subtotal_minor, 'shipping', shipping_minor, 'tax', tax_minor, 'total', total_minor,
      'currency', currency, 'taxes', taxes) as totals,
    (select jsonb_agg(jsonb_build_object('name', name, 'quantity', quantity, 'unitAmountMinor', unit_amount_minor,
        'taxAmounts', tax_amounts) order by position)
      from order_lines where order_lines.order_id = orders.order_id) as lines,
    (select intent_id from payments where payments.order_id = orders.order_id and captured_minor > 0 limit 1)
      as intent_id,
    (select coalesce(jsonb_agg(jsonb_build_object('refundId', refund_id, 'amountMinor', amount_minor)
        order by requested_at, refund_id), '[]')
      from order_refunds where order_refunds.order_id = orders.order_id and status = 'succeeded' and amount_minor > 0)
      as refunds
  from orders left join order_contacts on order_contacts.order_id = orders.order_id
  where orders.order_id = ${orderId}`;

interface IssuedRow extends Record<string, unknown> {
  number: string;
  kind: InvoiceDocument["kind"];
  refund_id: string;
  issued_at: string;
  document: InvoiceDocument;
}

/** An order's invoices and credit notes that are still kept, in the order of their issue. */
export async function readInvoices(database: Database, orderId: string): Promise<IssuedInvoice[]> {
  const { rows } = await database.write((client) =>
    client.execute<IssuedRow>(sql`
      select number, kind, refund_id, ${epochMs(sql`issued_at`)} as issued_at, document from invoices
      where order_id = ${orderId} and document is not null order by issued_at, kind desc, sequence`),
  );
  return rows.map(({ number, kind, refund_id, issued_at, document }) => ({
    number,
    kind,
    refundId: refund_id,
    issuedAt: Number(issued_at),
    document,
  }));
}

const UNIQUE_VIOLATION = "23505";

/**
 * Gives the document the next number of its series, once for each order and refund. The number is taken and the document written in one
 * statement, so neither is ever there without the other; if it fails, the number is released with it.
 *
 * @throws where the primary cannot be reached; after a time limit it may or may not have happened: repeat it
 */
export async function issueInvoice(database: Database, invoice: InvoiceToIssue): Promise<void> {
  try {
    await database.write((client) => client.execute(issue(invoice)));
  } catch (error) {
    // Another request was issuing the same one, and has the number.
    if (postgresErrorCode(error) !== UNIQUE_VIOLATION) throw error;
  }
}

const issue = ({ orderId, refundId, document, issuedAt, retainUntil }: InvoiceToIssue) => {
  const year = new Date(issuedAt).getUTCFullYear();
  const series = document.kind === "invoice" ? String(year) : `CN-${String(year)}`;
  return sql`
  with taken as (
    insert into invoice_series (series, last_sequence)
    select ${series}, 1 where not exists (
      select from invoices where order_id = ${orderId} and kind = ${document.kind} and refund_id = ${refundId})
    on conflict (series) do update set last_sequence = invoice_series.last_sequence + 1
    returning series, last_sequence
  )
  insert into invoices (number, series, sequence, kind, order_id, refund_id, issued_at, retain_until, document)
  select series || '-' || lpad(last_sequence::text, 6, '0'), series, last_sequence, ${document.kind}, ${orderId},
    ${refundId}, to_timestamp(${issuedAt}::bigint / 1000.0), to_timestamp(${retainUntil}::bigint / 1000.0),
    ${JSON.stringify(document)}::jsonb
  from taken`;
};

/** Empties documents that need not be kept any more; their numbers stay taken. @param now epoch ms */
export async function forgetInvoices(database: Database, now: number): Promise<number> {
  const { rows } = await database.write((client) =>
    client.execute<{ number: string }>(sql`
      update invoices set document = null
      where document is not null and retain_until <= to_timestamp(${now}::bigint / 1000.0) returning number`),
  );
  return rows.length;
}
