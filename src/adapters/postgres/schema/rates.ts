/** Tables of the merchant's rates: where the store ships to, how and for how much, and which taxes are due where. */
import { sql } from "drizzle-orm";
import { boolean, char, check, index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { COUNTRIES_KNOWN } from "../../../domain/countries.ts";
import { amountMinor, oneOf } from "./columns.ts";

export const shippingZones = pgTable("shipping_zones", {
  code: text().primaryKey(),
  name: text().notNull(),
  position: integer().notNull(),
});

/** A country that is in no zone is not shipped to. */
export const shippingZoneCountries = pgTable(
  "shipping_zone_countries",
  {
    /** ISO 3166-1 alpha-2. */
    country: char({ length: 2 }).primaryKey(),
    zone: text()
      .notNull()
      .references(() => shippingZones.code, { onUpdate: "cascade", onDelete: "cascade" }),
  },
  (table) => [
    index("shipping_zone_countries_of_zone").on(table.zone),
    // Addresses of other countries cannot be judged or written (src/domain/countries.ts).
    check("shipping_zone_countries_country", sql`${table.country} in (${oneOf(COUNTRIES_KNOWN)})`),
  ],
);

export const shippingMethods = pgTable(
  "shipping_methods",
  {
    zone: text()
      .notNull()
      .references(() => shippingZones.code, { onUpdate: "cascade", onDelete: "cascade" }),
    code: text().notNull(),
    name: text().notNull(),
    amountMinor: amountMinor().notNull(),
    /** From this subtotal on it is free; null where it never is. */
    freeFromMinor: amountMinor(),
    currency: char({ length: 3 }).notNull(),
    /** Business days on the way. */
    leastDays: integer().notNull(),
    mostDays: integer().notNull(),
    position: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.zone, table.code] }),
    check("shipping_methods_code", sql`${table.code} ~ '^[a-z][a-z0-9_-]{0,39}$'`),
    check("shipping_methods_amounts", sql`${table.amountMinor} >= 0 and ${table.freeFromMinor} >= 0`),
    check("shipping_methods_currency", sql`${table.currency} ~ '^[A-Z]{3}$'`),
    check("shipping_methods_days", sql`${table.leastDays} >= 1 and ${table.mostDays} >= ${table.leastDays}`),
  ],
);

export const taxRates = pgTable(
  "tax_rates",
  {
    country: char({ length: 2 }).notNull(),
    /** A code of `src/domain/region-codes.ts`; empty for the whole country. */
    region: text().notNull().default(""),
    name: text().notNull(),
    basisPoints: integer().notNull(),
    /** Whether prices contain it; else it is added to them. */
    included: boolean().notNull(),
    onShipping: boolean().notNull().default(true),
    position: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.country, table.region, table.name] }),
    check("tax_rates_country", sql`${table.country} in (${oneOf(COUNTRIES_KNOWN)})`),
    check("tax_rates_region", sql`${table.region} ~ '^[A-Z]{0,3}$'`),
    check("tax_rates_basis_points", sql`${table.basisPoints} between 0 and 10000`),
  ],
);
