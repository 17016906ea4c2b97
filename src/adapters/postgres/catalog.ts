/** Reads the catalog as it stands at one moment, as much of it as changed, and the number that tells whether it has. */
import { sql } from "drizzle-orm";
import * as z from "zod";
import { CatalogProduct, IndexPage, PageRevisions } from "../catalog/content.ts";
import { KeptRates } from "../../contracts/rates.ts";
import type { Rates } from "../../domain/rates.ts";
import type { Database } from "./connection.ts";
import type { PostgresClient } from "./neon-client.ts";
import { RATES } from "./rates.ts";

/** The index at one version of the catalog. */
export interface ReadIndex {
  /** Rises with every change of the catalog. */
  readonly version: number;
  /** The revision of every page. */
  readonly revisions: PageRevisions;
  /** The pages that bear another revision than the one that was known; each with its listed products. */
  readonly pages: ReadonlyMap<string, IndexPage>;
  readonly rates: Rates;
}

/** A product whose copy is wanted, no older than this. */
export interface WantedProduct {
  readonly slug: string;
  readonly revision: number;
}

/**
 * The pages of the index that changed. One statement, so that version and pages belong together.
 *
 * @param atLeast a version known to exist: a replica that has not come that far yet is not believed, the primary is asked
 * @param known the revisions of the pages that need not be read
 * @throws where Postgres cannot be reached, or holds something that is not a catalog
 */
export async function readIndex(
  database: Database,
  atLeast = 0,
  known: PageRevisions = {},
): Promise<ReadIndex> {
  const read = (client: PostgresClient) => indexSince(client, known);
  const found = await database.read(read);
  return found.version >= atLeast ? found : await database.write(read);
}

/**
 * Products by themselves, with their listed SKUs that have a price. One that is not listed is left out.
 *
 * @param wanted a product whose revision a replica does not have yet is read from the primary
 * @throws where Postgres cannot be reached
 */
export async function readProducts(
  database: Database,
  wanted: readonly WantedProduct[],
): Promise<CatalogProduct[]> {
  const found = await database.read((client) => productsOf(client, wanted));
  const revisions = new Map(found.map(({ product, revision }) => [product.slug, revision]));
  const behind = wanted.filter(({ slug, revision }) => (revisions.get(slug) ?? -1) < revision);
  if (behind.length === 0) return found;
  const newer = await database.write((client) => productsOf(client, behind));
  const isBehind = new Set(behind.map(({ slug }) => slug));
  return [...found.filter(({ product }) => !isBehind.has(product.slug)), ...newer];
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

async function indexSince(client: PostgresClient, known: PageRevisions): Promise<ReadIndex> {
  const [row] = (
    await client.execute<{ version: unknown; revisions: unknown; pages: unknown; rates: unknown }>(sql`
      with current as materialized (
        select page, max(revision) as revision from catalog_revisions group by page
      ), changed as (
        select page, revision from current
        where revision is distinct from (${JSON.stringify(known)}::jsonb ->> page::text)::integer
      )
      select catalog_version.version,
        (select coalesce(jsonb_object_agg(page, revision), '{}') from current) as revisions,
        (select coalesce(jsonb_object_agg(page, content), '{}') from (
          select changed.page, jsonb_build_object('revision', changed.revision, 'entries',
            coalesce(jsonb_agg(listed.entry) filter (where listed.entry is not null), '[]')) as content
          from changed left join (${INDEX_ROWS}) as listed using (page)
          group by changed.page, changed.revision) as written) as pages,
        ${RATES} as rates
      from catalog_version`)
  ).rows;
  if (row === undefined) throw new Error("the catalog has no version");
  return {
    version: Version.parse(row.version),
    revisions: PageRevisions.parse(row.revisions),
    pages: new Map(Object.entries(z.record(z.string(), IndexPage).parse(row.pages))),
    rates: KeptRates.parse(row.rates),
  };
}

const epochMs = (moment: string) => sql.raw(`round(extract(epoch from ${moment}) * 1000)::bigint`);

const INDEX_ROWS = sql`
  select revised.page, jsonb_build_array(products.slug, products.name, products.category, products.position,
    revised.revision, revised.link_revision, ${epochMs("drops.opens_at")},
    ${epochMs("greatest(products.updated_at, offered.priced_at)")}, coalesce(offered.skus, '[]')) as entry
  from catalog_revisions as revised
  join products on products.slug = revised.product_slug and products.listed
  left join drops on drops.product_slug = products.slug
  left join (
    select skus.product_slug, jsonb_agg(skus.sku order by skus.position, skus.sku) as skus,
      max(prices.valid_from) as priced_at
    from skus join prices on prices.sku = skus.sku and prices.valid_until is null
    where skus.listed group by skus.product_slug
  ) as offered on offered.product_slug = products.slug`;

async function productsOf(
  client: PostgresClient,
  wanted: readonly Pick<WantedProduct, "slug">[],
): Promise<CatalogProduct[]> {
  if (wanted.length === 0) return [];
  const slugs = JSON.stringify(wanted.map(({ slug }) => slug));
  const { rows } = await client.execute<{ product: unknown }>(sql`
    select ${PRODUCT} as product
    from products
    left join drops on drops.product_slug = products.slug
    left join lateral (${OFFERED}) as offered on true
    where products.slug = any (array(select jsonb_array_elements_text(${slugs}::jsonb))) and products.listed`);
  return z.array(CatalogProduct).parse(rows.map(({ product }) => product));
}

const PRODUCT = sql`
  jsonb_build_object('revision', (select revision from catalog_revisions where product_slug = products.slug),
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
    'terms', coalesce(offered.terms, '{}'))`;

const OFFERED = sql`
  select
    jsonb_agg(jsonb_build_object('sku', skus.sku, 'name', skus.name, 'options', skus.options,
      'price', jsonb_build_object('amount', prices.unit_amount_minor, 'currency', prices.currency),
      'purchaseLimit', skus.purchase_limit) order by skus.position, skus.sku) as skus,
    jsonb_object_agg(skus.sku, jsonb_build_object('version', skus.terms_version,
      'unitAmountMinor', prices.unit_amount_minor, 'currency', prices.currency,
      'purchaseLimit', skus.purchase_limit,
      'opensAt', ${epochMs("drops.opens_at")},
      'initialStock', jsonb_build_object('id', 'initial:' || skus.sku, 'quantity', skus.initial_stock))) as terms
  from skus join prices on prices.sku = skus.sku and prices.valid_until is null
  where skus.product_slug = products.slug and skus.listed`;
