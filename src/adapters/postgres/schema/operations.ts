/** Tables of operations: Stripe's events, dead letters and the audit log. */
import { sql } from "drizzle-orm";
import { bigint, check, index, integer, jsonb, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import type { IntentView } from "../../../contracts/messages.ts";
import { moment } from "./columns.ts";

/** Every verified event Stripe sent, once. A record, not a gate: orders do not wait for it. */
export const stripeEvents = pgTable(
  "stripe_events",
  {
    eventId: text().primaryKey(),
    eventType: text().notNull(),
    createdAt: moment().notNull(),
    receivedAt: moment().notNull().defaultNow(),
    orderId: text(),
    intent: jsonb().$type<IntentView>(),
  },
  (table) => [
    index("stripe_events_by_order").on(table.orderId, table.createdAt),
    index("stripe_events_newest").on(table.createdAt.desc().nullsFirst()),
  ],
);

/** Messages that could not be handled: open until they are replayed or discarded, then kept for a while. */
export const deadLetters = pgTable(
  "dead_letters",
  {
    id: uuid().primaryKey().defaultRandom(),
    queue: text().notNull(),
    /** The queue's id of the message: a dead letter delivered twice is stored once. */
    messageId: text().notNull(),
    // Text, not jsonb: what jsonb refuses (a NUL in a string, half a surrogate pair) is exactly what ends up here.
    body: text().notNull(),
    error: text(),
    attempts: integer().notNull(),
    storedAt: moment().notNull().defaultNow(),
    replayedAt: moment(),
    replayedBy: text(),
    discardedAt: moment(),
    discardedBy: text(),
    discardReason: text(),
  },
  (table) => [
    unique("dead_letters_once").on(table.queue, table.messageId),
    index("dead_letters_open")
      .on(table.storedAt.desc().nullsFirst(), table.id.desc().nullsFirst())
      .where(sql`${table.replayedAt} is null and ${table.discardedAt} is null`),
    index("dead_letters_by_age").on(table.storedAt),
    check("dead_letters_replayed", sql`(${table.replayedAt} is null) = (${table.replayedBy} is null)`),
    check(
      "dead_letters_discarded",
      sql`(${table.discardedAt} is null) = (${table.discardedBy} is null)
        and (${table.discardedAt} is null) = (${table.discardReason} is null)
        and (${table.discardedAt} is null or ${table.replayedAt} is null)`,
    ),
  ],
);

/** Who changed what, when and why. Append-only: a trigger refuses anything else. */
export const auditLog = pgTable(
  "audit_log",
  {
    id: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    at: moment().notNull().defaultNow(),
    actor: text().notNull(),
    action: text().notNull(),
    /** What it was done to: a SKU, an order id, a dead letter's id. */
    subject: text().notNull(),
    reason: text(),
    details: jsonb().$type<Record<string, unknown>>().notNull(),
    requestId: text(),
  },
  (table) => [
    index("audit_log_by_subject").on(table.subject, table.at),
    index("audit_log_by_actor").on(table.actor, table.at),
  ],
);
