/** Codes of letters and digits as people type them: postal codes, order numbers. Pure. */

/** Space, every kind of hyphen (also those of Japanese keyboards), punctuation around a code, and what nobody can see. */
const SEPARATORS = /[\s\p{Dash_Punctuation}\p{Default_Ignorable_Code_Point}\u2212\u2500\u30fc〒.,()#]/gu;

/** The letters and digits alone, in capitals and in their usual width. */
export function compactCode(typed: string): string {
  return typed.normalize("NFKC").replace(SEPARATORS, "").toUpperCase();
}
