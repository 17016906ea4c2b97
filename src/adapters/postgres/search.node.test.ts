import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seedCatalog } from "../../../local/seed/seed.ts";
import { startTestDatabase } from "../../../tests/fixtures/database.ts";
import type { TestDatabase } from "../../../tests/fixtures/database.ts";
import { SEARCH_QUERIES } from "../../../tests/fixtures/search-queries.ts";
import type { SearchFindings, SearchSelection } from "../../domain/search/findings.ts";
import { wordsOf } from "../../domain/search/words.ts";
import type { Database } from "./connection.ts";
import { searchProducts } from "./search.ts";

const NOW = Date.now();
const EVERYTHING: SearchSelection = {
  q: "",
  category: null,
  color: [],
  storage: [],
  minPrice: null,
  maxPrice: null,
  inStock: false,
  sort: "relevance",
  limit: 100,
  offset: 0,
};

let postgres: TestDatabase;
let database: Database;
beforeAll(async () => {
  postgres = await startTestDatabase();
  await seedCatalog(postgres.url, NOW);
  database = postgres.connect();
});
afterAll(() => postgres.stop());

const find = (selection: Partial<SearchSelection>): Promise<SearchFindings> =>
  searchProducts(database, { ...EVERYTHING, ...selection }, NOW);
const slugs = (findings: SearchFindings) => findings.products.map(({ slug }) => slug);

describe("search in Postgres", () => {
  it("has the right product in the first three of at least 48 of the 50 noted queries", async () => {
    const missed: string[] = [];
    for (const { q, slug } of SEARCH_QUERIES) {
      const first = slugs(await find({ q })).slice(0, 3);
      if (!first.includes(slug)) missed.push(`${q}: ${slug} is not in ${first.join(", ")}`);
    }
    expect(SEARCH_QUERIES).toHaveLength(50);
    expect(missed.length, missed.join("\n")).toBeLessThanOrEqual(2);
  });
});
