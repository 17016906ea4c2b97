/** Search in Postgres: one call of one function, which answers a page of products with all facets. */
import { sql } from "drizzle-orm";
import { z } from "zod";
import { LOW_STOCK_UNITS, availabilityStatus } from "../../domain/availability.ts";
import type { SearchFindings, SearchSelection } from "../../domain/search/findings.ts";
import { understand } from "../../domain/search/understand.ts";
import type { Understanding } from "../../domain/search/understand.ts";
import type { Database } from "./connection.ts";

const Count = z.object({
  value: z.string(),
  label: z.string(),
  count: z.int(),
  swatch: z
    .string()
    .nullish()
    .transform((swatch) => swatch ?? undefined),
});
const Answer = z.object({
  total: z.int(),
  facets: z.object({
    category: z.array(Count),
    color: z.array(Count),
    storage: z.array(Count),
    lowestPrice: z.object({ min: z.int(), max: z.int() }).nullable(),
    inStock: z.int(),
  }),
  whole: z.array(z.string()),
  corrections: z.array(z.object({ typed: z.string(), taken: z.string() })),
  products: z.array(
    z.object({
      slug: z.string(),
      lowestAmount: z.int(),
      highestAmount: z.int(),
      stock: z.int().min(0).max(2),
      opensAt: z.int().nullable(),
      color: z.string().nullable(),
    }),
  ),
});

/** How many units a class of stock stands for: none, a few, more. The database's `search_stock_class` draws the same lines. */
const UNITS_OF_CLASS = [0, LOW_STOCK_UNITS, LOW_STOCK_UNITS + 1];

const NOTHING: SearchFindings = {
  total: 0,
  products: [],
  category: [],
  color: [],
  storage: [],
  lowestPrice: null,
  inStock: 0,
  matched: { whole: [], beginnings: [] },
  corrections: [],
};

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
  const meaning = understand(selection.q);
  const wanted = JSON.stringify({ ...selection, readings: readingsOf(meaning) });
  const result = await database.read((client) =>
    client.execute<{ answer: unknown }>(sql`select search_products(${wanted}::jsonb) as answer`),
  );
  const answer = Answer.nullable().parse(result.rows[0]?.answer ?? null);
  if (answer === null) return NOTHING;
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
