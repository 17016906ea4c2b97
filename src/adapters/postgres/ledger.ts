/** Takes the SKU objects' ledger into Postgres, and says how far each SKU's ledger is complete there. */
import { inArray, sql } from "drizzle-orm";
import type { LedgerAppended, StockLevel } from "../../contracts/messages.ts";
import type { Database } from "./connection.ts";
import { stockLevels } from "./schema/stock.ts";

/** How many messages one call takes: a queue batch. */
export const MAX_LEDGER_MESSAGES = 100;

export interface ConfirmedLedger {
  sku: string;
  /** Every entry from the first to this one is in Postgres. Zero while the first is missing. */
  sequence: number;
}

/**
 * Stores entries and levels in one statement, so in one transaction and one round trip. Entries that are there already
 * stay as they are; an older level never replaces a newer one.
 *
 * @returns one answer per SKU, after the commit
 * @throws what Postgres threw, and then nothing is stored; see `isCausedByData` for an error that one message caused
 */
export async function persistLedger(
  database: Database,
  messages: readonly LedgerAppended[],
): Promise<ConfirmedLedger[]> {
  if (messages.length === 0) return [];
  if (messages.length > MAX_LEDGER_MESSAGES) throw new RangeError(`at most ${MAX_LEDGER_MESSAGES} messages`);
  const entries = messages.flatMap(({ level, entries }) =>
    entries.map((entry) => ({ ...entry, sku: level.sku })),
  );
  const statement = storeLedger(
    JSON.stringify(entries),
    JSON.stringify(newestLevels(messages)),
    JSON.stringify(sequenceRuns(messages)),
  );
  const result = await database.write((client) =>
    client.execute<{ sku: string; complete_through: string }>(statement),
  );
  return result.rows.map((row) => ({ sku: row.sku, sequence: Number(row.complete_through) }));
}

function newestLevels(messages: readonly LedgerAppended[]): StockLevel[] {
  const bySku = new Map<string, StockLevel>();
  for (const { level } of messages) {
    const known = bySku.get(level.sku);
    if (known === undefined || known.sequence < level.sequence) bySku.set(level.sku, level);
  }
  return [...bySku.values()];
}

/** Sequences `from … to` without a gap. */
interface SequenceRun {
  sku: string;
  from: number;
  to: number;
}

/**
 * The entries as runs, at least one number apart within a SKU; an empty run at zero for a SKU without entries, so that
 * it gets an answer too. Because runs do not touch, at most one of them continues what is in Postgres.
 */
function sequenceRuns(messages: readonly LedgerAppended[]): SequenceRun[] {
  const bySku = new Map<string, number[]>();
  for (const { level, entries } of messages) {
    const known = bySku.get(level.sku) ?? [];
    for (const entry of entries) known.push(entry.sequence);
    bySku.set(level.sku, known);
  }
  const runs: SequenceRun[] = [];
  for (const [sku, sequences] of bySku) {
    let run: SequenceRun = { sku, from: 0, to: 0 };
    runs.push(run);
    for (const sequence of sequences.sort((one, other) => one - other)) {
      if (sequence > run.to + 1) runs.push((run = { sku, from: sequence, to: sequence }));
      else run.to = sequence;
    }
  }
  return runs;
}

/** Rows are taken in the order of their keys, so that two consumers wait for one another instead of locking each other up. */
const storeLedger = (entries: string, levels: string, runs: string) => sql`
  with entry as materialized (
    select * from jsonb_to_recordset(${entries}::jsonb) as e(
      sku text, sequence bigint, kind text, reference text, reason text, at bigint,
      available bigint, held bigint, sold bigint, received bigint, adjusted bigint)
  ), level as materialized (
    select * from jsonb_to_recordset(${levels}::jsonb) as l(
      sku text, sequence bigint, available bigint, held bigint, sold bigint, received bigint, adjusted bigint,
      "opensAt" bigint, at bigint)
  ), run as materialized (
    select * from jsonb_to_recordset(${runs}::jsonb) as r(sku text, "from" bigint, "to" bigint)
  ), stored_entries as (
    insert into stock_ledger (sku, sequence, kind, reference, reason, at,
      available_delta, held_delta, sold_delta, received_delta, adjusted_delta)
    select sku, sequence, kind, reference, reason, to_timestamp(at / 1000.0), available, held, sold, received, adjusted
    from entry order by sku, sequence
    on conflict (sku, sequence) do nothing
  ), stored_levels as (
    insert into stock_levels (sku, sequence, available, held, sold, received, adjusted, opens_at, at)
    select sku, sequence, available, held, sold, received, adjusted, to_timestamp("opensAt" / 1000.0),
      to_timestamp(at / 1000.0)
    from level order by sku
    on conflict (sku) do update set
      sequence = excluded.sequence, available = excluded.available, held = excluded.held, sold = excluded.sold,
      received = excluded.received, adjusted = excluded.adjusted, opens_at = excluded.opens_at, at = excluded.at
    where excluded.sequence > stock_levels.sequence
      or (excluded.sequence = stock_levels.sequence and excluded.at > stock_levels.at)
  )
  insert into ledger_progress as progress (sku, complete_through)
  select sku, coalesce(max("to") filter (where "from" <= 1), 0) from run group by sku order by sku
  on conflict (sku) do update set
    complete_through = greatest(progress.complete_through,
      (select max(run."to") from run where run.sku = progress.sku and run."from" <= progress.complete_through + 1))
  returning sku, complete_through`;

/** The newest levels Postgres has of these SKUs; one it has none of is left out. */
export async function readLevels(database: Database, skus: readonly string[]): Promise<StockLevel[]> {
  if (skus.length === 0) return [];
  const rows = await database.read((client) =>
    client
      .select()
      .from(stockLevels)
      .where(inArray(stockLevels.sku, [...skus])),
  );
  return rows.map((row) => ({ ...row, opensAt: row.opensAt?.getTime() ?? null, at: row.at.getTime() }));
}
