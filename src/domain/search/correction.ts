/** "Did you mean": the query with the words it was taken for. */
import { wordsOf } from "./words.ts";

/** The query in words, corrected; null where nothing was. */
export function correctedText(
  text: string,
  corrections: readonly { readonly typed: string; readonly taken: string }[],
): string | null {
  if (corrections.length === 0) return null;
  const byTyped = new Map(corrections.map(({ typed, taken }) => [typed, taken]));
  const typed = wordsOf(text);
  const taken = typed.map((word) => byTyped.get(word) ?? word);
  return taken.join(" ") === typed.join(" ") ? null : taken.join(" ");
}
