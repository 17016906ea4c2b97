/** What a query means: its words with others that would do, words that may be one, and the category it speaks of. */
import { categoryMeant, otherWords } from "./synonyms.ts";
import { MAX_QUERY_WORDS, singular, wordsOf } from "./words.ts";

export interface QueryWord {
  readonly typed: string;
  /** Words that are as good: its singular, synonyms. */
  readonly others: readonly string[];
  /** Whether it may be the beginning of a word, because somebody is still typing it. */
  readonly isOpen: boolean;
}

export interface WordPair {
  /** The two neighbours written as one, with what is as good. */
  readonly words: readonly string[];
  /** Place of the first of the two among the words. */
  readonly at: number;
}

export interface UnderstoodQuery {
  readonly words: readonly QueryWord[];
  readonly pairs: readonly WordPair[];
}

export interface Understanding extends UnderstoodQuery {
  /** The category that some of the words mean; those are not among `words`. */
  readonly category: string | null;
  /** The words that meant the category. */
  readonly categoryWords: readonly string[];
  /** The query without that reading of it: every word counts as text. The same where no category is meant. */
  readonly literally: UnderstoodQuery;
}

/** @param text as typed, of any length; an open end (no space after it) means that the last word may be incomplete */
export function understand(text: string): Understanding {
  const typed = wordsOf(text).slice(0, MAX_QUERY_WORDS);
  const meant = meantCategory(typed);
  const rest = meant === null ? typed : typed.filter((_, index) => !meant.places.includes(index));
  const lastIsOpen = meant === null || !meant.places.includes(typed.length - 1);
  return {
    ...asWords(rest, lastIsOpen),
    category: meant?.category ?? null,
    categoryWords: meant === null ? [] : typed.filter((_, index) => meant.places.includes(index)),
    literally: asWords(typed, true),
  };
}

/** The last phrase that means a category, a pair before a single word: the noun of "aurora phone case" is "phone case". */
function meantCategory(typed: readonly string[]): { category: string; places: number[] } | null {
  const words = typed.map(singular);
  for (let last = words.length - 1; last >= 0; last -= 1) {
    const pair = last > 0 ? categoryMeant(`${words[last - 1] ?? ""} ${words[last] ?? ""}`) : null;
    if (pair !== null) return { category: pair, places: [last - 1, last] };
    const single = categoryMeant(words[last] ?? "");
    if (single !== null) return { category: single, places: [last] };
  }
  return null;
}

function asWords(typed: readonly string[], lastIsOpen: boolean): UnderstoodQuery {
  const words = typed.map((word, index) => ({
    typed: word,
    others: othersFor(word),
    isOpen: lastIsOpen && index === typed.length - 1,
  }));
  const pairs = typed.slice(1).map((second, at) => {
    const joined = `${typed[at] ?? ""}${second}`;
    return { at, words: [joined, ...othersFor(joined)] };
  });
  return { words, pairs: pairs.filter(({ words: [joined = ""] }) => !/[0-9]/.test(joined)) };
}

function othersFor(word: string): string[] {
  const one = singular(word);
  return [...new Set([one, ...otherWords(word), ...otherWords(one)])].filter((other) => other !== word);
}
