import { describe, expect, it } from "vitest";
import type { LedgerAppended, StockLevel } from "../contracts/messages.ts";
import { consume, isDataFault, ledgerAppended, recordSettlement, sqlFault } from "./consumer-test-fixture.ts";
import { consumeStockLedger } from "./stock-ledger-consumer.ts";
import type { PersistedLedger } from "./stock-ledger-consumer.ts";

function world() {
  const settlement = recordSettlement();
  const confirmed: PersistedLedger[] = [];
  const published: StockLevel[] = [];
  /** What Redis has, and the SKUs whose pages were dropped. */
  const redis = new Map<string, StockLevel>();
  const dropped: string[] = [];
  const state = {
    settlement,
    confirmed,
    published,
    dropped,
    postgresAway: false,
    redisAway: false,
    failing: "",
  };
  const deps = {
    ...settlement,
    persist: (messages: LedgerAppended[]): Promise<PersistedLedger[]> => {
      if (state.postgresAway) return Promise.reject(new TypeError("fetch failed"));
      if (messages.some(({ level }) => level.sku === state.failing)) return Promise.reject(sqlFault("23514"));
      return Promise.resolve(messages.map(({ level: { sku, sequence } }) => ({ sku, sequence })));
    },
    blamesData: isDataFault,
    objectOf: ({ sku }: PersistedLedger) => sku,
    confirm: (_sku: string, persisted: PersistedLedger[]) => {
      confirmed.push(...persisted);
      return Promise.resolve();
    },
    publishLevels: (levels: StockLevel[]) => {
      if (state.redisAway) return Promise.reject(new Error("Redis is away"));
      published.push(...levels);
      return Promise.resolve(
        levels.map((level) => {
          const former = redis.get(level.sku) ?? null;
          redis.set(level.sku, level);
          return { level, former };
        }),
      );
    },
    statusChanged: (levels: readonly StockLevel[]) => {
      dropped.push(...levels.map(({ sku }) => sku));
      return Promise.resolve();
    },
  };
  const run = (...messages: unknown[]) =>
    consume(
      "stock-ledger",
      messages.map((body) => ({ body })),
      (batch) => consumeStockLedger(batch, deps),
    );
  return { state, run };
}

describe("the stock-ledger consumer", () => {
  it("confirms the newest sequence of each SKU, once", async () => {
    const { state, run } = world();
    const outcome = await run(
      ledgerAppended("SKU-A", 2),
      ledgerAppended("SKU-B", 1),
      ledgerAppended("SKU-A", 1),
    );
    expect(outcome.acknowledged).toEqual([0, 1, 2]);
    expect(state.confirmed).toEqual([
      { sku: "SKU-A", sequence: 2 },
      { sku: "SKU-B", sequence: 1 },
    ]);
  });

  it("publishes the figures while Postgres is away, and confirms nothing", async () => {
    const { state, run } = world();
    state.postgresAway = true;
    const outcome = await run(ledgerAppended("SKU-A", 1));
    expect(outcome.acknowledged).toEqual([0]);
    expect(state.published.map(({ sku }) => sku)).toEqual(["SKU-A"]);
    expect(state.confirmed).toEqual([]);
  });

  it("stores and confirms while Redis is away", async () => {
    const { state, run } = world();
    state.redisAway = true;
    const outcome = await run(ledgerAppended("SKU-A", 1));
    expect(outcome.acknowledged).toEqual([0]);
    expect(state.confirmed).toEqual([{ sku: "SKU-A", sequence: 1 }]);
    expect(state.settlement.points).toContain("stock_published failed 1");
  });

  it("has a page dropped when its SKU comes to be low, sold out or in stock again, and not with every sale", async () => {
    const { state, run } = world();
    const figures = [20, 19, 18, 5, 4, 0, 0, 9];
    const drops: number[] = [];
    for (const [index, available] of figures.entries()) {
      await run(ledgerAppended("SKU-A", index + 1, available));
      if (state.dropped.splice(0).length > 0) drops.push(available);
    }
    // The first figure ever told may be news to a page, too.
    expect(drops).toEqual([20, 5, 0, 9]);
  });

  it("has pages dropped while Redis is away, where it cannot be known what they say", async () => {
    const { state, run } = world();
    state.redisAway = true;
    await run(ledgerAppended("SKU-A", 1));
    expect(state.dropped).toEqual(["SKU-A"]);
  });

  it("dead-letters the one failing message alone", async () => {
    const { state, run } = world();
    state.failing = "SKU-BAD";
    const outcome = await run(
      ledgerAppended("SKU-A", 1),
      ledgerAppended("SKU-BAD", 7),
      ledgerAppended("SKU-B", 1),
    );
    expect(outcome.acknowledged).toEqual([0, 1, 2]);
    expect(state.settlement.deadLetters.map(({ messageId }) => messageId)).toEqual([
      "ledger.appended:SKU-BAD:7",
    ]);
    expect(state.confirmed.map(({ sku }) => sku)).toEqual(["SKU-A", "SKU-B"]);
  });

  it("reads entries as strictly as the rest: one that is not whole is kept for ops, unstored", async () => {
    const { state, run } = world();
    const sound = ledgerAppended("SKU-A", 1);
    const [entry] = sound.entries;
    const wrong: unknown[] = [
      { sequence: 0 },
      { sequence: 1.5 },
      { sequence: "1" },
      { at: NaN },
      { kind: "stolen" },
      { kind: "toString" },
      { reference: null },
      { reason: 7 },
      { available: undefined },
      { held: 2 ** 53 },
    ].map((change) => ({ ...sound, entries: [{ ...entry, ...change }] }));
    const outcome = await run(...wrong, { ...sound, entries: null }, { ...sound, entries: [null] });
    expect(outcome.acknowledged).toHaveLength(12);
    expect(state.settlement.deadLetters).toHaveLength(12);
    expect(state.settlement.deadLetters[0]?.error).toContain("entries: custom");
    expect(state.confirmed).toEqual([]);
  });

  it("gives a message of a newer release back", async () => {
    const { run } = world();
    const outcome = await run({ v: 2, type: "ledger.appended" });
    expect(Object.keys(outcome.retried)).toEqual(["0"]);
  });
});
