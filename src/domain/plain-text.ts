/** What of typed text can be read: marks that nobody sees are no content, and some of them change how others are read. Pure. */

/**
 * Left out wherever it stands: zero-width spaces and joins of words, soft hyphens, and what overrides or embeds a direction of
 * writing. Joiners and variation selectors stay, because letters of many scripts (and emoji) are not the same without them.
 */
const LEFT_OUT = /[\u00ad\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** Fillers and the blank Braille cell look like nothing, though they count as letters and symbols. */
const INVISIBLE_ONLY = /^[\p{Default_Ignorable_Code_Point}\p{White_Space}\p{Format}\p{Mark}\u2800]*$/u;

/** Controls, halves of a character, and the separators that begin another line. */
const NOT_ON_A_LINE = /[\p{Control}\p{Surrogate}\p{Line_Separator}\p{Paragraph_Separator}]/u;

/** The text without what nobody sees, trimmed; empty where nothing is left to see. */
export function readableText(text: string): string {
  const left = text.replace(LEFT_OUT, "").trim();
  return INVISIBLE_ONLY.test(left) ? "" : left;
}

/** Whether the text fits on one line of a label. */
export function isOneLine(text: string): boolean {
  return !NOT_ON_A_LINE.test(text);
}
