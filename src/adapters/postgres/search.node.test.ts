import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SEED_PRODUCTS } from "../../../local/seed/catalog.ts";
import { seedCatalog } from "../../../local/seed/seed.ts";
import { startTestDatabase } from "../../../tests/fixtures/database.ts";
import type { TestDatabase } from "../../../tests/fixtures/database.ts";
import { ledgerAppended } from "../../../tests/fixtures/messages.ts";
import { SEARCH_QUERIES } from "../../../tests/fixtures/search-queries.ts";
import { LOW_STOCK_UNITS, availabilityStatus } from "../../domain/availability.ts";
import {
  NOTHING_FOUND,
  type FacetCount,
  type SearchFindings,
  type SearchSelection,
} from "../../domain/search/findings.ts";
import { highlight } from "../../domain/search/highlight.ts";
import { searchInMemory } from "../../domain/search/memory-search.ts";
import { isUnspaced, wordsOf } from "../../domain/search/words.ts";
import type { Database } from "./connection.ts";
import { persistLedger } from "./ledger.ts";
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
/** The catalog as it is searched where Postgres is away. */
const IN_MEMORY = SEED_PRODUCTS.map((product) => ({
  ...product,
  skus: product.skus.map((sku) => ({ ...sku, price: { amount: sku.unitAmountMinor, currency: "USD" } })),
}));

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
const counts = (values: readonly FacetCount[]): Map<string, number> =>
  new Map(values.map(({ value, count }) => [value, count]));

/** Sets what a SKU's object last told. */
async function setAvailable(sku: string, available: number): Promise<void> {
  const [known] = await postgres.rows<{ sequence: string }>(
    "select sequence from stock_levels where sku = $1",
    [sku],
  );
  const sequence = Number(known?.sequence ?? 0) + 1;
  const message = ledgerAppended(sku, sequence, sequence);
  await persistLedger(database, [
    { ...message, level: { ...message.level, available, received: available } },
  ]);
}

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

  it("cuts text into the same words as the domain does", async () => {
    const texts = [
      ...SEED_PRODUCTS.flatMap(({ name, description }) => [name, description]),
      "Crème brûlée 256GB/USB-C 6.7-inch “quoted” №5 ﬁne Ångström ½",
      "Телефон «Аврора» ΧΡΏΜΑΤΟΣ İstanbul ışık Straße Smørrebrød Łódź Œuvre",
      "iPhone手机壳256GB ｶﾞﾗｽ ケース、白・黒 핸드폰케이스 ไทย๒๕๖ ฿500 ខ្មែរ မြန်မာ",
      "هاتِف محـمـول ٢٥٦ שָׁלוֹם क्या फ़ोन १२ বাংলা தமிழ் ქართული Հայերեն አማርኛ ભારત",
      "",
    ];
    for (const text of texts) {
      const [row] = await postgres.rows<{ words: string }>("select search_text($1) as words", [text]);
      // Of what is written without spaces the database makes a word of each letter.
      const words = wordsOf(text).flatMap((word) => (isUnspaced(word) ? Array.from(word) : [word]));
      expect(row!.words.split(" ").filter((word) => word !== "")).toEqual(words);
    }
  });

  it("takes every letter and sign of the scripts in use for what the domain takes it for", async () => {
    const ranges = [
      [0x20, 0x24f],
      [0x370, 0x5ff],
      [0x620, 0x6ff],
      [0x900, 0x9ff],
      [0xb80, 0xbff],
      [0xe00, 0xeff],
      [0x1000, 0x11ff],
      [0x1780, 0x17ff],
      [0x1e00, 0x1fff],
      [0x2000, 0x206f],
      [0x3000, 0x312f],
      [0x4e00, 0x4eff],
      [0xac00, 0xacff],
      [0xfe00, 0xffef],
    ] as const;
    const texts = ranges.flatMap(([first, last]) =>
      Array.from({ length: last - first + 1 }, (_, n) => `a${String.fromCodePoint(first + n)}b`),
    );
    const rows = await postgres.rows<{ words: string }>(
      `select regexp_replace(trim(search_text(text)), ' +', ' ', 'g') as words
      from unnest($1::text[]) with ordinality as given(text, nth) order by nth`,
      [texts],
    );
    const expected = texts.map((text) =>
      wordsOf(text)
        .flatMap((word) => (isUnspaced(word) ? Array.from(word) : [word]))
        .join(" "),
    );
    expect(rows.map(({ words }) => words)).toEqual(expected);
  });

  it("suggests the spelling it found something with, and tells the words to mark", async () => {
    expect(await find({ q: "chrager" })).toMatchObject({
      corrections: [{ typed: "chrager", taken: "charger" }],
      matched: { whole: expect.arrayContaining(["charger"]) as unknown },
    });
    expect(await find({ q: "aurorapro" })).toMatchObject({
      corrections: [{ typed: "aurorapro", taken: "aurora pro" }],
    });
    expect((await find({ q: "charger" })).corrections).toEqual([]);
    expect((await find({ q: "aur" })).matched.beginnings).toEqual(["aur"]);
  });

  it.each(["", "   ", "!!!", "a & b | !c <-> d:*", "'", "\\", "%_", "🦊", "x".repeat(100), "0".repeat(50)])(
    "answers %j, whatever it is made of",
    async (q) => {
      const findings = await find({ q });
      expect(findings.products.length).toBe(findings.total);
      if (q.trim() === "") expect(findings.total).toBe(SEED_PRODUCTS.length);
      else if (wordsOf(q).length === 0) expect(findings).toEqual(NOTHING_FOUND);
    },
  );

  it.each([
    ["tide watch bank", ["tide-watch"]],
    ["tide zzzzqqqq watch", ["tide-watch"]],
    ["tide bank", ["tide-watch", "volt-bank"]],
  ])(
    "where nothing has every word, shows what has all but one before what has any: %s",
    async (q, expected) => {
      expect(slugs(await find({ q })).toSorted()).toEqual(expected);
      // Descriptions count as much there.
      const named = IN_MEMORY.map((product) => ({ ...product, description: "", details: [] }));
      expect(slugs(searchInMemory(named, { ...EVERYTHING, q }, () => "in_stock")).toSorted()).toEqual(
        expected,
      );
    },
  );

  it("puts the shortest of equally good names first", async () => {
    expect((await find({ q: "aurora" })).products[0]).toMatchObject({ slug: "aurora" });
  });

  it("finds nothing for what is not there", async () => {
    expect(await find({ q: "zzzzqqqq" })).toMatchObject({
      total: 0,
      products: [],
      lowestPrice: null,
      category: [],
    });
    expect(await find({ category: "hats" })).toMatchObject({ total: 0, products: [] });
    expect(await find({ color: ["invisible"] })).toMatchObject({ total: 0, products: [] });
  });
});

