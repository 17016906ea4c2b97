/** Postgres' copy of the stock levels: what readers fall back to where Redis has none. */
import { inArray } from "drizzle-orm";
import type { StockLevel } from "../../contracts/messages.ts";
import type { Database } from "../postgres/connection.ts";
import { stockLevels } from "../postgres/schema/stock.ts";

/** @returns the levels that are there, in no particular order. Throws when Postgres cannot answer in its time limit. */
export async function readStoredLevels(database: Database, skus: readonly string[]): Promise<StockLevel[]> {
  if (skus.length === 0) return [];
  const rows = await database.read((client) =>
    client
      .select()
      .from(stockLevels)
      .where(inArray(stockLevels.sku, [...skus])),
  );
  return rows.map((row) => ({ ...row, opensAt: row.opensAt?.getTime() ?? null, at: row.at.getTime() }));
}
