/** Dead letters: messages that could not be handled, kept until somebody replays them. */
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
  attempts: number;
}

export interface DeadLetter extends DeadLetterToStore {
  id: string;
  storedAt: Date;
  replayedAt: Date | null;
  replayedBy: string | null;
}

const MAX_ERROR_LENGTH = 4_000;
export const MAX_DEAD_LETTERS_LISTED = 100;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Stores messages in one round trip; one that is there already (same queue and message id) stays as it is. */
export async function storeDeadLetters(
  database: Database,
  letters: readonly DeadLetterToStore[],
): Promise<void> {
  if (letters.length === 0) return;
  const rows = letters.map((letter) => ({
    ...letter,
    // JSON escapes NULs and broken surrogates into plain ASCII, so any body can be kept as text.
    body: JSON.stringify(letter.body ?? null),
    error: letter.error?.replaceAll("\0", "").slice(0, MAX_ERROR_LENGTH) ?? null,
  }));
  await database.write((client) => client.insert(deadLetters).values(rows).onConflictDoNothing());
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

/** One dead letter, or null where there is none with this id. */
export async function readDeadLetter(database: Database, id: string): Promise<DeadLetter | null> {
  if (!UUID.test(id)) return null;
  const [row] = await database.read((client) =>
    client.select().from(deadLetters).where(eq(deadLetters.id, id)),
  );
  return row === undefined ? null : letterOf(row);
}

/**
 * Notes that a dead letter was sent again.
 *
 * @param replayedAt epoch ms
 * @returns false where it is not there or somebody noted it before
 */
export async function markDeadLetterReplayed(
  database: Database,
  id: string,
  replayedBy: string,
  replayedAt: number,
): Promise<boolean> {
  if (!UUID.test(id)) return false;
  const marked = await database.write((client) =>
    client
      .update(deadLetters)
      .set({ replayedAt: new Date(replayedAt), replayedBy })
      .where(and(eq(deadLetters.id, id), isNull(deadLetters.replayedAt)))
      .returning({ id: deadLetters.id }),
  );
  return marked.length > 0;
}

function letterOf(row: typeof deadLetters.$inferSelect): DeadLetter {
  return { ...row, body: JSON.parse(row.body) as unknown };
}
