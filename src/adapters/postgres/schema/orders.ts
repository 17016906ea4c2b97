/**
 * Tables of orders: the versioned copy of what the order objects own. Messages arrive late, twice and out of order, so
 * nothing here refers to the catalog or expects an order before its contact.
 */
import { sql } from "drizzle-orm";
import {
  boolean,
  char,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
} from "drizzle-orm/pg-core";
import type { KeptAddress } from "../../../contracts/postal-address.ts";
import {
  NOTICE_KINDS,
  type DisputeShown,
  type FraudWarningShown,
  type RefusedOperation,
} from "../../../contracts/messages.ts";
import {
  REFUND_CAUSES,
  REFUND_STATUSES,
  RESTOCK_STATUSES,
  type RefundLine,
} from "../../../domain/order/refunds.ts";
import { ORDER_STATUSES } from "../../../domain/order/status.ts";
import type { TaxAmount } from "../../../domain/tax.ts";
import { amountMinor, moment, oneOf } from "./columns.ts";

export const orders = pgTable(
  "orders",
  {
    orderId: text().primaryKey(),
    status: text({ enum: ORDER_STATUSES }).notNull(),
    /** The snapshot this row shows. A lower one never replaces a higher one. */
    version: integer().notNull(),
    openedAt: moment().notNull(),
    updatedAt: moment().notNull(),
    holdExpiresAt: moment().notNull(),
    /** HMAC by which SKU objects know the buyer. */
    buyer: text().notNull(),
    /** The account it was placed in, or that claimed it; null for a guest's, and once the person was erased. */
    accountId: text(),
    /** The code of its method. */
    shippingMethod: text().notNull(),
    subtotalMinor: amountMinor().notNull(),
    shippingMinor: amountMinor().notNull(),
    taxMinor: amountMinor().notNull(),
    totalMinor: amountMinor().notNull(),
    /** Those added and those included, with what each is of the total. */
    taxes: jsonb()
      .$type<readonly TaxAmount[]>()
      .notNull()
      .default(sql`'[]'`),
    currency: char({ length: 3 }).notNull(),
    refundRequested: boolean().notNull(),
    /** What Stripe refused for good: `[{ kind, amountMinor, code, at }]`. */
    refusedOperations: jsonb().$type<RefusedOperation[]>().notNull().default([]),
    disputes: jsonb().$type<DisputeShown[]>().notNull().default([]),
    fraudWarning: jsonb().$type<FraudWarningShown>(),
    /** When Postgres took this version: the distance to `updatedAt` is the lag. */
    persistedAt: moment().notNull().defaultNow(),
  },
  (table) => [
    // "Nulls first" is what plain `order by … desc` means; an index that says otherwise does not serve it.
    index("orders_newest").on(table.openedAt.desc().nullsFirst(), table.orderId.desc().nullsFirst()),
    index("orders_by_status").on(
      table.status,
      table.openedAt.desc().nullsFirst(),
      table.orderId.desc().nullsFirst(),
    ),
    index("orders_by_buyer").on(table.buyer, table.openedAt.desc().nullsFirst()),
    index("orders_by_account")
      .on(table.accountId, table.openedAt.desc().nullsFirst(), table.orderId.desc().nullsFirst())
      .where(sql`${table.accountId} is not null`),
    // By the number that people know an order by (src/domain/order/number.ts).
    index("orders_disputed")
      .on(table.openedAt)
      .where(sql`${table.disputes} <> '[]'`),
    index("orders_by_number").on(sql`right(${table.orderId}, 8)`),
    check("orders_status", sql`${table.status} in (${oneOf(ORDER_STATUSES)})`),
    check("orders_shipping_method", sql`${table.shippingMethod} ~ '^[a-z][a-z0-9_-]{0,39}$'`),
    check("orders_version", sql`${table.version} > 0`),
    check(
      "orders_amounts",
      sql`${table.subtotalMinor} >= 0 and ${table.shippingMinor} >= 0 and ${table.taxMinor} >= 0
        and ${table.totalMinor} = ${table.subtotalMinor} + ${table.shippingMinor} + ${table.taxMinor}`,
    ),
    check("orders_currency", sql`${table.currency} ~ '^[A-Z]{3}$'`),
  ],
);

/** What was ordered, at the price it was held for. Never changes after the first version. */
export const orderLines = pgTable(
  "order_lines",
  {
    orderId: text()
      .notNull()
      .references(() => orders.orderId),
    // No reference to skus: an order taken from the cached catalog must reach this table whatever became of the catalog.
    sku: text().notNull(),
    position: integer().notNull(),
    name: text().notNull(),
    quantity: integer().notNull(),
    unitAmountMinor: amountMinor().notNull(),
    /** Minor units, in the order of the order's `taxes`. */
    taxAmounts: jsonb()
      .$type<readonly number[]>()
      .notNull()
      .default(sql`'[]'`),
  },
  (table) => [
    primaryKey({ columns: [table.orderId, table.sku] }),
    index("order_lines_by_sku").on(table.sku),
    check("order_lines_quantity", sql`${table.quantity} > 0`),
    check("order_lines_amount", sql`${table.unitAmountMinor} >= 0`),
  ],
);

