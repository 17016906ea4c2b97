/** Changes of a SKU's price: the current one ends, the next begins, in one statement; the former ones stay. */
import { sql } from "drizzle-orm";
import type { Database } from "./connection.ts";

export interface PriceChange {
  readonly sku: string;
  /** Repeating an id changes nothing more. */
  readonly id: string;
  readonly unitAmountMinor: number;
  readonly currency: string;
}

export type PriceChangeOutcome =
  | { readonly ok: true; readonly isNew: boolean }
  /** The id was used for another price of this SKU; or the SKU has no price, or one in another currency. */
  | { readonly ok: false; readonly reason: "id_reused" | "other_currency" };

interface Answer extends Record<string, unknown> {
  known_amount: string | null;
  known_currency: string | null;
  opened: string;
}

/**
 * Sets the price that applies from now on.
 *
 * @throws where the primary cannot be reached; after a time limit the change may or may not have happened: repeat it
 */
export async function changePrice(database: Database, change: PriceChange): Promise<PriceChangeOutcome> {
  const first = await attempt(database, change);
  // Nothing known and nothing done: a change that ran beside this one, perhaps of the same id, has just been committed.
  return first ?? (await attempt(database, change)) ?? { ok: false, reason: "other_currency" };
}

/** Null: nothing was changed, and the id is not known. */
async function attempt(
  database: Database,
  { sku, id, unitAmountMinor, currency }: PriceChange,
): Promise<PriceChangeOutcome | null> {
  const [answer] = (
    await database.write((client) =>
      client.execute<Answer>(sql`
        with known as (
          select unit_amount_minor, currency from prices where sku = ${sku} and change_id = ${id}
        ), ended as (
          update prices set valid_until = greatest(now(), valid_from)
          where sku = ${sku} and valid_until is null and currency = ${currency} and not exists (select from known)
          returning sku, valid_until
        ), opened as (
          insert into prices (sku, unit_amount_minor, currency, valid_from, change_id)
          select sku, ${unitAmountMinor}::bigint, ${currency}, valid_until, ${id} from ended
          returning id
        )
        select (select unit_amount_minor from known) as known_amount,
               (select currency from known) as known_currency,
               (select count(*) from opened) as opened`),
    )
  ).rows;
  if (answer === undefined) throw new Error("a price change without an answer");
  if (answer.known_amount !== null) {
    const isSame = Number(answer.known_amount) === unitAmountMinor && answer.known_currency === currency;
    return isSame ? { ok: true, isNew: false } : { ok: false, reason: "id_reused" };
  }
  return Number(answer.opened) === 1 ? { ok: true, isNew: true } : null;
}
