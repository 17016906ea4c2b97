/** The cursor of search results: how many come before. Results are ranked anew for each page, so there is no key to hold on to. */

/** Nobody reads on beyond these many results; a page past them is not offered. */
export const MAX_SEARCH_OFFSET = 10_000;

const CURSOR = /^o([1-9][0-9]{0,4})$/;

export function cursorAt(offset: number): string {
  return `o${String(offset)}`;
}

/** Zero for null; null for what is no cursor. */
export function offsetOfCursor(cursor: string | null): number | null {
  if (cursor === null) return 0;
  const [, offset] = CURSOR.exec(cursor) ?? [];
  return offset === undefined ? null : Number(offset);
}

export function isOfferedOffset(offset: number | null): offset is number {
  return offset !== null && offset <= MAX_SEARCH_OFFSET;
}
