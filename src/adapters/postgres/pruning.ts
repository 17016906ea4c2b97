/** Forgets records of operations that are too old to be of use, a bounded number at a time. */
import { sql } from "drizzle-orm";
import type { Database } from "./connection.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** Longer than a dispute of a card payment may take to be opened: the inbox tells what Stripe said when. */
export const STRIPE_EVENTS_MS = 180 * DAY_MS;
/** After it was replayed or discarded, or came again since. */
export const CLOSED_LETTERS_MS = 30 * DAY_MS;
/** An open dead letter: it may hold an order's address, which nobody may keep forever. */
export const OPEN_LETTERS_MS = 180 * DAY_MS;

/** Runs of reconciliation, with what they found. */
export const RUNS_MS = 90 * DAY_MS;

export interface Pruned {
  readonly events: number;
  readonly closedLetters: number;
  /** Letters that nobody has seen to in all that time. */
  readonly openLetters: number;
}

/**
 * @param options.now epoch ms
 * @param options.limit rows of a kind deleted at most; the others' turn is the next run
 */
export async function pruneOperations(
  database: Database,
  { now, limit }: { readonly now: number; readonly limit: number },
): Promise<Pruned> {
  const moment = (age: number) => sql`${new Date(now - age).toISOString()}::timestamptz`;
  const { rows } = await database.write((client) =>
    client.execute<Record<keyof Pruned, unknown>>(sql`
      with events as (
        delete from stripe_events where event_id = any (array(
          select event_id from stripe_events where created_at <= ${moment(STRIPE_EVENTS_MS)}
          order by created_at limit ${limit}::int))
        returning 1
      ), runs as (
        delete from reconciliations where id = any (array(
          select id from reconciliations where started_at <= ${moment(RUNS_MS)} order by started_at limit ${limit}::int))
      ), letters as (
        delete from dead_letters where id = any (array(
          select id from dead_letters where stored_at <= ${moment(CLOSED_LETTERS_MS)}
            and (coalesce(replayed_at, discarded_at) <= ${moment(CLOSED_LETTERS_MS)}
              or (coalesce(replayed_at, discarded_at) is null and stored_at <= ${moment(OPEN_LETTERS_MS)}))
          order by stored_at limit ${limit}::int))
        returning coalesce(replayed_at, discarded_at) is null as is_open
      )
      select (select count(*) from events) as events,
        (select count(*) from letters where not is_open) as "closedLetters",
        (select count(*) from letters where is_open) as "openLetters"`),
  );
  const [row] = rows;
  return {
    events: Number(row?.events ?? 0),
    closedLetters: Number(row?.closedLetters ?? 0),
    openLetters: Number(row?.openLetters ?? 0),
  };
}
