import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Product } from "../../src/contracts/catalog.ts";
import { createCatalog } from "../../src/adapters/catalog/catalog.ts";
import { createIndex } from "../../src/adapters/catalog/catalog-index.ts";
import { readCatalogVersion, readIndex, readProducts } from "../../src/adapters/postgres/catalog.ts";
import { startTestDatabase } from "../../tests/fixtures/database.ts";
import type { TestDatabase } from "../../tests/fixtures/database.ts";
import { migrate } from "../migrate.ts";
import { drawCatalog } from "./artwork.ts";
import { SEED_PRODUCTS, SEED_SKUS } from "./catalog.ts";
import { dropTimeAfter, seedCatalog } from "./seed.ts";

const NOW = Date.UTC(2026, 10, 22, 18, 30);
const DAY_MS = 24 * 60 * 60 * 1000;
const PUBLIC_FOLDER = new URL("../../web/public", import.meta.url);

let postgres: TestDatabase;
beforeAll(async () => {
  postgres = await startTestDatabase();
  await seedCatalog(postgres.url, NOW);
});
afterAll(() => postgres.stop());

const readList = async () => {
  const { version, pages, rates } = await readIndex(postgres.connect());
  return createIndex(version, pages, rates).list;
};
const readAll = async () => {
  const products = await readProducts(postgres.connect(), await readList());
  return new Map(products.map(({ product, terms }) => [product.slug, { product, terms }]));
};
const termsOf = async (sku: string) =>
  [...(await readAll()).values()].flatMap(({ terms }) => terms[sku] ?? [])[0];

describe("the seed catalog", () => {
  it("is a phone store's: at least 12 products and 60 SKUs, each as the contract wants it", async () => {
    const database = postgres.connect();
    const catalog = createCatalog({
      readIndex: (atLeast, known) => readIndex(database, atLeast, known),
      readProducts: (wanted) => readProducts(database, wanted),
      readVersion: () => readCatalogVersion(database),
      now: () => NOW,
    });
    const { list, bySku } = await catalog.index();
    const products = await catalog.products(list.map(({ slug }) => slug));
    expect(products.map((product) => product.slug)).toEqual(SEED_PRODUCTS.map((product) => product.slug));
    expect(products.length).toBeGreaterThanOrEqual(12);
    expect(bySku.size).toBeGreaterThanOrEqual(60);
    for (const product of products) Product.parse(product);
  });

  it("tells what a buyer looks up about every product, what is in the box included", async () => {
    const rows = await postgres.rows<Pick<(typeof SEED_PRODUCTS)[number], "slug" | "details">>(
      "select slug, details from products",
    );
    for (const { slug, details } of rows) {
      const labels = details.map(({ label }) => label);
      expect(labels, slug).toContain("In the box");
      expect(new Set(labels).size).toBe(labels.length);
    }
  });

  it("gives every SKU a name of its own, and the option values its product offers", () => {
    const all = SEED_PRODUCTS.flatMap((product) => product.skus);
    expect(new Set(all.map((sku) => sku.sku)).size).toBe(all.length);
    expect(new Set(all.map((sku) => sku.name)).size).toBe(all.length);
    for (const product of SEED_PRODUCTS) {
      for (const sku of product.skus) {
        for (const option of product.options) {
          expect(option.values.map((value) => value.value)).toContain(sku.options[option.name]);
        }
      }
    }
  });

  it("has a file for every picture it names, as it is drawn now", () => {
    const drawn = new Map(drawCatalog().map(({ path, svg }) => [path, svg]));
    for (const { src } of SEED_PRODUCTS.flatMap((product) => product.images)) {
      const file = readFileSync(fileURLToPath(PUBLIC_FOLDER) + src, "utf8");
      expect(file === drawn.get(src), `${src}: run node local/seed/artwork.ts`).toBe(true);
    }
  });

  it("offers what tests count on: plenty, scarce, nearly sold out, a drop and one without a limit", async () => {
    expect(await termsOf(SEED_SKUS.plenty)).toMatchObject({
      initialStock: { quantity: 5000 },
      purchaseLimit: 2,
    });
    expect(await termsOf(SEED_SKUS.plentyToo)).toMatchObject({
      initialStock: { quantity: 5000 },
      purchaseLimit: 2,
    });
    expect(await termsOf(SEED_SKUS.scarce)).toMatchObject({ initialStock: { quantity: 50 } });
    expect(await termsOf(SEED_SKUS.nearlySoldOut)).toMatchObject({ initialStock: { quantity: 3 } });
    expect(await termsOf(SEED_SKUS.drop)).toMatchObject({ opensAt: dropTimeAfter(NOW).getTime() });
    expect(await termsOf(SEED_SKUS.unlimited)).toMatchObject({ purchaseLimit: null, opensAt: null });
  });

  it.each([0, 5, 16.99, 17, 23.5])("opens its drop at 17:00 UTC, two to three days after hour %d", (hour) => {
    const now = Date.UTC(2026, 11, 30) + hour * 3_600_000;
    const opensAt = dropTimeAfter(now);
    expect(opensAt.toISOString()).toMatch(/T17:00:00\.000Z$/);
    expect(opensAt.getTime() - now).toBeGreaterThan(2 * DAY_MS - 1);
    expect(opensAt.getTime() - now).toBeLessThanOrEqual(3 * DAY_MS);
  });

  it("changes nobody's terms when it is seeded and migrated again, and mends a text", async () => {
    const before = await readAll();
    const listedBefore = await readList();
    await postgres.rows("update products set name = 'Misprint' where slug = 'aurora'");
    await migrate(postgres.url);
    await seedCatalog(postgres.url, NOW + 30 * DAY_MS);
    expect(await readAll()).toEqual(before);
    // Only what was mended is told to have changed.
    const after = await readList();
    const changed = after.filter(({ modifiedAt }, index) => modifiedAt !== listedBefore[index]?.modifiedAt);
    expect(changed.map(({ slug }) => slug)).toEqual(["aurora"]);
    const revised = after.filter(({ revision }, index) => revision !== listedBefore[index]?.revision);
    expect(revised.map(({ slug }) => slug)).toEqual(["aurora"]);
  });
});

