/** Search in Postgres: one call of one function, which answers a page of products with all facets. */
import { sql } from "drizzle-orm";
import { z } from "zod";
import { LOW_STOCK_UNITS, availabilityStatus } from "../../domain/availability.ts";
import { NOTHING_FOUND, type SearchFindings, type SearchSelection } from "../../domain/search/findings.ts";
import { understand } from "../../domain/search/understand.ts";
import type { Understanding } from "../../domain/search/understand.ts";
import { isWordless } from "../../domain/search/words.ts";
import type { Database } from "./connection.ts";

/** Rows come as arrays: what repeats for every row would be most of the answer. */
const Count = z
  .tuple([z.string(), z.string(), z.int()])
  .transform(([value, label, count]) => ({ value, label, count }));
const ColorCount = z
  .tuple([z.string(), z.string(), z.int(), z.string().nullable()])
  .transform(([value, label, count, swatch]) => ({ value, label, count, swatch: swatch ?? undefined }));
const Product = z
  .tuple([z.string(), z.int(), z.int(), z.int().min(0).max(2), z.int().nullable(), z.string().nullable()])
  .transform(([slug, lowestAmount, highestAmount, stock, opensAt, color]) => ({
    slug,
    lowestAmount,
    highestAmount,
    stock,
    opensAt,
    color,
  }));
const Answer = z.object({
  total: z.int(),
  facets: z.object({
    category: z.array(Count),
    color: z.array(ColorCount),
    storage: z.array(Count),
    lowestPrice: z
      .tuple([z.int(), z.int()])
      .transform(([min, max]) => ({ min, max }))
      .nullable(),
    inStock: z.int(),
  }),
  whole: z.array(z.string()),
  corrections: z.array(z.object({ typed: z.string(), taken: z.string() })),
  products: z.array(Product),
});

/** How many units a class of stock stands for: none, a few, more. The database's `search_stock_class` draws the same lines. */
const UNITS_OF_CLASS = [0, LOW_STOCK_UNITS, LOW_STOCK_UNITS + 1];

/**
 * What a query finds, from a replica, in one round trip. The work is bounded by the function itself.
 *
 * @param now epoch ms, for what a drop's status is
 * @throws where Postgres cannot be reached in time
 */
export async function searchProducts(
  database: Database,
  selection: SearchSelection,
  now: number,
): Promise<SearchFindings> {
  if (isWordless(selection.q)) return NOTHING_FOUND;
  const meaning = understand(selection.q);
  const wanted = JSON.stringify({ ...selection, readings: readingsOf(meaning) });
  const result = await database.read((client) =>
    client.execute<{ answer: unknown }>(sql`select search_products(${wanted}::jsonb) as answer`),
  );
  const answer = Answer.nullable().parse(result.rows[0]?.answer ?? null);
  if (answer === null) return NOTHING_FOUND;
  const { facets, total, corrections, products } = answer;
  return {
    ...facets,
    total,
    corrections,
    products: products.map(({ slug, lowestAmount, highestAmount, stock, opensAt, color }) => ({
      slug,
      lowestAmount,
      priceVaries: highestAmount > lowestAmount,
      status: availabilityStatus(UNITS_OF_CLASS[stock] ?? 0, opensAt, now),
      color,
    })),
    matched: {
      whole: [...answer.whole, ...meaning.categoryWords],
      beginnings: meaning.literally.words.filter(({ isOpen }) => isOpen).map(({ typed }) => typed),
    },
  };
}

/** How the query may be read, best first; the first reading that finds something is it. None: everything is listed. */
function readingsOf({ words, pairs, category, literally }: Understanding) {
  if (literally.words.length === 0) return [];
  const literal = { ...literally, category: null };
  return [
    ...(category === null ? [] : [{ words, pairs, category, isLoose: false }]),
    { ...literal, isLoose: false },
    { ...literal, isLoose: true },
  ];
}
