/** Tables of the catalog: products, their options, pictures and drop times, SKUs and prices. */
import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  char,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import type { ProductDetail } from "../../../contracts/catalog.ts";
import { amountMinor, moment } from "./columns.ts";

export interface OptionValue {
  value: string;
  label: string;
  /** CSS colour of a swatch. */
  swatch?: string;
}

export const products = pgTable(
  "products",
  {
    slug: text().primaryKey(),
    name: text().notNull(),
    description: text().notNull(),
    category: text().notNull(),
    /** What a buyer looks up: size, weight, what is in the box. In order. */
    details: jsonb()
      .$type<ProductDetail[]>()
      .notNull()
      .default(sql`'[]'`),
    /** Order in lists, ascending. */
    position: integer().notNull(),
    /** Whether the store shows it. Products are never deleted: orders and ledger speak of their SKUs. */
    listed: boolean().notNull().default(true),
    createdAt: moment().notNull().defaultNow(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (table) => [
    check("products_slug", sql`${table.slug} ~ '^[a-z0-9][a-z0-9-]{0,78}[a-z0-9]$'`),
    check("products_details", sql`jsonb_typeof(${table.details}) = 'array'`),
    index("products_by_category").on(table.category, table.position),
  ],
);

export const productOptions = pgTable(
  "product_options",
  {
    productSlug: text()
      .notNull()
      .references(() => products.slug, { onUpdate: "cascade" }),
    name: text().notNull(),
    label: text().notNull(),
    position: integer().notNull(),
    values: jsonb().$type<OptionValue[]>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.productSlug, table.name] }),
    check("product_options_values", sql`jsonb_typeof(${table.values}) = 'array'`),
  ],
);

export const productImages = pgTable(
  "product_images",
  {
    id: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    productSlug: text()
      .notNull()
      .references(() => products.slug, { onUpdate: "cascade" }),
    /** Path below the store's origin. */
    src: text().notNull(),
    alt: text().notNull(),
    width: integer().notNull(),
    height: integer().notNull(),
    /** The option values this picture shows; empty for every variant. */
    options: jsonb().$type<Record<string, string>>().notNull(),
    position: integer().notNull(),
  },
  (table) => [
    unique("product_images_once").on(table.productSlug, table.src),
    check("product_images_size", sql`${table.width} > 0 and ${table.height} > 0`),
  ],
);

/** The moment from which a product's units can be held. No row: on sale already. */
export const drops = pgTable("drops", {
  productSlug: text()
    .primaryKey()
    .references(() => products.slug, { onUpdate: "cascade" }),
  opensAt: moment().notNull(),
});

export const skus = pgTable(
  "skus",
  {
    sku: text().primaryKey(),
    productSlug: text()
      .notNull()
      .references(() => products.slug, { onUpdate: "cascade" }),
    name: text().notNull(),
    options: jsonb().$type<Record<string, string>>().notNull(),
    /** Units one buyer may hold and own; null when unlimited. */
    purchaseLimit: integer(),
    /** Units the SKU's object receives when it is configured for the first time. Later stock changes are adjustments. */
    initialStock: integer().notNull(),
    /** Raised by triggers whenever price, limit or drop time change, so that an object never goes back to older terms. */
    termsVersion: integer().notNull().default(1),
    position: integer().notNull(),
    listed: boolean().notNull().default(true),
  },
  (table) => [
    index("skus_by_product").on(table.productSlug, table.position),
    check("skus_sku", sql`${table.sku} ~ '^[A-Z0-9][A-Z0-9-]{1,38}[A-Z0-9]$'`),
    check("skus_purchase_limit", sql`${table.purchaseLimit} > 0`),
    check("skus_initial_stock", sql`${table.initialStock} >= 0`),
    check("skus_terms_version", sql`${table.termsVersion} > 0`),
  ],
);

/** Prices and their history. The current price of a SKU is the one without an end; there is at most one. */
export const prices = pgTable(
  "prices",
  {
    id: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    sku: text()
      .notNull()
      .references(() => skus.sku, { onUpdate: "cascade" }),
    unitAmountMinor: amountMinor().notNull(),
    currency: char({ length: 3 }).notNull(),
    validFrom: moment().notNull().defaultNow(),
    validUntil: moment(),
    /** The id of the command that set it; null for those that came with the catalog. */
    changeId: text(),
  },
  (table) => [
    unique("prices_by_change").on(table.sku, table.changeId),
    uniqueIndex("prices_current")
      .on(table.sku)
      .where(sql`${table.validUntil} is null`),
    index("prices_history").on(table.sku, table.validFrom),
    check("prices_amount", sql`${table.unitAmountMinor} >= 0`),
    check("prices_currency", sql`${table.currency} ~ '^[A-Z]{3}$'`),
    check("prices_period", sql`${table.validUntil} >= ${table.validFrom}`),
  ],
);

/** One row, one number: raised by triggers with every statement that touches the catalog, so that copies know when to look. */
export const catalogVersion = pgTable(
  "catalog_version",
  {
    one: boolean().primaryKey().default(true),
    version: integer().notNull(),
    /** The version in which shipping or taxes changed last. */
    ratesRevision: integer().notNull().default(1),
    changedAt: moment().notNull().defaultNow(),
  },
  (table) => [
    check("catalog_version_one", sql`${table.one}`),
    check("catalog_version_version", sql`${table.version} > 0`),
  ],
);

/** How many pages the catalog's index has. A product is on the page that its slug's hash names, for good. */
export const INDEX_PAGES = 16;

/**
 * In which version of the catalog a product changed last: what of the index and of the products has to be read again. Kept by
 * triggers; a row outlives its product, so that a page of the index knows that something left it.
 */
export const catalogRevisions = pgTable(
  "catalog_revisions",
  {
    productSlug: text().primaryKey(),
    /** The page of the index that lists it. */
    page: smallint()
      .notNull()
      .generatedAlwaysAs(sql.raw(`get_byte(decode(md5(product_slug), 'hex'), 0) % ${INDEX_PAGES}`)),
    /** Whatever of it changed, its SKUs, prices and opening included. */
    revision: integer().notNull(),
    /** Its name or its pictures, which others' pages show as well. */
    linkRevision: integer().notNull(),
    /** The revision whose terms its SKUs' objects have taken over. */
    configuredRevision: integer().notNull().default(0),
    /** The revision that was last sent to be configured, and when: the same is not sent again while that may still be under way. */
    sentRevision: integer().notNull().default(0),
    sentAt: moment(),
  },
  (table) => [
    index("catalog_revisions_of_pages").on(table.page, table.revision),
    index("catalog_revisions_unconfigured")
      .on(table.revision)
      .where(sql`${table.configuredRevision} < ${table.revision}`),
  ],
);
