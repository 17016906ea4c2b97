/** Tables of invoices: their numbers, without gaps, and what each says. They outlive the personal data of their orders. */
import { sql } from "drizzle-orm";
import { check, index, integer, jsonb, pgTable, text, unique } from "drizzle-orm/pg-core";
import type { InvoiceDocument } from "../../../domain/invoice.ts";
import { moment } from "./columns.ts";

export const INVOICE_KINDS = ["invoice", "credit_note"] as const;

/** The last number of each series: of a kind and a year. Its row's lock makes numbers follow one another. */
export const invoiceSeries = pgTable("invoice_series", {
  series: text().primaryKey(),
  lastSequence: integer().notNull(),
});

export const invoices = pgTable(
  "invoices",
  {
    /** As it is printed: `2026-000001`, `CN-2026-000001`. */
    number: text().primaryKey(),
    series: text().notNull(),
    sequence: integer().notNull(),
    kind: text({ enum: INVOICE_KINDS }).notNull(),
    orderId: text().notNull(),
    /** The refund that a credit note is about; empty for an invoice. */
    refundId: text().notNull().default(""),
    issuedAt: moment().notNull(),
    retainUntil: moment().notNull(),
    /** Null once it need not be kept any more; the number stays taken. */
    document: jsonb().$type<InvoiceDocument>(),
  },
  (table) => [
    unique("invoices_sequence").on(table.series, table.sequence),
    unique("invoices_once").on(table.orderId, table.kind, table.refundId),
    index("invoices_retained")
      .on(table.retainUntil)
      .where(sql`${table.document} is not null`),
    check("invoices_kind", sql`${table.kind} in ('invoice', 'credit_note')`),
    check("invoices_refund", sql`(${table.kind} = 'credit_note') = (${table.refundId} <> '')`),
    check("invoices_sequence_positive", sql`${table.sequence} > 0`),
  ],
);
