/** What of the catalog is read anew after a change, on the real triggers. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { SEED_SKUS } from "../../../local/seed/catalog.ts";
import { seedCatalog } from "../../../local/seed/seed.ts";
import { startTestDatabase, type TestDatabase } from "../../../tests/fixtures/database.ts";
import { createIndex, differenceOf, revisionsOf, type CatalogIndex } from "../catalog/catalog-index.ts";
import { COUNTRIES_KNOWN } from "../../domain/countries.ts";
import { countriesServed } from "../../domain/rates.ts";
import { readIndex, readNewestCatalogVersion, readProducts } from "./catalog.ts";
import type { Database } from "./connection.ts";
import { listHolding, markConfigured, readUnconfigured, takeUnconfigured } from "./sku-upkeep.ts";

let postgres: TestDatabase;
let database: Database;
beforeAll(async () => {
  postgres = await startTestDatabase({ standby: true });
  database = postgres.connect();
  await seedCatalog(postgres.url, Date.UTC(2026, 10, 22));
});
afterAll(() => postgres.stop());

const sku = SEED_SKUS.plenty;
const SLUG = "aurora-pro";

/** The index after a change, made of the former one and the pages that were read. */
async function next(former: CatalogIndex | null): Promise<{ index: CatalogIndex; pagesRead: number }> {
  const { version, revisions, pages, rates } = await readIndex(
    database,
    0,
    former === null ? {} : revisionsOf(former),
  );
  const together = new Map([...(former?.pages ?? []), ...pages]);
  expect(revisionsOf({ pages: together })).toEqual(revisions);
  return { index: createIndex(version, together, rates), pagesRead: pages.size };
}

describe("shipping and taxes", () => {
  it("are read with the index: the seed ships everywhere, and its prices include the taxes", async () => {
    const { rates } = (await next(null)).index;
    expect(countriesServed(rates)).toEqual([...COUNTRIES_KNOWN]);
    const { methods } = rates.zones[0]!;
    expect(methods.map(({ code, amountMinor }) => [code, amountMinor])).toEqual([
      ["standard", 0],
      ["express", 1_900],
    ]);
    expect(rates.taxes.every(({ included }) => included)).toBe(true);
    expect(rates.taxes.map(({ country }) => country)).not.toContain("US");
  });

  it.each([
    ["a price", "update shipping_methods set amount_minor = amount_minor + 1 where code = 'express'"],
    ["a country", "delete from shipping_zone_countries where country = 'NZ'"],
    ["a zone", "insert into shipping_zones (code, name, position) values ('moon', 'The Moon', 9)"],
    ["a rate", "update tax_rates set basis_points = 2100 where country = 'DE'"],
  ])("are a new version of the catalog without another page or product: %s", async (_, statement) => {
    const before = (await next(null)).index;
    await postgres.rows(statement);
    const { index, pagesRead } = await next(before);
    expect(pagesRead).toBe(0);
    expect(index.version).toBe(before.version + 1);
    expect([before.rates.revision < index.rates.revision, index.rates.revision]).toEqual([
      true,
      index.version,
    ]);
    expect(index.rates).not.toEqual({ ...before.rates, revision: index.rates.revision });
  });

  it.each([
    [
      "a country whose addresses nobody can judge",
      "insert into shipping_zone_countries values ('XX', 'everywhere')",
    ],
    ["a country in two zones", "insert into shipping_zone_countries values ('DE', 'everywhere')"],
    ["a rate of more than everything", "update tax_rates set basis_points = 10001 where country = 'DE'"],
    ["a price below nothing", "update shipping_methods set amount_minor = -1"],
  ])("cannot hold %s", async (_, statement) => {
    await expect(postgres.rows(statement)).rejects.toThrow();
  });
});

