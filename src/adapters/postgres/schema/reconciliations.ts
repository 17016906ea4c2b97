/** Tables of reconciliation: its runs, how far each has come, and what it found. */
import { sql } from "drizzle-orm";
import { bigint, check, index, integer, jsonb, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { RECONCILIATION_STATUSES, RUN_SCOPES, type RunCursor } from "../../../contracts/reconciliation.ts";
import { DRIFT_ACTIONS, DRIFT_KINDS } from "../../../domain/reconciliation/drift.ts";
import { moment, oneOf } from "./columns.ts";

export const reconciliations = pgTable(
  "reconciliations",
  {
    id: uuid().primaryKey().defaultRandom(),
    scope: text({ enum: RUN_SCOPES }).notNull(),
    /** What changed since then is looked at; null for all. */
    since: moment(),
    status: text({ enum: RECONCILIATION_STATUSES }).notNull(),
    /** Steps taken: a message of another one is late. */
    step: integer().notNull().default(0),
    cursor: jsonb().$type<RunCursor>().notNull(),
    startedAt: moment().notNull(),
    updatedAt: moment().notNull(),
    finishedAt: moment(),
  },
  (table) => [
    index("reconciliations_newest").on(table.startedAt.desc().nullsFirst()),
    check("reconciliations_scope", sql`${table.scope} in (${oneOf(RUN_SCOPES)})`),
    check("reconciliations_status", sql`${table.status} in (${oneOf(RECONCILIATION_STATUSES)})`),
  ],
);

export const reconciliationFindings = pgTable(
  "reconciliation_findings",
  {
    id: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    reconciliationId: uuid()
      .notNull()
      .references(() => reconciliations.id, { onDelete: "cascade" }),
    kind: text({ enum: DRIFT_KINDS }).notNull(),
    action: text({ enum: DRIFT_ACTIONS }).notNull(),
    orderId: text(),
    sku: text(),
    intentId: text(),
  },
  (table) => [
    // A step that is taken twice, or a difference met from both sides, is one finding.
    unique("reconciliation_findings_once")
      .on(table.reconciliationId, table.kind, table.orderId, table.sku, table.intentId)
      .nullsNotDistinct(),
    check("reconciliation_findings_kind", sql`${table.kind} in (${oneOf(DRIFT_KINDS)})`),
  ],
);
