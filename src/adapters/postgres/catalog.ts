/** Reads the whole catalog, as it stands at one moment, and the number that tells whether it has changed since. */
import { sql } from "drizzle-orm";
import { z } from "zod";
import { CatalogEntry } from "../catalog/content.ts";
import type { Database } from "./connection.ts";
import type { PostgresClient } from "./neon-client.ts";

export interface VersionedCatalog {
  /** Rises with every change of the catalog. */
  readonly version: number;
  /** Every listed product with its listed SKUs that have a price, in list order. */
  readonly entries: CatalogEntry[];
}

/**
 * One statement, so version, prices and terms belong together.
 *
 * @param atLeast a version known to exist: a replica that has not come that far yet is not believed, the primary is asked
 * @throws where Postgres cannot be reached, or holds something that is not a catalog
 */
export async function readCatalog(database: Database, atLeast = 0): Promise<VersionedCatalog> {
  const found = await database.read(wholeCatalog);
  return found.version >= atLeast ? found : await database.write(wholeCatalog);
}

/** The newest version a replica knows of. @throws where Postgres cannot be reached */
export async function readCatalogVersion(database: Database): Promise<number> {
  return await database.read(version);
}

/** The version on the primary: whatever was just written is in it. @throws where the primary cannot be reached */
export async function readNewestCatalogVersion(database: Database): Promise<number> {
  return await database.write(version);
}

async function version(client: PostgresClient): Promise<number> {
  const result = await client.execute<{ version: unknown }>(sql`select version from catalog_version`);
  return Version.parse(result.rows[0]?.version);
}

const Version = z.coerce.number().int().positive();

async function wholeCatalog(client: PostgresClient): Promise<VersionedCatalog> {
  const [row] = (await client.execute<{ version: unknown; entries: unknown[] }>(WHOLE_CATALOG)).rows;
  if (row === undefined) throw new Error("the catalog has no version");
  return { version: Version.parse(row.version), entries: z.array(CatalogEntry).parse(row.entries) };
}

const WHOLE_CATALOG = sql`
  select catalog_version.version, coalesce(
    (select jsonb_agg(entry order by position, slug) from (${listedProducts()}) as listed), '[]') as entries
  from catalog_version`;

function listedProducts() {
  return sql`
  select products.position, products.slug, jsonb_build_object(
    'product', jsonb_strip_nulls(jsonb_build_object(
      'slug', products.slug, 'name', products.name, 'description', products.description,
      'category', products.category, 'details', nullif(products.details, '[]'),
      'dropAt', to_char(drops.opens_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'images', coalesce(
        (select jsonb_agg(jsonb_build_object('src', src, 'alt', alt, 'width', width, 'height', height,
            'options', options) order by position, id)
          from product_images where product_slug = products.slug), '[]'),
      'options', coalesce(
        (select jsonb_agg(jsonb_build_object('name', name, 'label', label, 'values', values) order by position, name)
          from product_options where product_slug = products.slug), '[]')
    )) || jsonb_build_object('skus', coalesce(offered.skus, '[]')),
    'terms', coalesce(offered.terms, '{}'),
    'modifiedAt', to_char(greatest(products.updated_at, offered.priced_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  ) as entry
  from products
  left join drops on drops.product_slug = products.slug
  left join lateral (
    select
      jsonb_agg(jsonb_build_object('sku', skus.sku, 'name', skus.name, 'options', skus.options,
        'price', jsonb_build_object('amount', prices.unit_amount_minor, 'currency', prices.currency),
        'purchaseLimit', skus.purchase_limit) order by skus.position, skus.sku) as skus,
      jsonb_object_agg(skus.sku, jsonb_build_object('version', skus.terms_version,
        'unitAmountMinor', prices.unit_amount_minor, 'currency', prices.currency,
        'purchaseLimit', skus.purchase_limit,
        'opensAt', round(extract(epoch from drops.opens_at) * 1000)::bigint,
        'initialStock', jsonb_build_object('id', 'initial:' || skus.sku, 'quantity', skus.initial_stock))) as terms,
      max(prices.valid_from) as priced_at
    from skus join prices on prices.sku = skus.sku and prices.valid_until is null
    where skus.product_slug = products.slug and skus.listed
  ) as offered on true
  where products.listed`;
}
