import { describe, expect, it } from "vitest";
import type { LedgerAppended, StockLevel } from "../contracts/messages.ts";
import { consume, isDataFault, ledgerAppended, recordSettlement, sqlFault } from "./consumer-test-fixture.ts";
import { consumeStockLedger } from "./stock-ledger-consumer.ts";
import type { PersistedLedger } from "./stock-ledger-consumer.ts";

function world() {
  const settlement = recordSettlement();
  const confirmed: PersistedLedger[] = [];
  const published: StockLevel[] = [];
  const state = { settlement, confirmed, published, postgresAway: false, redisAway: false, poisoned: "" };
  const deps = {
    ...settlement,
    persist: (messages: LedgerAppended[]): Promise<PersistedLedger[]> => {
      if (state.postgresAway) return Promise.reject(new TypeError("fetch failed"));
      if (messages.some(({ level }) => level.sku === state.poisoned))
        return Promise.reject(sqlFault("23514"));
      return Promise.resolve(messages.map(({ level: { sku, sequence } }) => ({ sku, sequence })));
    },
    blamesData: isDataFault,
    confirm: (persisted: PersistedLedger) => {
      confirmed.push(persisted);
      return Promise.resolve();
    },
    publishLevels: (levels: StockLevel[]) => {
      if (state.redisAway) return Promise.reject(new Error("Redis is away"));
      published.push(...levels);
      return Promise.resolve(levels.length);
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

  it("parks the one poisoned message alone", async () => {
    const { state, run } = world();
    state.poisoned = "SKU-BAD";
    const outcome = await run(
      ledgerAppended("SKU-A", 1),
      ledgerAppended("SKU-BAD", 7),
      ledgerAppended("SKU-B", 1),
    );
    expect(outcome.acknowledged).toEqual([0, 1, 2]);
    expect(state.settlement.letters.map(({ messageId }) => messageId)).toEqual(["SKU-BAD:7"]);
    expect(state.confirmed.map(({ sku }) => sku)).toEqual(["SKU-A", "SKU-B"]);
  });

  it("gives a message of a newer release back", async () => {
    const { run } = world();
    const outcome = await run({ v: 2, type: "ledger.appended" });
    expect(Object.keys(outcome.retried)).toEqual(["0"]);
  });
});
