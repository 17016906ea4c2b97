/** Tables of what somebody with an account keeps here, and of whom is to be forgotten. */
import { sql } from "drizzle-orm";
import { boolean, check, index, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { users } from "./accounts.ts";
import { moment } from "./columns.ts";

/** Where somebody's parcels go. */
export const addresses = pgTable(
  "addresses",
  {
    id: uuid().primaryKey().defaultRandom(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    name: text().notNull(),
    line1: text().notNull(),
    line2: text().notNull().default(""),
    city: text().notNull(),
    region: text().notNull().default(""),
    postalCode: text().notNull(),
    country: text().notNull(),
    isDefault: boolean().notNull().default(false),
    createdAt: moment().notNull().defaultNow(),
  },
  (table) => [
    index("addresses_by_user").on(table.userId, table.createdAt),
    // However many requests come at once.
    uniqueIndex("addresses_one_default")
      .on(table.userId)
      .where(sql`${table.isDefault}`),
    check("addresses_country", sql`${table.country} ~ '^[A-Z]{2}$'`),
  ],
);

/** What somebody wants to remember. The catalog may drop a SKU; the wish stays. */
export const wishlistItems = pgTable(
  "wishlist_items",
  {
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    sku: text().notNull(),
    addedAt: moment().notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.sku] }),
    index("wishlist_items_newest").on(
      table.userId,
      table.addedAt.desc().nullsFirst(),
      table.sku.desc().nullsFirst(),
    ),
    check("wishlist_items_sku", sql`length(${table.sku}) between 2 and 80`),
  ],
);

/**
 * Accounts that were deleted and whose orders have not all lost the person yet: one may still be on its way here, another be
 * a parcel that has to arrive. The account's id is all that is left of it.
 */
export const accountErasures = pgTable(
  "account_erasures",
  {
    accountId: text().primaryKey(),
    requestedAt: moment().notNull(),
  },
  (table) => [index("account_erasures_by_age").on(table.requestedAt)],
);