describe("search in other scripts", () => {
  const NAMES = {
    "avrora-ru": "Телефон Аврора",
    "avrora-gr": "Κινητό Αυγή",
    "avrora-cn": "极光手机壳",
    "avrora-cn-2": "手表机械",
    "avrora-jp": "オーロラ ガラスケース",
    "avrora-kr": "오로라 핸드폰",
    "avrora-ar": "هاتف الشفق",
    "avrora-th": "โทรศัพท์ออโรรา",
    "avrora-de": "Weiße Hülle",
  };
  beforeAll(async () => {
    for (const [slug, name] of Object.entries(NAMES)) {
      await postgres.rows(
        `insert into products (slug, name, description, category, position) values ($1, $2, '', 'scripts', 500)`,
        [slug, name],
      );
      await postgres.rows(
        `insert into skus (sku, product_slug, name, options, initial_stock, position)
        values (upper($1), $1, $2, '{}', 9, 0)`,
        [slug, name],
      );
      await postgres.rows(
        "insert into prices (sku, unit_amount_minor, currency) values (upper($1), 100, 'USD')",
        [slug],
      );
    }
  });
  afterAll(async () => {
    await postgres.rows("update products set listed = false where category = 'scripts'");
  });

  const inMemory = Object.entries(NAMES).map(([slug, name]) => ({
    ...IN_MEMORY[0]!,
    slug,
    name,
    description: "",
    category: "scripts",
    options: [],
  }));

  it.each([
    ["телефон", ["avrora-ru"]],
    ["ТЕЛЕФОН аврора", ["avrora-ru"]],
    ["теле", ["avrora-ru"]],
    ["аврора lumaro", ["avrora-ru"]],
    ["ΚΙΝΗΤΌ", ["avrora-gr"]],
    ["手机", ["avrora-cn"]],
    ["极光 手机", ["avrora-cn"]],
    ["手", ["avrora-cn", "avrora-cn-2"]],
    ["机手", []],
    ["手机膜", []],
    ["ガラス", ["avrora-jp"]],
    ["ｶﾞﾗｽ", ["avrora-jp"]],
    ["カラス", []],
    ["핸드", ["avrora-kr"]],
    ["هاتِف", ["avrora-ar"]],
    ["โทรศัพท์", ["avrora-th"]],
    ["weisse hulle", ["avrora-de"]],
    ["чехол", []],
  ])("finds what has the words of %j in its name, in Postgres and in memory", async (q, expected) => {
    const found = await find({ q, category: "scripts" });
    expect(slugs(found).toSorted()).toEqual(expected);
    expect(slugs(searchInMemory(inMemory, { ...EVERYTHING, q }, () => "in_stock")).toSorted()).toEqual(
      expected,
    );
  });

  it("marks what was found in the name", async () => {
    const marked = async (q: string, slug: keyof typeof NAMES) =>
      highlight(NAMES[slug], (await find({ q })).matched)
        .filter(({ match }) => match)
        .map(({ text }) => text);
    expect(await marked("手机", "avrora-cn")).toEqual(["手机"]);
    expect(await marked("теле", "avrora-ru")).toEqual(["Теле"]);
  });
});

