/** Tables of stock: the copy of each SKU object's ledger, its newest level, and how far the ledger is complete. */
import { sql } from "drizzle-orm";
import { bigint, check, index, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { LEDGER_KINDS } from "../../../contracts/messages.ts";
import { moment, oneOf } from "./columns.ts";

/** Those of the objects, and the bridge over entries that a restore of Postgres has lost. */
const KEPT_KINDS = [...LEDGER_KINDS, "restored"] as const;

const units = () => bigint({ mode: "number" });
const sequenceNumber = () => bigint({ mode: "number" });

/** Every change of a SKU's units, numbered by its object. Append-only: a trigger refuses anything else. */
export const stockLedger = pgTable(
  "stock_ledger",
  {
    sku: text().notNull(),
    sequence: sequenceNumber().notNull(),
    kind: text({ enum: KEPT_KINDS }).notNull(),
    /** The order, adjustment or return the entry belongs to. */
    reference: text().notNull(),
    reason: text(),
    at: moment().notNull(),
    availableDelta: units().notNull(),
    heldDelta: units().notNull(),
    soldDelta: units().notNull(),
    receivedDelta: units().notNull(),
    adjustedDelta: units().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.sku, table.sequence] }),
    index("stock_ledger_by_reference").on(table.reference),
    check("stock_ledger_sequence", sql`${table.sequence} > 0`),
    check("stock_ledger_kind", sql`${table.kind} in (${oneOf(KEPT_KINDS)})`),
    check(
      "stock_ledger_conservation",
      sql`${table.availableDelta} + ${table.heldDelta} + ${table.soldDelta} = ${table.receivedDelta} + ${table.adjustedDelta}`,
    ),
  ],
);

/** A SKU's figures after ledger entry `sequence`. A lower sequence never replaces a higher one. */
export const stockLevels = pgTable(
  "stock_levels",
  {
    sku: text().primaryKey(),
    sequence: sequenceNumber().notNull(),
    available: units().notNull(),
    held: units().notNull(),
    sold: units().notNull(),
    received: units().notNull(),
    adjusted: units().notNull(),
    opensAt: moment(),
    at: moment().notNull(),
  },
  (table) => [
    index("stock_levels_held")
      .on(table.sku)
      .where(sql`${table.held} > 0`),
    check("stock_levels_units", sql`${table.available} >= 0 and ${table.held} >= 0 and ${table.sold} >= 0`),
    check(
      "stock_levels_conservation",
      sql`${table.available} + ${table.held} + ${table.sold} = ${table.received} + ${table.adjusted}`,
    ),
  ],
);

/** Up to which sequence a SKU's ledger is here without a gap: the most that may be confirmed to its object. */
export const ledgerProgress = pgTable(
  "ledger_progress",
  {
    sku: text().primaryKey(),
    completeThrough: sequenceNumber().notNull(),
  },
  (table) => [check("ledger_progress_sequence", sql`${table.completeThrough} >= 0`)],
);
