/** Reads the whole catalog, as it stands at one moment. */
import { sql } from "drizzle-orm";
import { CatalogEntry } from "../catalog/content.ts";
import type { Database } from "./connection.ts";

/**
 * Every listed product with its listed SKUs that have a price, in list order. One statement, so price and version of a
 * SKU's terms belong together.
 *
 * @throws where Postgres cannot be reached, or holds something that is not a catalog
 */
export async function readCatalog(database: Database): Promise<CatalogEntry[]> {
  const result = await database.read((client) => client.execute<{ entry: unknown }>(WHOLE_CATALOG));
  return result.rows.map((row) => CatalogEntry.parse(row.entry));
}

const WHOLE_CATALOG = sql`
  select jsonb_build_object(
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
    'terms', coalesce(offered.terms, '{}')
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
        'initialStock', jsonb_build_object('id', 'initial:' || skus.sku, 'quantity', skus.initial_stock))) as terms
    from skus join prices on prices.sku = skus.sku and prices.valid_until is null
    where skus.product_slug = products.slug and skus.listed
  ) as offered on true
  where products.listed
  order by products.position, products.slug`;
