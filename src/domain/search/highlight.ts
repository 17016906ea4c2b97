/** Which parts of a product's name answer the query: also of a misspelled one, by the words it was taken for. */
import { isUnspaced, singular, WORD_PIECES, wordsOf } from "./words.ts";

interface HighlightPart {
  text: string;
  match: boolean;
}

export interface MatchedWords {
  /** Words that were found, as they stand in the catalog. */
  readonly whole: readonly string[];
  /** Beginnings that were typed. */
  readonly beginnings: readonly string[];
}

/** The name in parts; joined they are the name. */
export function highlight(name: string, matched: MatchedWords): HighlightPart[] {
  const whole = new Set(matched.whole.map(singular));
  const parts: HighlightPart[] = [];
  const add = (text: string, match: boolean): void => {
    const last = parts.at(-1);
    if (text === "") return;
    if (last?.match === match) last.text += text;
    else parts.push({ text, match });
  };
  const runs = matched.whole.filter(isUnspaced);
  for (const piece of name.split(WORD_PIECES)) {
    const [word = ""] = wordsOf(piece);
    const run = runs.find((found) => piece.includes(found));
    const beginning = matched.beginnings.find((start) => word.startsWith(start));
    if (word !== "" && whole.has(singular(word))) add(piece, true);
    else if (run !== undefined) {
      const at = piece.indexOf(run);
      add(piece.slice(0, at), false);
      add(run, true);
      add(piece.slice(at + run.length), false);
    } else if (beginning !== undefined) {
      add(piece.slice(0, beginning.length), true);
      add(piece.slice(beginning.length), false);
    } else add(piece, false);
  }
  return parts;
}
