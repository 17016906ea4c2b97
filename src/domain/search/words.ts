/** Text as search sees it: words of letters of any script or of digits, without accents, case or punctuation. */

/** Words of a query beyond these are not looked at. */
export const MAX_QUERY_WORDS = 8;

/** Letters of scripts that are written without spaces: Thai, Lao, Burmese, Khmer, Japanese, Chinese. The database's `search_text` has the same. */
const UNSPACED =
  "\\u0e01-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u3005-\\u3007\\u3041-\\u312f\\u31a0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\u{20000}-\\u{3ffff}";
/**
 * Signs that belong to the letters around them and that people leave out or write differently: points of Hebrew and Arabic,
 * the Arabic stroke that only stretches a word, signs that join or alter Indic letters, tone marks, joiners, soft hyphens.
 */
const SIGNS =
  // eslint-disable-next-line no-misleading-character-class -- each of them alone is meant
  /[\u00ad\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670\u093c\u094d\u09bc\u09cd\u0a3c\u0a4d\u0abc\u0acd\u0b3c\u0b4d\u0bcd\u0c3c\u0c4d\u0cbc\u0ccd\u0d3b\u0d3c\u0d4d\u0dca\u0e47-\u0e4e\u0eba\u0ec8-\u0ece\u1037\u1039\u103a\u17c9-\u17d3\u17dd\u200c\u200d\u2060\u3099\u309a\ufe00-\ufe0f\ufeff]/g;
/** Digits of other scripts, ten by ten from nought: Arabic, Persian, Hindi, Bengali, Thai. */
const ZEROS = [0x0660, 0x06f0, 0x0966, 0x09e6, 0x0e50];
const FOREIGN_DIGITS = /[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\u0e50-\u0e59]/g;
/** Letters that many keyboards lack, as people write them there. Sigma has another form at the end of a word. */
const PLAIN_LETTERS: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ı: "i",
  ς: "σ",
};

// eslint-disable-next-line no-control-regex -- from the first character to the last of them
const ASCII = /^[\u0000-\u007f]*$/;
const SEPARATORS = /[^\p{Alphabetic}0-9]+/gu;
const WORDS = new RegExp(`[${UNSPACED}]+|[0-9]+|[^ 0-9${UNSPACED}]+`, "gu");
const UNSPACED_WORD = new RegExp(`^[${UNSPACED}]`, "u");

/** Where a name is cut to mark the parts that were found; the words of each part are those of the whole. */
export const WORD_PIECES = new RegExp(`([${UNSPACED}]+|(?:(?![${UNSPACED}])[\\p{L}\\p{M}])+|\\p{N}+)`, "u");

/**
 * The words of a text. A number and its unit are two words, however they are written ("256GB", "256 GB"), and so are the
 * parts of "USB-C". What is written without spaces stays one word up to the next sign or other script. The database's
 * `search_text` cuts documents the same way, but for such runs: of those it makes a word of each letter, to be found in a row.
 */
export function wordsOf(text: string): string[] {
  // Most texts, and much sooner done.
  if (ASCII.test(text)) return text.toLowerCase().match(/[a-z]+|[0-9]+/g) ?? [];
  return (
    text
      .normalize("NFKD")
      .toLowerCase()
      .replace(/[\u0300-\u036f]/g, "")
      // What was taken apart is put together again: Korean syllables, Japanese voiced sounds.
      .normalize("NFKC")
      .replace(SIGNS, "")
      .replace(FOREIGN_DIGITS, asciiDigit)
      .replace(/[ßæœøłđıς]/g, (letter) => PLAIN_LETTERS[letter] ?? letter)
      .replace(SEPARATORS, " ")
      .match(WORDS) ?? []
  );
}

/** Whether something was asked for, and none of it is a word: signs, pictures. That finds nothing; only no question lists everything. */
export function isWordless(text: string): boolean {
  return text.trim() !== "" && wordsOf(text).length === 0;
}

/** Whether a word is of a script without spaces: it may stand anywhere within a longer one. */
export function isUnspaced(word: string): boolean {
  return UNSPACED_WORD.test(word);
}

function asciiDigit(digit: string): string {
  const code = digit.charCodeAt(0);
  return String(code - (ZEROS.findLast((zero) => zero <= code) ?? code));
}

/** A word without the ending of its plural: enough to bring "phones" and "phone" together. */
export function singular(word: string): string {
  if (word.length > 4 && word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  if (word.length > 4 && /(ch|sh|ss|x)es$/.test(word)) return word.slice(0, -2);
  return word.length > 3 && word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word;
}
