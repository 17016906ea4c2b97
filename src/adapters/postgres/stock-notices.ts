/** Who wants to be told when a SKU is back or a drop opens: kept, taken in turn, ticked off, ended and forgotten. */
import { sql } from "drizzle-orm";
import {
  DROP_NOTICE_AHEAD_MS,
  DROP_NOTICE_LATE_MS,
  MAX_OPEN_NOTICES_PER_ADDRESS,
  type StockNoticeKind,
} from "../../domain/stock-notice.ts";
import type { Database } from "./connection.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** A finished request is forgotten after this long; the link in its e-mail works until then. */
const FINISHED_KEPT_MS = 30 * DAY_MS;
/** Nobody waits longer than this. */
const OPEN_KEPT_MS = 365 * DAY_MS;
const MAX_FORGOTTEN_AT_ONCE = 5_000;

/** What is waited for: a SKU that is to come back, or a product whose sale is to open. */
export interface StockSubject {
  readonly kind: StockNoticeKind;
  /** A SKU or a product's slug. */
  readonly subject: string;
}

const isOpen = sql`notified_at is null and unsubscribed_at is null`;
const moment = (at: number) => sql`${new Date(at).toISOString()}::timestamptz`;
const isFree = (now: number) => sql`(claimed_until is null or claimed_until <= ${moment(now)})`;

/**
 * Keeps a request. One that waits already keeps its place in the line; one that was answered or ended begins anew. An
 * address that waits for too much already is not given more, and nobody is told which of these it was.
 *
 * @param email normalised
 * @param now epoch ms
 */
export async function askForStockNotice(
  database: Database,
  { kind, subject, email }: StockSubject & { readonly email: string },
  now: number,
): Promise<void> {
  await database.write((client) =>
    client.execute(sql`
      insert into stock_notices (email, kind, subject, created_at)
      select ${email}::text, ${kind}::text, ${subject}::text, ${moment(now)}
      where (select count(*) from stock_notices where email = ${email}::text and ${isOpen})
        < ${MAX_OPEN_NOTICES_PER_ADDRESS}::int
      on conflict (email, kind, subject) do update set
        created_at = excluded.created_at, claimed_until = null, notified_at = null, unsubscribed_at = null
      where stock_notices.notified_at is not null or stock_notices.unsubscribed_at is not null`),
  );
}

/**
 * What somebody waits for that can be had now, or opens about now.
 *
 * @param limit how many at most; the others' turn comes next time
 */
export async function dueStockSubjects(
  database: Database,
  limit: number,
  now: number,
): Promise<StockSubject[]> {
  const { rows } = await database.write((client) =>
    client.execute<{ kind: StockNoticeKind; subject: string }>(sql`
      with waiting as (
        select kind, subject, min(created_at) as since from stock_notices
        where ${isOpen} and ${isFree(now)} group by kind, subject
      )
      (select waiting.kind, waiting.subject, waiting.since from waiting
        join skus on skus.sku = waiting.subject and skus.listed
        join products on products.slug = skus.product_slug and products.listed
        join stock_levels on stock_levels.sku = skus.sku and stock_levels.available > 0
        left join drops on drops.product_slug = skus.product_slug
        where waiting.kind = 'restock' and (drops.opens_at is null or drops.opens_at <= ${moment(now)})
      union all
      select waiting.kind, waiting.subject, waiting.since from waiting
        join drops on drops.product_slug = waiting.subject
        join products on products.slug = drops.product_slug and products.listed
        where waiting.kind = 'drop' and drops.opens_at > ${moment(now - DROP_NOTICE_LATE_MS)}
          and (drops.opens_at <= ${moment(now)}
            or (drops.opens_at <= ${moment(now + DROP_NOTICE_AHEAD_MS)}
              and waiting.since < drops.opens_at - ${`${String(DROP_NOTICE_AHEAD_MS)} ms`}::interval)))
      order by since limit ${limit}::int`),
  );
  return rows.map(({ kind, subject }) => ({ kind, subject }));
}

/** The thing as an e-mail names it. */
export interface StockThing {
  readonly name: string;
  readonly slug: string;
  /** The SKU that is back; null for a product as a whole. */
  readonly sku: string | null;
  /** Units that can be bought; null for a product as a whole. */
  readonly available: number | null;
  /** Epoch ms, or null where it is on sale already. */
  readonly opensAt: number | null;
}