describe("filters and facets", () => {
  const filters: Partial<SearchSelection>[] = [
    {},
    { category: "phones" },
    { color: ["black"] },
    { color: ["graphite", "black", "coral"], sort: "price_asc" },
    { storage: ["256"], sort: "price_desc" },
    { category: "phones", storage: ["512", "1tb"], sort: "price_asc" },
    { minPrice: 40_000 },
    { maxPrice: 80_000, sort: "name" },
    { minPrice: 60_000, maxPrice: 120_000, storage: ["256"] },
    // Prices are read by steps of 16,384: ranges within one, from edge to edge, and one unit beside the edges.
    { minPrice: 4_500, maxPrice: 4_500 },
    { minPrice: 16_384, maxPrice: 65_535, sort: "price_asc" },
    { minPrice: 16_385, maxPrice: 65_534, inStock: true },
    { minPrice: 89_900, maxPrice: 98_304, color: ["graphite", "midnight"] },
    { minPrice: 70_000, maxPrice: 60_000 },
    { inStock: true },
    { inStock: true, color: ["ember"], storage: ["1tb"] },
    { category: "phones", color: ["midnight", "ink"], storage: ["256"], maxPrice: 70_000, inStock: true },
  ];

  it.each(filters)("are what going through every SKU one by one gives: %j", async (selection) => {
    await setAvailable("AURORA-PRO-1TB-EMBER", 0);
    await setAvailable("BRAID-CABLE-1M-WHITE", LOW_STOCK_UNITS);
    const opensAt = new Map(
      (await postgres.rows<{ product_slug: string; opens_at: Date }>("select * from drops")).map((drop) => [
        drop.product_slug,
        drop.opens_at.getTime(),
      ]),
    );
    const stock = new Map(
      (
        await postgres.rows<{ sku: string; available: string; slug: string }>(
          `select sku, product_slug as slug, coalesce(available, initial_stock) as available
          from skus left join stock_levels using (sku)`,
        )
      ).map(({ sku, available, slug }) => [
        sku,
        availabilityStatus(Number(available), opensAt.get(slug) ?? null, NOW),
      ]),
    );
    const found = await find(selection);
    const expected = searchInMemory(IN_MEMORY, { ...EVERYTHING, ...selection }, (sku) => stock.get(sku)!);
    expect(found.products).toEqual(expected.products);
    expect(found.total).toBe(expected.total);
    expect(found.inStock).toBe(expected.inStock);
    expect(found.lowestPrice).toEqual(expected.lowestPrice);
    for (const facet of ["category", "color", "storage"] as const) {
      expect(counts(found[facet])).toEqual(counts(expected[facet]));
    }
  });

  it("count a value without the choices of its own facet, and one SKU must pass all filters", async () => {
    const found = await find({ category: "phones", color: ["ink"], storage: ["256"] });
    expect(slugs(found)).toEqual(["aurora-mini"]);
    expect([...counts(found.color).keys()]).toEqual(expect.arrayContaining(["graphite", "ink", "midnight"]));
    expect(Object.fromEntries(counts(found.storage))).toEqual({ "128": 1, "256": 1 });
    expect(found.products[0]).toMatchObject({ lowestAmount: 67_900, priceVaries: false, color: "ink" });
    expect((await find({ color: ["ink"], storage: ["1tb"] })).total).toBe(0);
  });

  it("page by page show every product once, in every order", async () => {
    for (const sort of ["relevance", "newest", "price_asc", "price_desc", "name"] as const) {
      const pages = await Promise.all(
        [0, 4, 8, 12].map(async (offset) => slugs(await find({ sort, limit: 4, offset }))),
      );
      expect(pages.flat()).toEqual(slugs(await find({ sort })));
      expect(new Set(pages.flat()).size).toBe(SEED_PRODUCTS.length);
    }
  });
});