export const orderTimeline = pgTable(
  "order_timeline",
  {
    orderId: text()
      .notNull()
      .references(() => orders.orderId),
    position: integer().notNull(),
    status: text({ enum: ORDER_STATUSES }).notNull(),
    at: moment().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orderId, table.position] }),
    check("order_timeline_status", sql`${table.status} in (${oneOf(ORDER_STATUSES)})`),
  ],
);

/**
 * Personal data of an order, inserted once. `erasedAt` wins over any later content, so an erased row stays as a
 * tombstone; it may even be there before the order is, hence no reference.
 */
export const orderContacts = pgTable(
  "order_contacts",
  {
    orderId: text().primaryKey(),
    email: text(),
    /** The address as `normaliseEmail` gives it, by which ops search. */
    emailNormalised: text(),
    shippingAddress: jsonb().$type<KeptAddress>(),
    createdAt: moment().notNull().defaultNow(),
    erasedAt: moment(),
  },
  (table) => [
    index("order_contacts_by_email").on(table.emailNormalised),
    index("order_contacts_email_search").using("gin", sql`${table.emailNormalised} gin_trgm_ops`),
    check(
      "order_contacts_content",
      sql`(${table.erasedAt} is null) = (${table.email} is not null)
        and (${table.email} is null) = (${table.emailNormalised} is null)
        and (${table.email} is null) = (${table.shippingAddress} is null)`,
    ),
  ],
);

/** What an order knows of its PaymentIntents. Stripe owns the money; this is what reconciliation compares with it. */
export const payments = pgTable(
  "payments",
  {
    intentId: text().primaryKey(),
    orderId: text()
      .notNull()
      .references(() => orders.orderId),
    /** The order version that wrote the row. */
    orderVersion: integer().notNull(),
    decision: text({ enum: ["capture", "cancel"] }),
    amountMinor: amountMinor().notNull(),
    capturedMinor: amountMinor().notNull(),
    refundedMinor: amountMinor().notNull(),
    currency: char({ length: 3 }).notNull(),
    lastErrorCode: text(),
    updatedAt: moment().notNull(),
    /** When reconciliation last met it in Stripe's list of all intents. */
    listedAt: moment(),
  },
  (table) => [
    // The upsert goes by both columns, so an intent that two orders claim violates the primary key instead of moving.
    unique("payments_of_order").on(table.orderId, table.intentId),
    check("payments_decision", sql`${table.decision} in ('capture', 'cancel')`),
    check(
      "payments_amounts",
      sql`${table.amountMinor} >= 0 and ${table.capturedMinor} >= 0 and ${table.refundedMinor} >= 0
        and ${table.capturedMinor} <= ${table.amountMinor} and ${table.refundedMinor} <= ${table.capturedMinor}`,
    ),
    check("payments_order_version", sql`${table.orderVersion} > 0`),
  ],
);

/** What went back of an order's payment, or is about to: as the order has it, newest version. */
export const orderRefunds = pgTable(
  "order_refunds",
  {
    orderId: text()
      .notNull()
      .references(() => orders.orderId),
    /** The id of the command; of a refund made at Stripe's dashboard, Stripe's. */
    refundId: text().notNull(),
    cause: text({ enum: REFUND_CAUSES }).notNull(),
    amountMinor: amountMinor().notNull(),
    status: text({ enum: REFUND_STATUSES }).notNull(),
    /** `[{ sku, quantity, amountMinor }]` */
    lines: jsonb().$type<RefundLine[]>().notNull(),
    shippingMinor: amountMinor().notNull(),
    restock: text({ enum: RESTOCK_STATUSES }).notNull(),
    stripeId: text(),
    failure: text(),
    requestedAt: moment().notNull(),
    updatedAt: moment().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orderId, table.refundId] }),
    index("order_refunds_by_stripe_id").on(table.stripeId),
    check("order_refunds_amounts", sql`${table.amountMinor} >= 0 and ${table.shippingMinor} >= 0`),
    check("order_refunds_status", sql`${table.status} in (${oneOf(REFUND_STATUSES)})`),
  ],
);

/** What has left of an order: as the order has it, newest version. */
export const orderParcels = pgTable(
  "order_parcels",
  {
    orderId: text()
      .notNull()
      .references(() => orders.orderId),
    /** The id of the command that shipped it. */
    parcelId: text().notNull(),
    position: integer().notNull(),
    carrier: text().notNull(),
    trackingNumber: text().notNull(),
    /** `[{ sku, quantity }]` */
    lines: jsonb().$type<{ sku: string; quantity: number }[]>().notNull(),
    shippedAt: moment().notNull(),
    /** The id of the command that said it had arrived. */
    deliveryId: text(),
    deliveredAt: moment(),
  },
  (table) => [
    primaryKey({ columns: [table.orderId, table.parcelId] }),
    check("order_parcels_delivery", sql`(${table.deliveryId} is null) = (${table.deliveredAt} is null)`),
  ],
);

/** Which notices have gone out, so that a repeated message sends no second e-mail. */
export const sentNotices = pgTable(
  "sent_notices",
  {
    orderId: text().notNull(),
    kind: text({ enum: NOTICE_KINDS }).notNull(),
    /** What of the order it told of: the id of a refund, a shipment or a delivery; empty for the order. */
    about: text().notNull().default(""),
    sentAt: moment().notNull(),
  },
  (table) => [primaryKey({ columns: [table.orderId, table.kind, table.about] })],
);