/** Null where the store does not sell it any more. */
export async function readStockThing(
  database: Database,
  { kind, subject }: StockSubject,
): Promise<StockThing | null> {
  const { rows } = await database.write((client) =>
    client.execute<Omit<StockThing, "available" | "opensAt"> & { available: unknown; opens_at: unknown }>(
      kind === "restock" ? skuNamed(subject) : productNamed(subject),
    ),
  );
  const [row] = rows;
  if (row === undefined) return null;
  const { name, slug, sku, available, opens_at: opensAt } = row;
  return { name, slug, sku, available: numberOrNull(available), opensAt: numberOrNull(opensAt) };
}

const skuNamed = (sku: string) => sql`
  select skus.name, skus.product_slug as slug, skus.sku, coalesce(stock_levels.available, 0) as available,
    round(extract(epoch from drops.opens_at) * 1000)::bigint as opens_at
  from skus
  join products on products.slug = skus.product_slug and products.listed
  left join stock_levels on stock_levels.sku = skus.sku
  left join drops on drops.product_slug = skus.product_slug
  where skus.sku = ${sku} and skus.listed`;

const productNamed = (slug: string) => sql`
  select products.name, products.slug, null as sku, null as available,
    round(extract(epoch from drops.opens_at) * 1000)::bigint as opens_at
  from products left join drops on drops.product_slug = products.slug
  where products.slug = ${slug} and products.listed`;

const numberOrNull = (value: unknown): number | null => (value === null ? null : Number(value));

/** Somebody who is to be told. */
export interface Waiting {
  readonly id: string;
  readonly email: string;
}

/**
 * Takes the next in line, for as long as sending may take: another taker meanwhile gets others.
 *
 * @param options.askedBefore only those who asked before (epoch ms)
 * @param options.leaseMs how long no other taker gets them
 */
export async function claimStockNotices(
  database: Database,
  { kind, subject }: StockSubject,
  options: {
    readonly limit: number;
    readonly askedBefore: number;
    readonly leaseMs: number;
    readonly now: number;
  },
): Promise<Waiting[]> {
  const { limit, askedBefore, leaseMs, now } = options;
  const { rows } = await database.write((client) =>
    client.execute<{ id: string; email: string }>(sql`
      with next as materialized (
        select id from stock_notices
        where kind = ${kind} and subject = ${subject} and ${isOpen} and ${isFree(now)}
          and created_at <= ${moment(askedBefore)}
        order by created_at, id limit ${limit}::int for update skip locked
      )
      update stock_notices set claimed_until = ${moment(now + leaseMs)}
      where id in (select id from next)
      returning id, email`),
  );
  return rows.map(({ id, email }) => ({ id, email }));
}

/** Ticks those off who were told. */
export async function markStockNoticesSent(
  database: Database,
  ids: readonly string[],
  now: number,
): Promise<void> {
  if (ids.length === 0) return;
  await database.write((client) =>
    client.execute(sql`
      update stock_notices set notified_at = ${moment(now)}, claimed_until = null
      where id in (${sql.join(
        ids.map((id) => sql`${id}::uuid`),
        sql`, `,
      )})`),
  );
}

/** Those who could not be told are told again from `until` (epoch ms) on; meanwhile it is the turn of others. */
export async function postponeStockNotices(
  database: Database,
  ids: readonly string[],
  until: number,
): Promise<void> {
  if (ids.length === 0) return;
  await database.write((client) =>
    client.execute(sql`
      update stock_notices set claimed_until = ${moment(until)}
      where id in (${sql.join(
        ids.map((id) => sql`${id}::uuid`),
        sql`, `,
      )})`),
  );
}

/** Ends all that the address of this request waits for. One that is forgotten already has nothing to end. */
export async function endStockNotices(database: Database, id: string, now: number): Promise<void> {
  await database.write((client) =>
    client.execute(sql`
      update stock_notices set unsubscribed_at = ${moment(now)}
      where email = (select email from stock_notices where id = ${id}::uuid) and ${isOpen}`),
  );
}

/** Deletes requests that are over, a bounded number of them. Answers how many. */
export async function forgetStockNotices(database: Database, now: number): Promise<number> {
  const { rows } = await database.write((client) =>
    client.execute(sql`
      delete from stock_notices where id in (
        select id from stock_notices
        where created_at < ${moment(now - OPEN_KEPT_MS)}
          or (created_at < ${moment(now - FINISHED_KEPT_MS)} and not (${isOpen}))
        limit ${MAX_FORGOTTEN_AT_ONCE}::int)
      returning id`),
  );
  return rows.length;
}