describe("the version of a SKU's terms", () => {
  it("rises with every change of price, limit or drop time, and with nothing else", async () => {
    const sku = SEED_SKUS.drop;
    const versions = [(await termsOf(sku))?.version ?? 0];
    const after = async (statement: string) => {
      await postgres.rows(statement, statement.includes("$1") ? [sku] : []);
      versions.push((await termsOf(sku))?.version ?? 0);
    };
    await after("update skus set purchase_limit = 1 where sku = $1");
    await after("update prices set unit_amount_minor = 1 where sku = $1 and valid_until is null");
    await after(
      "update drops set opens_at = opens_at + interval '1 hour' where product_slug = 'aurora-fold'",
    );
    await after("delete from drops where product_slug = 'aurora-fold'");
    const rises = versions.slice(1).map((version, index) => version > (versions[index] ?? 0));
    expect(rises).toEqual([true, true, true, true]);

    const last = versions.at(-1);
    await after("update skus set name = 'Other', terms_version = 1 where sku = $1");
    expect(versions.at(-1)).toBe(last);
  });

  it("allows one current price per SKU and keeps the former ones", async () => {
    const sku = SEED_SKUS.unlimited;
    await expect(
      postgres.rows("insert into prices (sku, unit_amount_minor, currency) values ($1, 1, 'USD')", [sku]),
    ).rejects.toThrow("prices_current");
    await postgres.rows("update prices set valid_until = now() where sku = $1 and valid_until is null", [
      sku,
    ]);
    await postgres.rows("insert into prices (sku, unit_amount_minor, currency) values ($1, 1700, 'USD')", [
      sku,
    ]);
    expect(await termsOf(sku)).toMatchObject({ unitAmountMinor: 1700 });
    expect(await postgres.rows("select 1 from prices where sku = $1", [sku])).toHaveLength(2);
  });
});
