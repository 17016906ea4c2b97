/** Text as search sees it: words of letters or of digits, without accents, case or punctuation. */

/** Words of a query beyond these are not looked at. */
export const MAX_QUERY_WORDS = 8;

/**
 * The words of a text. A number and its unit are two words, however they are written ("256GB", "256 GB"), and so are the
 * parts of "USB-C". The database's `search_text` cuts documents the same way.
 */
export function wordsOf(text: string): string[] {
  return (
    text
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .match(/[a-z]+|[0-9]+/g) ?? []
  );
}

/** A word without the ending of its plural: enough to bring "phones" and "phone" together. */
export function singular(word: string): string {
  if (word.length > 4 && word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  if (word.length > 4 && /(ch|sh|ss|x)es$/.test(word)) return word.slice(0, -2);
  return word.length > 3 && word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word;
}