describe("the search index", () => {
  const has = async (q: string, slug: string) => slugs(await find({ q })).includes(slug);

  it("follows every change of the catalog by plain SQL", async () => {
    await postgres.rows("update products set name = 'Lumaro Quokka' where slug = 'tide-watch'");
    expect(await has("quokka", "tide-watch")).toBe(true);
    await postgres.rows("update products set name = 'Lumaro Tide Watch' where slug = 'tide-watch'");
    expect(await has("quokka", "tide-watch")).toBe(false);

    await postgres.rows("update products set listed = false where slug = 'tide-watch'");
    expect((await find({ category: "watches" })).total).toBe(0);
    expect(await has("tide", "tide-watch")).toBe(false);
    await postgres.rows("update products set listed = true where slug = 'tide-watch'");
    expect(slugs(await find({ category: "watches" }))).toEqual(["tide-watch"]);

    await postgres.rows("update prices set unit_amount_minor = 1 where sku = 'VOLT-45-WHITE'");
    expect((await find({ q: "volt 45" })).products[0]).toMatchObject({ lowestAmount: 1, priceVaries: true });
    expect(slugs(await find({ maxPrice: 1 }))).toEqual(["volt-45"]);
    await postgres.rows("update prices set unit_amount_minor = 4500 where sku = 'VOLT-45-WHITE'");
    expect((await find({ maxPrice: 1 })).total).toBe(0);

    await postgres.rows("update skus set listed = false where sku = 'VOLT-BANK-RUST'");
    expect((await find({ color: ["rust"] })).total).toBe(0);
    await postgres.rows("update skus set listed = true where sku = 'VOLT-BANK-RUST'");
    expect(slugs(await find({ color: ["rust"] }))).toEqual(["volt-bank"]);

    await postgres.rows("update drops set opens_at = now() - interval '1 hour'");
    expect(slugs(await find({ inStock: true }))).toContain("aurora-fold");
    await postgres.rows("update drops set opens_at = now() + interval '1 hour'");
    expect(slugs(await find({ inStock: true }))).not.toContain("aurora-fold");
  });

  it("follows stock: the last unit gone, a few there, plenty again", async () => {
    const ofCable = async () => {
      const found = await find({ q: "braid cable", color: ["navy"] });
      return { status: found.products[0]?.status, inStock: found.inStock };
    };
    const both = async (available: number) => {
      await setAvailable("BRAID-CABLE-1M-NAVY", available);
      await setAvailable("BRAID-CABLE-2M-NAVY", available);
    };
    await both(0);
    expect(await ofCable()).toEqual({ status: "sold_out", inStock: 0 });
    await both(LOW_STOCK_UNITS);
    expect(await ofCable()).toEqual({ status: "low_stock", inStock: 1 });
    await both(LOW_STOCK_UNITS + 1);
    expect(await ofCable()).toEqual({ status: "in_stock", inStock: 1 });
  });

  it("is after all of this the same as one that is made anew", async () => {
    const tables = {
      search_documents: "slug, name, position, lowest_amount, opens_at, headline",
      search_words: "word, stem, documents",
      search_bitmaps: "facet, concat_ws('/', value, color, storage) as kind, slot, bit_count(products)",
    };
    const content = async () => {
      const rows: unknown[] = [];
      for (const [table, columns] of Object.entries(tables)) {
        rows.push(await postgres.rows(`select ${columns} from ${table} order by 1, 2, 3`));
      }
      return rows;
    };
    const kept = await content();
    await postgres.rows(
      "truncate search_documents, search_texts, search_offers, search_words, search_bitmaps",
    );
    await postgres.rows("select search_refresh(array_agg(slug)) from products");
    expect(kept).toEqual(await content());
  });

  it("grows beyond its first thousand products and takes each in and out again", async () => {
    await postgres.rows(`insert into products (slug, name, description, category, position)
      select 'copy-' || n, 'Copy ' || n, '', 'copies', 1000 + n from generate_series(1, 1100) as n`);
    await postgres.rows(`insert into skus (sku, product_slug, name, options, initial_stock, position)
      select 'COPY-' || n, 'copy-' || n, 'Copy', '{"color":"black"}', 1, 0 from generate_series(1, 1100) as n`);
    await postgres.rows(`insert into prices (sku, unit_amount_minor, currency)
      select 'COPY-' || n, n, 'USD' from generate_series(1, 1100) as n`);
    expect((await find({ category: "copies" })).total).toBe(1100);
    expect(slugs(await find({ category: "copies", sort: "price_desc", limit: 2, offset: 1 }))).toEqual([
      "copy-1099",
      "copy-1098",
    ]);
    expect(slugs(await find({ q: "copy 777" }))[0]).toBe("copy-777");
    await postgres.rows("update products set listed = false where category = 'copies'");
    expect((await find({ category: "copies" })).total).toBe(0);
    expect((await find({})).total).toBe(SEED_PRODUCTS.length);
  });
});
