/** The cursor of a list in order of time: the last row's moment and id, opaque to whoever hands it back. */

export interface KeysetPosition {
  at: Date;
  id: string;
}

/** Milliseconds since 1970 in base 36, and the id, escaped. */
const CURSOR = /^([0-9a-z]{1,9})\.([\x21-\x7e]{1,400})$/;

export function encodeCursor(position: KeysetPosition): string {
  return `${position.at.getTime().toString(36)}.${encodeURIComponent(position.id)}`;
}

/** Answers null for anything `encodeCursor` did not make. */
export function decodeCursor(cursor: string): KeysetPosition | null {
  const [, moment = "", escapedId = ""] = CURSOR.exec(cursor) ?? [];
  const at = new Date(Number.parseInt(moment, 36));
  const id = unescaped(escapedId);
  // Nine characters end in the year 5188, so every moment is one that Postgres can read.
  return id === null || id === "" || !isPostgresText(id) ? null : { at, id };
}

function unescaped(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    // A percent sign that escapes nothing: not ours.
    return null;
  }
}

/** Postgres has no NUL in text; a value with one would be answered with an error. */
export function isPostgresText(text: string): boolean {
  return !text.includes("\0");
}
