/** What people call things that the store calls otherwise. Keys and values are words as `wordsOf` cuts them, singular. */

/**
 * Words that mean a whole category, by the category's name. A query's words that are here choose the category; what is
 * left of the query is looked for in it.
 */
const CATEGORY_WORDS: Readonly<Record<string, readonly string[]>> = {
  phones: [
    "phone",
    "smartphone",
    "smart phone",
    "mobile",
    "mobile phone",
    "cellphone",
    "cell phone",
    "handset",
    "iphone",
    "android",
  ],
  tablets: ["tablet", "ipad", "slate tablet"],
  watches: ["watch", "smartwatch", "smart watch", "wristwatch", "wearable"],
  audio: ["audio", "sound"],
  cases: [
    "case",
    "cover",
    "sleeve",
    "bumper",
    "phone case",
    "phone cover",
    "phone sleeve",
    "protective case",
  ],
  chargers: ["charger", "adapter", "adaptor", "power adapter", "phone charger", "power supply"],
  cables: [
    "cable",
    "cord",
    "lead",
    "charging cable",
    "charging cord",
    "charger cable",
    "charger cord",
    "phone cable",
  ],
};

/** Other words under which a word is found as well, most telling first. */
const OTHER_WORDS: Readonly<Record<string, readonly string[]>> = {
  promax: ["pro"],
  max: ["pro"],
  ultra: ["pro"],
  small: ["mini"],
  compact: ["mini"],
  little: ["mini"],
  foldable: ["fold"],
  folding: ["fold"],
  flip: ["fold"],
  earphone: ["earbuds", "buds", "headphones"],
  earbud: ["buds"],
  earpod: ["buds"],
  airpod: ["buds"],
  airpods: ["buds"],
  headset: ["headphones"],
  powerbank: ["bank"],
  battery: ["bank"],
  dock: ["stand"],
  gig: ["gb"],
  gigabyte: ["gb"],
  gigs: ["gb"],
  terabyte: ["tb"],
  tera: ["tb"],
  w: ["watt", "watts"],
  watt: ["watts"],
  millimetre: ["mm"],
  millimeter: ["mm"],
  gray: ["grey"],
  grey: ["gray"],
  metre: ["m"],
  meter: ["m"],
};

const CATEGORY_OF = new Map(
  Object.entries(CATEGORY_WORDS).flatMap(([category, phrases]) =>
    phrases.map((phrase) => [phrase, category] as const),
  ),
);

/** The category that a word or a phrase of two words means, or null. Takes singular words. */
export function categoryMeant(phrase: string): string | null {
  return CATEGORY_OF.get(phrase) ?? null;
}

/** Other words for one word, given in singular. */
export function otherWords(word: string): readonly string[] {
  return OTHER_WORDS[word] ?? [];
}
