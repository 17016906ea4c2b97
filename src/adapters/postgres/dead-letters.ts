/** Dead letters: messages that could not be handled, open until they are replayed successfully or discarded. */
import { and, asc, desc, eq, inArray, isNull, lt, sql } from "drizzle-orm";
import type { Database } from "./connection.ts";
import { decodeCursor, encodeCursor } from "./keyset-cursor.ts";
import { deadLetters } from "./schema/operations.ts";

export interface DeadLetterToStore {
  /** The queue the message belongs to, where a replay sends it. */
  queue: string;
  /** The queue's id of the message. */
  messageId: string;
  body: unknown;
  /** Why it was given up, where that is known. */
  error: string | null;
  /** Deliveries; of a stored letter those of all its replays. */
  attempts: number;
}

export interface DeadLetter extends DeadLetterToStore {
  id: string;
  storedAt: Date;
  replayedAt: Date | null;
  replayedBy: string | null;
  discardedAt: Date | null;
  discardedBy: string | null;
  discardReason: string | null;
}

const MAX_ERROR_LENGTH = 4_000;
/** The largest number of the column: a message that fails each minute adds up for as long as it takes. */
const MAX_ATTEMPTS_COUNTED = 2_147_483_647;
export const MAX_DEAD_LETTERS_LISTED = 100;
const MAX_DEAD_LETTERS_COUNTED = 10_000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Stores a message; one with the same queue and message id is stored once. A letter that was replayed and failed again is
 * open again, and its deliveries add up over all replays. One that was discarded stays so, and is kept for as long as it comes.
 *
 * @returns `opened` where the list of open letters has one more now, `known` where it was on it already
 */
export async function storeDeadLetter(
  database: Database,
  { queue, messageId, body, error, attempts }: DeadLetterToStore,
): Promise<"opened" | "known"> {
  // JSON escapes NULs and broken surrogates into plain ASCII, so any body can be kept as text.
  const bodyText = JSON.stringify(body ?? null);
  const errorText = error?.replaceAll("\0", "").slice(0, MAX_ERROR_LENGTH) ?? null;
  const { rows } = await database.write((client) =>
    client.execute<{ opened: boolean }>(sql`
      insert into dead_letters (queue, message_id, body, error, attempts)
      values (${queue}, ${messageId}, ${bodyText}, ${errorText}, ${attempts}::int)
      on conflict (queue, message_id) do update set
        body = excluded.body, error = excluded.error,
        attempts = least(dead_letters.attempts::bigint + excluded.attempts, ${MAX_ATTEMPTS_COUNTED}::int)::int,
        stored_at = case when dead_letters.replayed_at is null and dead_letters.discarded_at is null
          then dead_letters.stored_at else excluded.stored_at end,
        replayed_at = null, replayed_by = null
      returning (old.id is null or old.replayed_at is not null) as opened`),
  );
  return rows[0]?.opened === false ? "known" : "opened";
}

const isOpen = and(isNull(deadLetters.replayedAt), isNull(deadLetters.discardedAt));

/**
 * Open dead letters, newest first.
 *
 * @param page.limit at most 100
 * @returns a page, or a refusal where the cursor is not one of ours
 */
export async function listDeadLetters(
  database: Database,
  page: { limit: number; cursor?: string | undefined },
): Promise<
  { ok: true; items: DeadLetter[]; nextCursor: string | null } | { ok: false; reason: "malformed_cursor" }
> {
  const after = page.cursor === undefined ? undefined : decodeCursor(page.cursor);
  if (after === null || (after !== undefined && !UUID.test(after.id)))
    return { ok: false, reason: "malformed_cursor" };
  const limit = Math.min(page.limit, MAX_DEAD_LETTERS_LISTED);
  const position = sql`(${deadLetters.storedAt}, ${deadLetters.id})`;
  const rows = await database.read((client) =>
    client
      .select()
      .from(deadLetters)
      .where(
        and(isOpen, after && sql`${position} < (${after.at.toISOString()}::timestamptz, ${after.id}::uuid)`),
      )
      .orderBy(desc(deadLetters.storedAt), desc(deadLetters.id))
      .limit(limit + 1),
  );
  const items = rows.slice(0, limit).map(letterOf);
  const last = items.at(-1);
  const nextCursor = rows.length > limit && last ? encodeCursor({ at: last.storedAt, id: last.id }) : null;
  return { ok: true, items, nextCursor };
}

