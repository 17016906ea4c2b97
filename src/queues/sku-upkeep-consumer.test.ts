import { describe, expect, it } from "vitest";
import type { FoundSku } from "../adapters/catalog/catalog.ts";
import type { CatalogProduct, SkuTerms } from "../adapters/catalog/content.ts";
import type { ConfiguredProduct } from "../adapters/postgres/sku-upkeep.ts";
import { MESSAGE_VERSION, type SkuUpkeepMessage } from "../contracts/messages.ts";
import { consume, recordSettlement } from "./consumer-test-fixture.ts";
import { consumeSkuUpkeep } from "./sku-upkeep-consumer.ts";

function terms(sku: string): SkuTerms {
  const initialStock = { id: `initial:${sku}`, quantity: 5 };
  return {
    version: 1,
    unitAmountMinor: 100,
    currency: "USD",
    purchaseLimit: null,
    opensAt: null,
    initialStock,
  };
}
function product(slug: string, ...skus: string[]): CatalogProduct {
  return {
    revision: 7,
    product: { slug, name: slug, description: "", category: "phones", images: [], options: [], skus: [] },
    terms: Object.fromEntries(skus.map((sku) => [sku, terms(sku)])),
  };
}
const found = (sku: string) => ({ sku: { sku }, terms: terms(sku) }) as FoundSku;

function world() {
  const settlement = recordSettlement();
  const state = {
    calls: [] as string[],
    brokenSku: "",
    products: [product("phone", "PHONE-A", "PHONE-B"), product("cable", "CABLE")],
    unlisted: [] as ConfiguredProduct[],
    marked: [] as ConfiguredProduct[],
    isAway: false,
    lines: settlement.lines,
  };
  const call = (what: string, sku: string): Promise<void> => {
    if (sku === state.brokenSku) return Promise.reject(new Error("object restarted"));
    state.calls.push(`${what} ${sku}`);
    return Promise.resolve();
  };
  const deps = {
    ...settlement,
    clock: () => NOW,
    skuCalls: {
      configure: (sku: string) => call("configured", sku),
      sweep: (sku: string) => call("swept", sku),
    },
    walk: (slugs: readonly string[]) =>
      state.isAway
        ? Promise.reject(new Error("no catalog"))
        : Promise.resolve(slugs.map((slug) => found(slug.toUpperCase()))),
    readUnconfigured: () => Promise.resolve({ products: state.products, unlisted: state.unlisted }),
    markConfigured: (configured: readonly ConfiguredProduct[]) => {
      state.marked.push(...configured);
      return Promise.resolve();
    },
  };
  const run = (...bodies: SkuUpkeepMessage[]) =>
    consume(
      "sku-upkeep",
      bodies.map((body) => ({ body })),
      (batch) => consumeSkuUpkeep(batch, deps),
    );
  return { state, run };
}

const v = MESSAGE_VERSION;
const NOW = Date.UTC(2026, 10, 30);

describe("the upkeep of SKUs", () => {
  it("gives each SKU that has its turn its terms before it is swept", async () => {
    const { state, run } = world();
    await run({ v, type: "skus.in_turn", at: NOW, products: ["a", "b"] });
    expect(state.calls.filter((line) => line.endsWith(" A"))).toEqual(["configured A", "swept A"]);
    expect(state.calls).toHaveLength(4);
  });

  it("sweeps those that hold units, one call each", async () => {
    const { state, run } = world();
    await run({ v, type: "holds.to_check", at: NOW, skus: ["A", "B"] });
    expect(state.calls.toSorted()).toEqual(["swept A", "swept B"]);
  });

  it("tells changed terms to every SKU, and then notes which revision they have", async () => {
    const { state, run } = world();
    state.unlisted = [{ slug: "gone", revision: 9 }];
    await run({ v, type: "terms.changed", products: ["phone", "cable", "gone"] });
    expect(state.calls.toSorted()).toEqual(["configured CABLE", "configured PHONE-A", "configured PHONE-B"]);
    expect(state.marked).toEqual([
      { slug: "gone", revision: 9 },
      { slug: "phone", revision: 7 },
      { slug: "cable", revision: 7 },
    ]);
  });

  it("does not make up for turns that have come again meanwhile; changed terms never grow old", async () => {
    const { state, run } = world();
    const minutes = (count: number) => NOW - count * 60_000;
    await run(
      { v, type: "skus.in_turn", at: minutes(60), products: ["old"] },
      { v, type: "skus.in_turn", at: minutes(59), products: ["a"] },
      { v, type: "holds.to_check", at: minutes(5), skus: ["OLD"] },
      { v, type: "holds.to_check", at: minutes(4), skus: ["B"] },
    );
    expect(state.calls).toEqual(["configured A", "swept A", "swept B"]);
  });

  it("does the others where one SKU fails, and leaves its product to the cron's next minute", async () => {
    const { state, run } = world();
    state.brokenSku = "PHONE-B";
    await run({ v, type: "terms.changed", products: ["phone", "cable"] });
    expect(state.marked).toEqual([{ slug: "cable", revision: 7 }]);
    expect(state.lines.join()).toContain("sku.not_tended");
  });

  it("does the other messages where one cannot be done, and repeats none: the cron sends them again", async () => {
    const { state, run } = world();
    state.isAway = true;
    const outcome = await run(
      { v, type: "skus.in_turn", at: NOW, products: ["a"] },
      { v, type: "holds.to_check", at: NOW, skus: ["B"] },
    );
    expect(state.calls).toEqual(["swept B"]);
    expect(state.lines.join()).toContain("sku.upkeep_failed");
    expect(outcome).toEqual({ acknowledged: [0, 1], retried: {} });
  });
});
