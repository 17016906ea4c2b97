import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { SEED_RATES } from "../../../local/seed/rates.ts";
import { seedCatalog } from "../../../local/seed/seed.ts";
import { startTestDatabase, type TestDatabase } from "../../../tests/fixtures/database.ts";
import type { Rates } from "../../domain/rates.ts";
import type { ShippingZone } from "../../domain/shipping.ts";
import type { Database } from "./connection.ts";
import { readRates, replaceShipping, replaceTaxes } from "./rates.ts";

let postgres: TestDatabase;
let database: Database;
beforeAll(async () => {
  postgres = await startTestDatabase();
  database = postgres.connect();
  await seedCatalog(postgres.url);
});
afterAll(() => postgres.stop());

const [everywhere] = SEED_RATES.zones as readonly [ShippingZone];
const [standard, express] = everywhere.methods;

describe("rates", () => {
  let before: Rates;
  beforeEach(async () => {
    before = await readRates(database);
  });

  it("replace zones, countries and methods as a whole: what moves, what comes and what goes", async () => {
    const zones: ShippingZone[] = [
      {
        code: "near",
        name: "Nearby",
        countries: ["DE", "FR"],
        methods: [{ ...express!, freeFromMinor: 9_900 }],
      },
      { ...everywhere, countries: ["US"], methods: [{ ...standard!, name: "Ground", amountMinor: 700 }] },
    ];
    expect(await replaceShipping(database, before.revision, zones)).toBe(true);
    const after = await readRates(database);
    expect(after.zones).toEqual(zones);
    expect(after.taxes).toEqual(before.taxes);
    expect(after.revision).toBeGreaterThan(before.revision);
    expect(await replaceShipping(database, after.revision, [])).toBe(true);
    expect((await readRates(database)).zones).toEqual([]);
  });

  it("replace taxes as a whole, in the order given", async () => {
    const rate = { country: "CA", onShipping: false, included: false };
    const taxes = [
      { ...rate, region: "", name: "GST", basisPoints: 500 },
      { ...rate, region: "BC", name: "PST", basisPoints: 700 },
    ];
    expect(await replaceTaxes(database, before.revision, taxes)).toBe(true);
    expect((await readRates(database)).taxes).toEqual(taxes);
  });

  it("change nothing for one who has not seen the newest, also where two change them at once", async () => {
    const { revision } = before;
    const zone = (code: string): ShippingZone[] => [{ code, name: code, countries: [], methods: [] }];
    const outcomes = await Promise.all(
      ["a", "b", "c"].map((code) => replaceShipping(database, revision, zone(code))),
    );
    expect(outcomes.filter(Boolean)).toHaveLength(1);
    const after = await readRates(database);
    expect(after.zones.map(({ code }) => code)).toEqual([["a", "b", "c"][outcomes.indexOf(true)]]);
    expect(await replaceTaxes(database, revision, [])).toBe(false);
    expect(await readRates(database)).toEqual(after);
  });
});