/** One dead letter, or null where there is none with this id. Asks the primary: what follows is judged by its deliveries. */
export async function readDeadLetter(database: Database, id: string): Promise<DeadLetter | null> {
  if (!UUID.test(id)) return null;
  const [row] = await database.write((client) =>
    client.select().from(deadLetters).where(eq(deadLetters.id, id)),
  );
  return row === undefined ? null : letterOf(row);
}

export interface OpenLetters {
  readonly queues: readonly string[];
  /** Epoch ms: a letter that failed again since counts as stored since. */
  readonly storedBefore: number;
}

const among = ({ queues, storedBefore }: OpenLetters) =>
  and(isOpen, inArray(deadLetters.queue, [...queues]), lt(deadLetters.storedAt, new Date(storedBefore)));

/** Open dead letters of these queues, the oldest first, at most 100. Asks the primary. */
export async function oldestDeadLetters(database: Database, open: OpenLetters): Promise<DeadLetter[]> {
  const rows = await database.write((client) =>
    client
      .select()
      .from(deadLetters)
      .where(among(open))
      .orderBy(asc(deadLetters.storedAt), asc(deadLetters.id))
      .limit(MAX_DEAD_LETTERS_LISTED),
  );
  return rows.map(letterOf);
}

/** How many of them are open, counted up to ten thousand. Asks the primary. */
export async function countDeadLetters(database: Database, open: OpenLetters): Promise<number> {
  return await database.write((client) => {
    // In their order, so that the index of the open ones is walked and no further than the limit.
    const counted = client
      .select({ storedAt: deadLetters.storedAt })
      .from(deadLetters)
      .where(among(open))
      .orderBy(asc(deadLetters.storedAt), asc(deadLetters.id))
      .limit(MAX_DEAD_LETTERS_COUNTED)
      .as("counted");
    return client.$count(counted);
  });
}

/**
 * Notes that dead letters were sent again, discarded ones too.
 *
 * @param letters as they were read before they were sent: one that has failed again since stays open
 * @param replayedAt epoch ms
 * @returns the ids of those noted; one that is gone, was noted before, or has failed again is left out
 */
export async function markDeadLettersReplayed(
  database: Database,
  letters: readonly Pick<DeadLetter, "id" | "attempts">[],
  replayedBy: string,
  replayedAt: number,
): Promise<string[]> {
  const sent = letters.filter(({ id }) => UUID.test(id)).map(({ id, attempts }) => ({ id, attempts }));
  if (sent.length === 0) return [];
  const { rows } = await database.write((client) =>
    client.execute<{ id: string }>(sql`
      update dead_letters set replayed_at = ${new Date(replayedAt).toISOString()}::timestamptz, replayed_by = ${replayedBy},
        discarded_at = null, discarded_by = null, discard_reason = null
      from jsonb_to_recordset(${JSON.stringify(sent)}::jsonb) as sent(id uuid, attempts int)
      -- Named twice: the planner looks up an array by the key, and would join the records with the whole table.
      where dead_letters.id = any(${sql.param(sent.map(({ id }) => id))}::uuid[]) and dead_letters.id = sent.id and dead_letters.attempts = sent.attempts and replayed_at is null
      returning dead_letters.id`),
  );
  return rows.map(({ id }) => id);
}

/**
 * Closes an open dead letter without sending it again; content that is dead-lettered again later stays closed.
 *
 * @param discarded.at epoch ms
 * @returns the letter as it stands, unchanged where it was not open; null where there is none
 */
export async function discardDeadLetter(
  database: Database,
  id: string,
  discarded: { readonly by: string; readonly reason: string; readonly at: number },
): Promise<DeadLetter | null> {
  if (!UUID.test(id)) return null;
  const [row] = await database.write((client) =>
    client
      .update(deadLetters)
      .set({
        discardedAt: new Date(discarded.at),
        discardedBy: discarded.by,
        discardReason: discarded.reason,
      })
      .where(and(eq(deadLetters.id, id), isOpen))
      .returning(),
  );
  return row === undefined ? await readDeadLetter(database, id) : letterOf(row);
}

function letterOf(row: typeof deadLetters.$inferSelect): DeadLetter {
  return { ...row, body: JSON.parse(row.body) as unknown };
}