describe("the index after a change", () => {
  let before: CatalogIndex;
  beforeEach(async () => {
    before = (await next(null)).index;
  });

  it.each([
    [
      "a price",
      "update prices set unit_amount_minor = unit_amount_minor + 1 where sku = $1 and valid_until is null",
      false,
    ],
    [
      "a purchase limit",
      "update skus set purchase_limit = coalesce(purchase_limit, 0) + 1 where sku = $1",
      false,
    ],
    ["a SKU that is not sold any more", "update skus set listed = false where sku = $1", false],
    [
      "a description",
      "update products set description = description || '.' where slug = 'aurora-pro' and $1 <> ''",
      false,
    ],
    ["a name", "update products set name = name || '.' where slug = 'aurora-pro' and $1 <> ''", true],
    [
      "an option",
      "update product_options set label = label || '.' where product_slug = 'aurora-pro' and $1 <> ''",
      false,
    ],
    [
      "a picture",
      "update product_images set alt = alt || '.' where product_slug = 'aurora-pro' and $1 <> ''",
      true,
    ],
    [
      "a picture that was taken down",
      "delete from product_images where id = (select min(id) from product_images where product_slug = 'aurora-pro') and $1 <> ''",
      true,
    ],
    ["a drop", "insert into drops (product_slug, opens_at) select 'aurora-pro', now() where $1 <> ''", false],
  ])("of %s is one page of it, on which that product alone differs", async (_, statement, isLinked) => {
    await postgres.rows(statement, [sku]);
    const after = await next(before);
    expect(after.pagesRead).toBe(1);
    expect(differenceOf(before, after.index)).toEqual({
      changed: [SLUG],
      linked: isLinked ? [SLUG] : [],
      isListDifferent: false,
    });
    // Read whole, it is the same.
    expect((await next(null)).index).toEqual(after.index);
  });

  it.each([
    "update products set name = name, description = description",
    "update skus set position = position",
    "update product_images set alt = alt",
  ])("of nothing (%s) is no page of it", async (statement) => {
    await postgres.rows(statement);
    const after = await next(before);
    expect(after.index.version).toBeGreaterThan(before.version);
    expect(after.pagesRead).toBe(0);
  });

  it("knows a product that came, moved, left and was deleted", async () => {
    await postgres.rows(
      "insert into products (slug, name, description, category, position) values ('newcomer', 'New', '', 'phones', 900)",
    );
    const came = (await next(before)).index;
    const isListDifferent = true;
    expect(came.list.at(-1)?.slug).toBe("newcomer");
    expect(differenceOf(before, came)).toEqual({
      changed: ["newcomer"],
      linked: ["newcomer"],
      isListDifferent,
    });
    await postgres.rows("update products set position = -1 where slug = 'newcomer'");
    const moved = (await next(came)).index;
    expect(moved.list[0]?.slug).toBe("newcomer");
    expect(differenceOf(came, moved)).toEqual({ changed: ["newcomer"], linked: [], isListDifferent });
    await postgres.rows("update products set listed = false where slug = 'newcomer'");
    const left = (await next(moved)).index;
    expect(left.bySlug.has("newcomer")).toBe(false);
    expect(differenceOf(moved, left)).toEqual({
      changed: ["newcomer"],
      linked: ["newcomer"],
      isListDifferent,
    });
    expect(await readProducts(database, [{ slug: "newcomer", revision: 0 }])).toEqual([]);
    await postgres.rows("delete from products where slug = 'newcomer'");
    expect((await next(left)).index.list).toEqual(left.list);
  });

  it("is everything where a table was emptied", async () => {
    await postgres.rows("truncate drops");
    expect(differenceOf(before, (await next(before)).index).changed).toHaveLength(before.list.length);
  });

  it("raises the version a few times for a price list of a thousand, not once for each of its prices", async () => {
    await postgres.rows(
      "update prices set unit_amount_minor = unit_amount_minor + 1 where valid_until is null",
    );
    const after = (await next(before)).index;
    expect(after.bySku.size).toBeGreaterThan(50);
    expect(after.version - before.version).toBeLessThanOrEqual(2);
  });

  it("is asked of the primary where a replica has not come that far, products too", async () => {
    const { standby } = postgres;
    if (standby === null) throw new Error("this test wants a standby");
    const throughReplica = postgres.connect({ replicaUrls: [standby.url] });
    await postgres.rows("update products set name = 'Renamed' where slug = 'aurora'");
    const newest = await readNewestCatalogVersion(throughReplica);
    const { version, pages, rates } = await readIndex(throughReplica, newest);
    expect(version).toBeGreaterThanOrEqual(newest);
    const entry = createIndex(version, pages, rates).bySlug.get("aurora")!;
    expect(entry.name).toBe("Renamed");
    const [product] = await readProducts(throughReplica, [entry]);
    expect(product).toMatchObject({ revision: entry.revision, product: { name: "Renamed" } });
  });
});

