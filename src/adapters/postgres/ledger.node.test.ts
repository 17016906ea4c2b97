import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ledgerAppended } from "../../../tests/fixtures/messages.ts";
import { startTestDatabase } from "../../../tests/fixtures/database.ts";
import type { TestDatabase } from "../../../tests/fixtures/database.ts";
import type { Database } from "./connection.ts";
import { isCausedByData } from "./errors.ts";
import { persistLedger, readLevels } from "./ledger.ts";

let postgres: TestDatabase;
let database: Database;
beforeAll(async () => {
  postgres = await startTestDatabase();
  database = postgres.connect();
});
afterAll(() => postgres.stop());

const sequencesOf = async (sku: string) =>
  (
    await postgres.rows<{ sequence: string }>(
      "select sequence from stock_ledger where sku = $1 order by sequence",
      [sku],
    )
  ).map((row) => Number(row.sequence));
const levelOf = async (sku: string) =>
  (
    await postgres.rows<{ sequence: string; available: string }>(
      "select * from stock_levels where sku = $1",
      [sku],
    )
  )[0];

describe("persistLedger", () => {
  it("stores entries and level, and confirms up to the last entry", async () => {
    expect(await persistLedger(database, [ledgerAppended("PLAIN", 1, 3)])).toEqual([
      { sku: "PLAIN", sequence: 3 },
    ]);
    expect(await sequencesOf("PLAIN")).toEqual([1, 2, 3]);
    expect(await levelOf("PLAIN")).toMatchObject({ sequence: "3", available: "3", received: "3" });
  });

  it("stores a range that is delivered twice, or overlaps with the one before, once", async () => {
    await persistLedger(database, [ledgerAppended("AGAIN", 1, 3)]);
    const answer = await persistLedger(database, [
      ledgerAppended("AGAIN", 1, 3),
      ledgerAppended("AGAIN", 2, 5),
    ]);
    expect(answer).toEqual([{ sku: "AGAIN", sequence: 5 }]);
    expect(await sequencesOf("AGAIN")).toEqual([1, 2, 3, 4, 5]);
  });

  it("confirms nothing beyond a gap, and everything it has once the gap is closed and the rest comes again", async () => {
    expect(await persistLedger(database, [ledgerAppended("GAP", 4, 6)])).toEqual([
      { sku: "GAP", sequence: 0 },
    ]);
    expect(await levelOf("GAP")).toMatchObject({ sequence: "6" });
    expect(await persistLedger(database, [ledgerAppended("GAP", 1, 3)])).toEqual([
      { sku: "GAP", sequence: 3 },
    ]);
    expect(await levelOf("GAP")).toMatchObject({ sequence: "6" });
    expect(await persistLedger(database, [ledgerAppended("GAP", 4, 6)])).toEqual([
      { sku: "GAP", sequence: 6 },
    ]);
    expect(await sequencesOf("GAP")).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await persistLedger(database, [ledgerAppended("GAP", 8, 9)])).toEqual([
      { sku: "GAP", sequence: 6 },
    ]);
  });

  it("puts the ranges of one batch together, in whatever order they are", async () => {
    const answer = await persistLedger(database, [
      ledgerAppended("ORDER", 3, 4),
      ledgerAppended("OTHER", 1, 1),
      ledgerAppended("ORDER", 1, 2),
      ledgerAppended("ORDER", 7, 8),
    ]);
    expect(answer.toSorted((one, other) => one.sku.localeCompare(other.sku))).toEqual([
      { sku: "ORDER", sequence: 4 },
      { sku: "OTHER", sequence: 1 },
    ]);
  });

  it("takes a level without entries and confirms what is there", async () => {
    await persistLedger(database, [ledgerAppended("LEVEL", 1, 2)]);
    const level = { ...ledgerAppended("LEVEL", 1, 2).level, opensAt: 99_000, at: Date.UTC(2027, 0, 1) };
    const answer = await persistLedger(database, [{ v: 1, type: "ledger.appended", level, entries: [] }]);
    expect(answer).toEqual([{ sku: "LEVEL", sequence: 2 }]);
    expect(await levelOf("LEVEL")).toMatchObject({ opens_at: new Date(99_000) });
  });

  it("gives the newest levels back as they came, and none for a SKU that it does not know", async () => {
    const { level } = ledgerAppended("READ", 1, 2);
    const opensAt = Date.UTC(2027, 0, 1);
    await persistLedger(database, [{ ...ledgerAppended("READ", 1, 2), level: { ...level, opensAt } }]);
    expect(await readLevels(database, ["READ", "UNKNOWN"])).toEqual([{ ...level, opensAt }]);
    expect(await readLevels(database, [])).toEqual([]);
  });

  it("refuses figures that do not add up as caused by their data, with everything in their batch", async () => {
    const broken = ledgerAppended("BROKEN", 1, 1);
    broken.level.available += 1;
    const error: unknown = await persistLedger(database, [ledgerAppended("SOUND", 1, 1), broken]).catch(
      (thrown: unknown) => thrown,
    );
    expect(isCausedByData(error)).toBe(true);
    expect(await sequencesOf("SOUND")).toEqual([]);
  });

  it("keeps the ledger append-only: the database refuses to change or remove an entry", async () => {
    await persistLedger(database, [ledgerAppended("FIXED", 1, 1)]);
    for (const change of [
      "update stock_ledger set reason = 'x'",
      "delete from stock_ledger",
      "truncate stock_ledger",
    ]) {
      await expect(postgres.rows(change)).rejects.toThrow("append-only");
    }
  });
});
