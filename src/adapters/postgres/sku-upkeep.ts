/** Which SKUs' objects need attention, as Postgres knows: those whose terms changed, those that hold units. */
import { sql } from "drizzle-orm";
import type { CatalogProduct } from "../catalog/content.ts";
import { readProducts } from "./catalog.ts";
import type { Database } from "./connection.ts";

/** A product whose terms its SKUs' objects have not all taken over. */
export interface ChangedProduct {
  readonly slug: string;
  /** How many SKUs it has, listed or not. */
  readonly skuCount: number;
}

/**
 * Takes products that changed and were not marked as configured since, the oldest change first. What was taken at its present
 * revision is not taken again for a while, so that what is slow to be done does not pile up.
 *
 * @param now epoch ms
 * @param againAfterMs when what was taken and not done is taken again
 * @throws where the primary cannot be reached
 */
export async function takeUnconfigured(
  database: Database,
  {
    limit,
    now,
    againAfterMs,
  }: { readonly limit: number; readonly now: number; readonly againAfterMs: number },
): Promise<ChangedProduct[]> {
  const moment = (at: number) => sql`${new Date(at).toISOString()}::timestamptz`;
  const { rows } = await database.write((client) =>
    client.execute<{ slug: string; sku_count: unknown }>(sql`
      with next as materialized (
        select product_slug from catalog_revisions
        where configured_revision < revision and (sent_revision < revision or sent_at <= ${moment(now - againAfterMs)})
        order by revision limit ${limit}::integer for update skip locked
      )
      update catalog_revisions as changed set sent_revision = revision, sent_at = ${moment(now)}
      where product_slug = any (array(select product_slug from next))
      returning product_slug as slug,
        (select count(*) from skus where skus.product_slug = changed.product_slug) as sku_count`),
  );
  return rows.map(({ slug, sku_count: skuCount }) => ({ slug, skuCount: Number(skuCount) }));
}

/** The products among these that still wait to be configured, with their terms; and the revision of those that have left the list. */
export interface Unconfigured {
  readonly products: readonly CatalogProduct[];
  readonly unlisted: readonly ConfiguredProduct[];
}

/** @throws where Postgres cannot be reached */
export async function readUnconfigured(database: Database, slugs: readonly string[]): Promise<Unconfigured> {
  const { rows } = await database.write((client) =>
    client.execute<{ slug: string; revision: unknown }>(sql`
      select product_slug as slug, revision from catalog_revisions
      where product_slug = any (array(select jsonb_array_elements_text(${JSON.stringify(slugs)}::jsonb)))
        and configured_revision < revision`),
  );
  const wanted = rows.map(({ slug, revision }) => ({ slug, revision: Number(revision) }));
  const products = await readProducts(database, wanted);
  const listed = new Set(products.map(({ product }) => product.slug));
  return { products, unlisted: wanted.filter(({ slug }) => !listed.has(slug)) };
}

export interface ConfiguredProduct {
  readonly slug: string;
  /** The revision whose terms the objects have. */
  readonly revision: number;
}

/** Marks products whose SKUs' objects have taken over the terms of a revision. @throws where the primary cannot be reached */
export async function markConfigured(
  database: Database,
  configured: readonly ConfiguredProduct[],
): Promise<void> {
  if (configured.length === 0) return;
  await database.write((client) =>
    client.execute(sql`
      with done as materialized (
        select * from jsonb_to_recordset(${JSON.stringify(configured)}::jsonb) as given(slug text, revision integer)
      )
      update catalog_revisions
      set configured_revision = greatest(configured_revision, (select revision from done where slug = product_slug))
      where product_slug = any (array(select slug from done))`),
  );
}

/**
 * SKUs that hold units, as far as their ledger is here: those that were heard of least lately first.
 *
 * @param slot of `slots`, by the SKU's hash: each SKU is in one of them, for good
 * @throws where Postgres cannot be reached
 */
export async function listHolding(
  database: Database,
  slot: number,
  slots: number,
  limit: number,
): Promise<string[]> {
  const { rows } = await database.read((client) =>
    client.execute<{ sku: string }>(sql`
      select sku from stock_levels
      where held > 0 and get_byte(decode(md5(sku), 'hex'), 0) % ${slots}::integer = ${slot}::integer
      order by at limit ${limit}::integer`),
  );
  return rows.map(({ sku }) => sku);
}
