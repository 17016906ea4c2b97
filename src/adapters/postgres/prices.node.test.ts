import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seedCatalog } from "../../../local/seed/seed.ts";
import { SEED_SKUS } from "../../../local/seed/catalog.ts";
import { startTestDatabase } from "../../../tests/fixtures/database.ts";
import type { TestDatabase } from "../../../tests/fixtures/database.ts";
import { readCatalogVersion, readIndex, readProducts } from "./catalog.ts";
import type { Database } from "./connection.ts";
import { changePrice } from "./prices.ts";

let postgres: TestDatabase;
let database: Database;
beforeAll(async () => {
  postgres = await startTestDatabase();
  database = postgres.connect();
  await seedCatalog(postgres.url, Date.UTC(2026, 10, 22));
});
afterAll(() => postgres.stop());

const sku = SEED_SKUS.plenty;
const priceOf = async (name: string) => {
  const [row] = await postgres.rows<{ slug: string }>(
    "select product_slug as slug from skus where sku = $1",
    [name],
  );
  const [found] = await readProducts(database, [{ slug: row?.slug ?? "", revision: 0 }]);
  return found?.product.skus.find((each) => each.sku === name)?.price.amount;
};
const history = (name: string) =>
  postgres.rows<{ amount: string; ended: boolean; gap: boolean }>(
    `select unit_amount_minor as amount, valid_until is not null as ended,
            lag(valid_until) over (order by id) is distinct from valid_from as gap
     from prices where sku = $1 order by id`,
    [name],
  );

describe("changing a price", () => {
  it("ends the current one and begins the next at the same moment; the former one stays", async () => {
    const before = await history(sku);
    const change = { sku, id: "autumn", unitAmountMinor: 4_200, currency: "USD" };
    expect(await changePrice(database, change)).toEqual({ ok: true, isNew: true });
    expect(await priceOf(sku)).toBe(4_200);
    const after = await history(sku);
    expect(after).toHaveLength(before.length + 1);
    expect(after.map(({ ended }) => ended)).toEqual([...before.map(() => true), false]);
    expect(after.at(-1)?.gap).toBe(false);
  });

  it("does nothing more when it is repeated, also at the same time, and refuses other content under its id", async () => {
    const change = { sku, id: "once", unitAmountMinor: 4_300, currency: "USD" };
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => changePrice(database, change)));
    expect(outcomes.filter((outcome) => outcome.ok && outcome.isNew)).toHaveLength(1);
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
    const rows = await history(sku);
    await changePrice(database, { ...change, id: "next", unitAmountMinor: 4_400 });
    expect(await changePrice(database, change)).toEqual({ ok: true, isNew: false });
    expect(await history(sku)).toHaveLength(rows.length + 1);
    expect(await priceOf(sku)).toBe(4_400);
    expect(await changePrice(database, { ...change, unitAmountMinor: 1 })).toEqual({
      ok: false,
      reason: "id_reused",
    });
  });

  it("leaves one current price, however many change it at once", async () => {
    await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        changePrice(database, { sku, id: `raced-${index}`, unitAmountMinor: 5_000 + index, currency: "USD" }),
      ),
    );
    expect((await history(sku)).filter(({ ended }) => !ended)).toHaveLength(1);
  });

  it("keeps to the currency the SKU is sold in", async () => {
    const change = { sku, id: "euro", unitAmountMinor: 1, currency: "EUR" };
    expect(await changePrice(database, change)).toEqual({ ok: false, reason: "other_currency" });
  });
});

describe("the version of the catalog", () => {
  it.each([
    [
      "a price",
      "update prices set unit_amount_minor = unit_amount_minor + 1 where valid_until is null and sku = $1",
    ],
    ["a SKU", "update skus set position = position where sku = $1"],
    [
      "a product",
      "update products set name = name where slug in (select product_slug from skus where sku = $1)",
    ],
    [
      "an option",
      "update product_options set label = label where product_slug in (select product_slug from skus where sku = $1)",
    ],
    [
      "a picture",
      "update product_images set alt = alt where product_slug in (select product_slug from skus where sku = $1)",
    ],
    [
      "a drop",
      "update drops set opens_at = opens_at where product_slug in (select product_slug from skus where sku = $1)",
    ],
  ])("rises with every statement about %s", async (_, statement) => {
    const before = await readCatalogVersion(database);
    await postgres.rows(statement, [sku]);
    expect(await readCatalogVersion(database)).toBeGreaterThan(before);
    expect((await readIndex(database)).version).toBe(await readCatalogVersion(database));
  });
});
