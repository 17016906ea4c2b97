/** The cursor of a list in order of time: the last row's moment and id, opaque to whoever hands it back. */

export interface KeysetPosition {
  at: Date;
  id: string;
}

const MAX_CURSOR_LENGTH = 500;

/** Visible ASCII without reserved characters, so that it needs no escaping in a URL. */
export function encodeCursor(position: KeysetPosition): string {
  return Buffer.from(JSON.stringify([position.at.getTime(), position.id])).toString("base64url");
}

/** Answers null for anything `encodeCursor` did not make. */
export function decodeCursor(cursor: string): KeysetPosition | null {
  if (cursor.length > MAX_CURSOR_LENGTH) return null;
  let content: unknown;
  try {
    content = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    // Not ours: the caller gets a refusal.
    return null;
  }
  if (!Array.isArray(content) || content.length !== 2) return null;
  const [at, id] = content as [unknown, unknown];
  if (typeof at !== "number" || typeof id !== "string" || !isPostgresText(id)) return null;
  const moment = new Date(at);
  return Number.isNaN(moment.getTime()) ? null : { at: moment, id };
}

/** Postgres has no NUL in text; a value with one would be answered with an error. */
export function isPostgresText(text: string): boolean {
  return !text.includes("\0");
}