describe("products whose terms are to be told to their SKUs' objects", () => {
  const AGAIN_AFTER_MS = 300_000;
  let now = Date.UTC(2026, 10, 30);
  /** After so long that whatever was taken may be taken again. */
  const take = (limit: number) => {
    now += AGAIN_AFTER_MS;
    return takeUnconfigured(database, { limit, now, againAfterMs: AGAIN_AFTER_MS });
  };

  it("are those that changed since they were told last", async () => {
    const all = await take(1_000);
    expect(all.length).toBeGreaterThan(10);
    expect(all.find(({ slug }) => slug === SLUG)?.skuCount).toBeGreaterThan(0);
    expect(await take(3)).toHaveLength(3);
    const configureAll = async () => {
      const slugs = (await take(1_000)).map(({ slug }) => slug);
      const { products, unlisted } = await readUnconfigured(database, slugs);
      await markConfigured(database, [
        ...unlisted,
        ...products.map(({ product, revision }) => ({ slug: product.slug, revision })),
      ]);
      return products;
    };
    expect((await configureAll()).length).toBeGreaterThan(10);
    expect(await take(1_000)).toEqual([]);

    await postgres.rows("update skus set purchase_limit = 7 where sku = $1", [SEED_SKUS.scarce]);
    const [changed] = await configureAll();
    expect([changed?.product.slug, changed?.terms[SEED_SKUS.scarce]?.purchaseLimit]).toEqual([SLUG, 7]);
    // Told already: a message that comes twice has nothing to do.
    expect(await readUnconfigured(database, [SLUG])).toEqual({ products: [], unlisted: [] });
  });

  it("are not taken again while they may still be under way, unless they change once more", async () => {
    const soon = () =>
      takeUnconfigured(database, { limit: 10, now: now + 60_000, againAfterMs: AGAIN_AFTER_MS });
    await postgres.rows("update skus set purchase_limit = 5 where sku = $1", [sku]);
    expect(await take(10)).toMatchObject([{ slug: SLUG }]);
    expect(await soon()).toEqual([]);
    await postgres.rows("update skus set purchase_limit = 6 where sku = $1", [sku]);
    expect(await soon()).toMatchObject([{ slug: SLUG }]);
    expect(await soon()).toEqual([]);
    now += 60_000;
    expect(await take(10)).toMatchObject([{ slug: SLUG }]);
  });

  it("go on waiting where they changed again meanwhile", async () => {
    await postgres.rows("update skus set purchase_limit = 8 where sku = $1", [sku]);
    const { products } = await readUnconfigured(database, [SLUG]);
    await postgres.rows("update skus set purchase_limit = 9 where sku = $1", [sku]);
    await markConfigured(database, [{ slug: SLUG, revision: products[0]?.revision ?? 0 }]);
    expect(await take(10)).toMatchObject([{ slug: SLUG }]);
  });

  it("end to wait when they leave the list", async () => {
    await postgres.rows("update products set listed = false where slug = $1", [SLUG]);
    const { products, unlisted } = await readUnconfigured(database, [SLUG]);
    expect(products).toEqual([]);
    await markConfigured(database, unlisted);
    expect(await take(10)).toEqual([]);
  });
});

describe("SKUs that hold units", () => {
  it("are each in one slot, and those without are in none", async () => {
    await postgres.rows(
      `insert into stock_levels (sku, sequence, available, held, sold, received, adjusted, at)
       select 'HELD-' || n, 1, 1, n % 2, 0, 1 + n % 2, 0, now() from generate_series(1, 100) as n`,
    );
    const slots = await Promise.all([0, 1, 2, 3, 4].map((slot) => listHolding(database, slot, 5, 1_000)));
    const held = slots.flat();
    expect(new Set(held).size).toBe(held.length);
    expect(held.filter((name) => name.startsWith("HELD-"))).toHaveLength(50);
    expect(Math.min(...slots.map(({ length }) => length))).toBeGreaterThan(0);
    expect(await listHolding(database, 0, 5, 2)).toHaveLength(2);
  });
});
