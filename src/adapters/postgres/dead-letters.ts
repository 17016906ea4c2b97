/** Dead letters: messages that could not be handled, kept until they are replayed successfully. */
import { and, desc, eq, isNull, sql } from "drizzle-orm";
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
}

const MAX_ERROR_LENGTH = 4_000;
/** The largest number of the column: a message that fails each minute adds up for as long as it takes. */
const MAX_ATTEMPTS_COUNTED = 2_147_483_647;
export const MAX_DEAD_LETTERS_LISTED = 100;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Stores a message; one with the same queue and message id is stored once. A letter that was replayed and failed again is
 * open again, and its deliveries add up over all replays.
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
        stored_at = case when dead_letters.replayed_at is null then dead_letters.stored_at else excluded.stored_at end,
        replayed_at = null, replayed_by = null
      returning (old.id is null or old.replayed_at is not null) as opened`),
  );
  return rows[0]?.opened === false ? "known" : "opened";
}

/**
 * Dead letters nobody replayed yet, newest first.
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
        and(
          isNull(deadLetters.replayedAt),
          after && sql`${position} < (${after.at.toISOString()}::timestamptz, ${after.id}::uuid)`,
        ),
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

/**
 * Notes that a dead letter was sent again.
 *
 * @param letter as it was read before it was sent: one that has failed again since stays open
 * @param replayedAt epoch ms
 * @returns false where it is gone, was noted before, or has failed again
 */
export async function markDeadLetterReplayed(
  database: Database,
  { id, attempts }: Pick<DeadLetter, "id" | "attempts">,
  replayedBy: string,
  replayedAt: number,
): Promise<boolean> {
  if (!UUID.test(id)) return false;
  const marked = await database.write((client) =>
    client
      .update(deadLetters)
      .set({ replayedAt: new Date(replayedAt), replayedBy })
      .where(and(eq(deadLetters.id, id), eq(deadLetters.attempts, attempts), isNull(deadLetters.replayedAt)))
      .returning({ id: deadLetters.id }),
  );
  return marked.length > 0;
}

function letterOf(row: typeof deadLetters.$inferSelect): DeadLetter {
  return { ...row, body: JSON.parse(row.body) as unknown };
}
