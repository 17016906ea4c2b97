/** The copy of SKUs' ledgers as reconciliation compares it, and what bridges the gap that a restore of Postgres left. */
import { sql, type SQL } from "drizzle-orm";
import type { LedgerCopyFacts, UnitSums } from "../../domain/reconciliation/facts.ts";
import type { Database } from "./connection.ts";

/** SKUs in the order of their names; those whose figures changed since `since` (epoch ms), or all that are known. */
export async function listLedgers(
  database: Database,
  { after, since, limit }: { readonly after: string; readonly since: number | null; readonly limit: number },
): Promise<string[]> {
  const page = (from: SQL) =>
    sql`(select sku from ${from} and sku > ${after} order by sku limit ${limit}::int)`;
  const chosen =
    since === null
      ? sql`${page(sql`skus where true`)} union ${page(sql`stock_levels where true`)}`
      : page(sql`stock_levels where at >= ${new Date(since).toISOString()}::timestamptz`);
  const { rows } = await database.write((client) =>
    client.execute<{ sku: string }>(
      sql`select sku from (${chosen}) as chosen order by sku limit ${limit}::int`,
    ),
  );
  return rows.map(({ sku }) => sku);
}

const SUMS = sql`
  coalesce(sum(available_delta), 0) as available, coalesce(sum(held_delta), 0) as held,
  coalesce(sum(sold_delta), 0) as sold, coalesce(sum(received_delta), 0) as received,
  coalesce(sum(adjusted_delta), 0) as adjusted`;

/** A bridge stands for as many entries as its reference says. */
const ENTRIES = sql`coalesce(sum(case when kind = 'restored' then reference::bigint else 1 end), 0) as entries`;

interface CopyRow extends Record<string, unknown> {
  complete_through: string;
  entries: string;
}

/** A SKU's copy, from the primary; of a SKU that it does not know an empty one. */
export async function readLedgerCopy(database: Database, sku: string): Promise<LedgerCopyFacts> {
  const { rows } = await database.write((client) =>
    client.execute<CopyRow>(sql`
      with progress as (
        select coalesce((select complete_through from ledger_progress where sku = ${sku}), 0) as complete_through
      )
      select progress.complete_through, copy.* from progress, lateral (
        select ${ENTRIES}, ${SUMS} from stock_ledger
        where sku = ${sku} and sequence <= progress.complete_through) as copy`),
  );
  const [row] = rows;
  if (row === undefined) throw new Error("no answer about a ledger");
  return {
    completeThrough: Number(row.complete_through),
    entries: Number(row.entries),
    sums: sumsOf(row),
  };
}

/**
 * Bridges the gap in a SKU's copy: one entry of kind `restored` at the last sequence that is missing, with what the missing entries
 * add up to, and the copy counts as complete up to there. Where nothing is missing only that is put right.
 *
 * @param through the object has given up every entry up to this one
 * @param sums its figures after that entry
 * @param now epoch ms
 */
export async function bridgeLedger(
  database: Database,
  sku: string,
  through: number,
  sums: UnitSums,
  now: number,
): Promise<boolean> {
  const { rows } = await database.write((client) =>
    client.execute<{ sku: string }>(sql`
      with copy as (
        select ${ENTRIES}, ${SUMS} from stock_ledger where sku = ${sku} and sequence <= ${through}
      ), gap as (
        select number as sequence from generate_series(${through}::bigint, 1, -1) as number
        where not exists (select from stock_ledger where sku = ${sku} and sequence = number) limit 1
      ), bridge as (
        insert into stock_ledger (sku, sequence, kind, reference, reason, at,
          available_delta, held_delta, sold_delta, received_delta, adjusted_delta)
        select ${sku}, gap.sequence, 'restored', (${through}::bigint - copy.entries)::text, 'bridges a gap', ${new Date(now).toISOString()}::timestamptz,
          ${sums.available} - copy.available, ${sums.held} - copy.held, ${sums.sold} - copy.sold,
          ${sums.received} - copy.received, ${sums.adjusted} - copy.adjusted
        from gap, copy where copy.entries < ${through}::bigint
        on conflict (sku, sequence) do nothing
        returning sku
      )
      insert into ledger_progress as progress (sku, complete_through)
      select ${sku}, ${through}::bigint from copy
      where copy.entries >= ${through}::bigint or exists (select from bridge)
      on conflict (sku) do update set
        complete_through = greatest(progress.complete_through, excluded.complete_through)
      returning sku`),
  );
  return rows.length > 0;
}

function sumsOf(row: Record<string, unknown>): UnitSums {
  return {
    available: Number(row["available"]),
    held: Number(row["held"]),
    sold: Number(row["sold"]),
    received: Number(row["received"]),
    adjusted: Number(row["adjusted"]),
  };
}
