/** Fills a migrated database with the seed catalog: `node local/seed/seed.ts <connection string>`, or DATABASE_URL. */
import { and, inArray, notInArray, sql } from "drizzle-orm";
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import {
  drops,
  prices,
  productImages,
  productOptions,
  products,
  skus,
} from "../../src/adapters/postgres/schema/catalog.ts";
import {
  shippingMethods,
  shippingZoneCountries,
  shippingZones,
  taxRates,
} from "../../src/adapters/postgres/schema/rates.ts";
import { postgresClient } from "../postgres/client.ts";
import { SEED_PRODUCTS } from "./catalog.ts";
import { SEED_RATES } from "./rates.ts";
import { CURRENCY } from "./seed-product.ts";

const CONNECT_TIMEOUT_MS = 10_000;
/** The drop opens at this hour (UTC) of the first day that leaves shoppers this much notice. */
const DROP_HOUR_UTC = 17;
const DROP_NOTICE_MS = 48 * 60 * 60 * 1000;

/** The drop time for a catalog seeded at `now` (epoch ms): 17:00 UTC, between 48 and 72 hours ahead. */
export function dropTimeAfter(now: number): Date {
  const opensAt = new Date(now + DROP_NOTICE_MS);
  if (opensAt.getUTCHours() >= DROP_HOUR_UTC) opensAt.setUTCDate(opensAt.getUTCDate() + 1);
  opensAt.setUTCHours(DROP_HOUR_UTC, 0, 0, 0);
  return opensAt;
}

/**
 * Adds what is missing and brings texts and pictures up to date, in one transaction. What is already sold under stays:
 * prices, limits, stock and drop times that exist are left alone, so seeding again never changes anyone's terms.
 */
export async function seedCatalog(databaseUrl: string, now = Date.now()): Promise<void> {
  const client = postgresClient(databaseUrl, { connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  await client.connect();
  try {
    await drizzle(client, { casing: "snake_case" }).transaction(async (database) => {
      await database
        .insert(products)
        .values(
          SEED_PRODUCTS.map(({ slug, name, description, category, details }, position) => ({
            slug,
            name,
            description,
            category,
            details,
            position,
          })),
        )
        .onConflictDoUpdate({
          target: products.slug,
          set: {
            name: sql`excluded.name`,
            description: sql`excluded.description`,
            category: sql`excluded.category`,
            details: sql`excluded.details`,
            position: sql`excluded.position`,
            // Search engines are told of this moment: seeding the same again is no change.
            updatedAt: sql`case when (${products.name}, ${products.description}, ${products.category}, ${products.details})
              is distinct from (excluded.name, excluded.description, excluded.category, excluded.details)
              then now() else ${products.updatedAt} end`,
          },
        });
      await database
        .insert(productOptions)
        .values(
          SEED_PRODUCTS.flatMap(({ slug, options }) =>
            options.map((option, position) => ({ productSlug: slug, ...option, position })),
          ),
        )
        .onConflictDoUpdate({
          target: [productOptions.productSlug, productOptions.name],
          set: {
            label: sql`excluded.label`,
            position: sql`excluded.position`,
            values: sql`excluded."values"`,
          },
        });
      const images = SEED_PRODUCTS.flatMap(({ slug, images }) =>
        images.map((image, position) => ({ productSlug: slug, ...image, position })),
      );
      await database
        .insert(productImages)
        .values(images)
        .onConflictDoUpdate({
          target: [productImages.productSlug, productImages.src],
          set: {
            alt: sql`excluded.alt`,
            width: sql`excluded.width`,
            height: sql`excluded.height`,
            options: sql`excluded.options`,
            position: sql`excluded.position`,
          },
        });
      // A picture of ours that the seed no longer has has no file any more.
      await database.delete(productImages).where(
        and(
          inArray(
            productImages.productSlug,
            SEED_PRODUCTS.map(({ slug }) => slug),
          ),
          notInArray(
            productImages.src,
            images.map((image) => image.src),
          ),
        ),
      );
      const allSkus = SEED_PRODUCTS.flatMap(({ slug, skus }) =>
        skus.map((sku, position) => ({ productSlug: slug, ...sku, position })),
      );
      await database
        .insert(skus)
        .values(allSkus)
        .onConflictDoUpdate({
          target: skus.sku,
          set: { name: sql`excluded.name`, options: sql`excluded.options`, position: sql`excluded.position` },
        });
      // The index of current prices refuses a second one.
      await database
        .insert(prices)
        .values(allSkus.map(({ sku, unitAmountMinor }) => ({ sku, unitAmountMinor, currency: CURRENCY })))
        .onConflictDoNothing();
      const opensAt = dropTimeAfter(now);
      await database
        .insert(drops)
        .values(
          SEED_PRODUCTS.filter(({ isDrop }) => isDrop).map(({ slug }) => ({ productSlug: slug, opensAt })),
        )
        .onConflictDoNothing();
      await seedRates(database);
    });
  } finally {
    await client.end();
  }
}

/** A store that has zones keeps its own rates, all of them. */
async function seedRates(database: Pick<NodePgDatabase, "select" | "insert">): Promise<void> {
  if ((await database.select().from(shippingZones).limit(1)).length > 0) return;
  const { zones, taxes } = SEED_RATES;
  await database
    .insert(shippingZones)
    .values(zones.map(({ code, name }, position) => ({ code, name, position })));
  await database
    .insert(shippingZoneCountries)
    .values(zones.flatMap(({ code, countries }) => countries.map((country) => ({ country, zone: code }))));
  await database
    .insert(shippingMethods)
    .values(
      zones.flatMap(({ code, methods }) =>
        methods.map((method, position) => ({ zone: code, ...method, position })),
      ),
    );
  await database.insert(taxRates).values(taxes.map((rate, position) => ({ ...rate, position })));
}

if (import.meta.main) {
  const databaseUrl = process.argv[2] ?? process.env["DATABASE_URL"];
  if (databaseUrl === undefined || databaseUrl === "") {
    console.error("usage: node local/seed/seed.ts <connection string>");
    process.exitCode = 2;
  } else {
    await seedCatalog(databaseUrl);
    console.log(`${String(SEED_PRODUCTS.length)} products are in the catalog`);
  }
}
