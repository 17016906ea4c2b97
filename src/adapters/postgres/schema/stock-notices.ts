/** The table of those who want to be told by e-mail when a SKU is back, or when a drop opens. */
import { sql } from "drizzle-orm";
import { check, index, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { STOCK_NOTICE_KINDS } from "../../../domain/stock-notice.ts";
import { moment, oneOf } from "./columns.ts";

/** One row per address and thing asked for. A row is open until the e-mail went out or the address wants none. */
export const stockNotices = pgTable(
  "stock_notices",
  {
    /** Random: it stands in the link that ends the e-mails. */
    id: uuid().primaryKey().defaultRandom(),
    /** Normalised (src/domain/email-address.ts). */
    email: text().notNull(),
    kind: text({ enum: STOCK_NOTICE_KINDS }).notNull(),
    /** The SKU of a `restock`, the product's slug of a `drop`. */
    subject: text().notNull(),
    createdAt: moment().notNull(),
    /** Until then one sender has taken it upon itself; afterwards anybody may try again. */
    claimedUntil: moment(),
    notifiedAt: moment(),
    unsubscribedAt: moment(),
  },
  (table) => [
    unique("stock_notices_once").on(table.email, table.kind, table.subject),
    index("stock_notices_open")
      .on(table.kind, table.subject, table.createdAt)
      .where(sql`${table.notifiedAt} is null and ${table.unsubscribedAt} is null`),
    index("stock_notices_by_age").on(table.createdAt),
    check("stock_notices_kind", sql`${table.kind} in (${oneOf(STOCK_NOTICE_KINDS)})`),
    check("stock_notices_email", sql`length(${table.email}) between 3 and 320`),
    check("stock_notices_subject", sql`length(${table.subject}) between 2 and 80`),
  ],
);
