/**
 * Search on ten thousand products beside a read by primary key: the same Postgres through the same driver, in turn within one run.
 *
 *     node tests/bench/search.ts [rounds]
 */
import { sql } from "drizzle-orm";
import { percentile } from "./statistics.ts";
import type { Database } from "../../src/adapters/postgres/connection.ts";
import { searchProducts } from "../../src/adapters/postgres/search.ts";
import type { SearchSelection } from "../../src/domain/search/findings.ts";
import { startTestDatabase } from "../fixtures/database.ts";
import { fillLargeCatalog } from "../../local/seed/large-catalog.ts";

const DEFAULT_ROUNDS = 60;
/** A connection's first runs plan what later ones reuse. */
const WARM_UP_ROUNDS = 6;
/** What is promised of p95, in reads by primary key. */
export const MOST_PRIMARY_KEY_READS = 3;

const EVERYTHING: SearchSelection = {
  q: "",
  category: null,
  color: [],
  storage: [],
  minPrice: null,
  maxPrice: null,
  inStock: false,
  sort: "relevance",
  limit: 24,
  offset: 0,
};

const QUERIES: readonly (readonly [kind: string, query: Partial<SearchSelection>])[] = [
  ["exact", { q: "lumaro helingo 7 phone" }],
  ["exact", { q: "calder brenwick" }],
  ["prefix", { q: "mer" }],
  ["prefix", { q: "lumaro au" }],
  ["misspelled", { q: "lumaro brenwikc" }],
  ["misspelled", { q: "halcion torette" }],
  ["met in part", { q: "lumaro aurora 7 phone" }],
  ["met in part", { q: "quiet kestrel hub slate" }],
  ["synonym", { q: "smartwatch" }],
  ["synonym", { q: "nordvik earphones" }],
  ["filtered", { category: "phones", color: ["black"], storage: ["256"], inStock: true }],
  ["filtered", { q: "lumaro", maxPrice: 50_000 }],
  ["listed, with facets", {}],
  ["listed, with facets", { category: "cases" }],
];

export interface SearchLatency {
  readonly kind: string;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

export interface SearchMeasurement {
  /** `read by primary key`, `search` (all kinds together), and each kind alone. */
  readonly latencies: readonly SearchLatency[];
  /** p95 of all searches in p95s of the read by primary key. */
  readonly ratio: number;
}

/**
 * @param database with the large catalog in it
 * @param rounds how often each query is asked, each time after one read by primary key
 */
export async function measureSearch(database: Database, rounds = DEFAULT_ROUNDS): Promise<SearchMeasurement> {
  const [known] = (
    await database.read((client) =>
      client.execute<{ slug: string }>(sql`select slug from products order by slug limit 1`),
    )
  ).rows;
  const readOne = () =>
    database.read((client) => client.execute(sql`select * from products where slug = ${known?.slug}`));
  const times = new Map<string, number[]>();
  const timed = async (kind: string, round: number, work: () => Promise<unknown>): Promise<void> => {
    const startedAt = performance.now();
    await work();
    if (round < 0) return;
    times.set(kind, [...(times.get(kind) ?? []), performance.now() - startedAt]);
  };
  for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
    for (const [kind, query] of QUERIES) {
      await timed("read by primary key", round, readOne);
      await timed(kind, round, () => searchProducts(database, { ...EVERYTHING, ...query }, Date.now()));
    }
  }
  const reads = times.get("read by primary key") ?? [];
  const kinds = [...times].filter(([kind]) => kind !== "read by primary key");
  const all = kinds.flatMap(([, each]) => each);
  return {
    latencies: [
      latency("read by primary key", reads),
      latency("search", all),
      ...kinds.map(([kind, each]) => latency(kind, each)),
    ],
    ratio: at(all, 0.95) / at(reads, 0.95),
  };
}

function latency(kind: string, times: readonly number[]): SearchLatency {
  return { kind, p50Ms: at(times, 0.5), p95Ms: at(times, 0.95) };
}

function at(times: readonly number[], share: number): number {
  return percentile(
    times.toSorted((one, other) => one - other),
    share,
  );
}

export function printSearch({ latencies, ratio }: SearchMeasurement): void {
  console.log(`\n${"search, 10,000 products".padEnd(38)}${"p50 ms".padStart(9)}${"p95 ms".padStart(9)}`);
  for (const { kind, p50Ms, p95Ms } of latencies)
    console.log(`${kind.padEnd(38)}${p50Ms.toFixed(2).padStart(9)}${p95Ms.toFixed(2).padStart(9)}`);
  const verdict = ratio <= MOST_PRIMARY_KEY_READS ? "kept" : "BROKEN";
  console.log(
    `p95 of search / p95 of a read by primary key: ${ratio.toFixed(2)}  ${verdict} (${String(MOST_PRIMARY_KEY_READS)})`,
  );
}

/** Measures on a Postgres of its own, in memory. */
export async function measureSearchAlone(rounds = DEFAULT_ROUNDS): Promise<SearchMeasurement> {
  const postgres = await startTestDatabase();
  try {
    await fillLargeCatalog((statement, parameters) => postgres.rows(statement, parameters));
    return await measureSearch(postgres.connect(), rounds);
  } finally {
    await postgres.stop();
  }
}

if (import.meta.main) {
  printSearch(await measureSearchAlone(Number(process.argv[2] ?? DEFAULT_ROUNDS)));
}
