/**
 * Search over products in memory, for when Postgres is away: whole words, other words, beginnings and small slips, the
 * same filters and facets. Simpler in its ranking than the database's, and as fast as a catalog in memory allows.
 */
import type { AvailabilityStatus } from "../availability.ts";
import { availabilityOfBest, canBeHad } from "./best-status.ts";
import { editDistance, forgivenSlips } from "./edit-distance.ts";
import {
  NOTHING_FOUND,
  type FacetCount,
  type FoundProduct,
  type SearchFindings,
  type SearchSelection,
} from "./findings.ts";
import { understand } from "./understand.ts";
import type { QueryWord, UnderstoodQuery } from "./understand.ts";
import { isUnspaced, isWordless, singular, wordsOf } from "./words.ts";

interface MemorySku {
  readonly sku: string;
  readonly options: Readonly<Record<string, string>>;
  readonly price: { readonly amount: number; readonly currency: string };
}

export interface MemoryProduct {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly category: string;
  readonly options: readonly {
    readonly name: string;
    readonly values: readonly {
      readonly value: string;
      readonly label: string;
      readonly swatch?: string | undefined;
    }[];
  }[];
  readonly skus: readonly MemorySku[];
}

type Filter = "category" | "color" | "storage" | "inStock";

/** How well a word of the query is met: by the name, by category and options, by the description. */
const IN_NAME = 8;
const IN_LABELS = 4;
const IN_DESCRIPTION = 1;

/**
 * @param products in list order
 * @param statusOf what can be had of a SKU now
 */
export function searchInMemory(
  products: readonly MemoryProduct[],
  wanted: SearchSelection,
  statusOf: (sku: string) => AvailabilityStatus,
): SearchFindings {
  if (isWordless(wanted.q)) return NOTHING_FOUND;
  const text = matchText(products, wanted.q);
  const passes = (product: MemoryProduct, without: Filter | null): MemorySku[] =>
    without !== "category" && wanted.category !== null && product.category !== wanted.category
      ? []
      : product.skus.filter((sku) => skuPasses(sku, wanted, without, statusOf));
  const found = text.matches
    .map(({ product, score }) => ({ product, score, skus: passes(product, null) }))
    .filter(({ skus }) => skus.length > 0)
    .sort(inOrderOf(wanted.sort));
  const remaining = (without: Filter) =>
    text.matches
      .map(({ product }) => ({ product, skus: passes(product, without) }))
      .filter(({ skus }) => skus.length > 0);
  const lowest = text.matches
    .filter(
      ({ product }) => product.skus.length > 0 && (wanted.category ?? product.category) === product.category,
    )
    .map(({ product }) => Math.min(...product.skus.map(({ price }) => price.amount)));
  return {
    total: found.length,
    products: found
      .slice(wanted.offset, wanted.offset + wanted.limit)
      .map(({ product, skus }) => foundProduct(product, skus, wanted, statusOf)),
    category: counted(
      remaining("category").map(({ product }) => [{ value: product.category, label: product.category }]),
    ),
    color: countedOption("color", remaining("color")),
    storage: countedOption("storage", remaining("storage")),
    lowestPrice: lowest.length === 0 ? null : { min: Math.min(...lowest), max: Math.max(...lowest) },
    inStock: remaining("inStock").filter(({ skus }) => skus.some(({ sku }) => canBeHad(statusOf(sku))))
      .length,
    matched: { whole: text.whole, beginnings: text.beginnings },
    corrections: [],
  };
}

/** What the catalog's index knows of a product. */
interface ListedProduct {
  readonly name: string;
  readonly category: string;
}

/**
 * The products that are worth looking at for a query, in list order: all of a short list; of a longer one those of the wanted
 * category whose names answer best.
 */
export function likeliest<T extends ListedProduct>(
  list: readonly T[],
  wanted: Pick<SearchSelection, "q" | "category">,
  most: number,
): T[] {
  if (list.length <= most) return [...list];
  const ofCategory = list.filter(({ category }) => wanted.category === null || category === wanted.category);
  if (ofCategory.length <= most) return ofCategory;
  const meaning = understand(wanted.q);
  const tests = meaning.literally.words.map((word, index) => wordTest(word, meaning.literally, index));
  if (tests.length === 0) return ofCategory.slice(0, most);
  const scored = ofCategory.map((product, at) => {
    const text = { name: wordsOf(product.name), labels: wordsOf(product.category), description: [] };
    return { product, at, score: tests.reduce((sum, test) => sum + scoreOf(text, test), 0) };
  });
  return scored
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score || one.at - other.at)
    .slice(0, most)
    .sort((one, other) => one.at - other.at)
    .map(({ product }) => product);
}

function skuPasses(
  { sku, options, price }: MemorySku,
  wanted: SearchSelection,
  without: Filter | null,
  statusOf: (sku: string) => AvailabilityStatus,
): boolean {
  const oneOf = (filter: "color" | "storage"): boolean =>
    without === filter || wanted[filter].length === 0 || wanted[filter].includes(options[filter] ?? "");
  return (
    oneOf("color") &&
    oneOf("storage") &&
    price.amount >= (wanted.minPrice ?? 0) &&
    price.amount <= (wanted.maxPrice ?? Infinity) &&
    (without === "inStock" || !wanted.inStock || canBeHad(statusOf(sku)))
  );
}

interface TextMatch {
  readonly matches: { product: MemoryProduct; score: number }[];
  readonly whole: string[];
  readonly beginnings: string[];
}

function matchText(products: readonly MemoryProduct[], q: string): TextMatch {
  const meaning = understand(q);
  const strict = rank(products, meaning, meaning.category, 0);
  if (strict.matches.length > 0) return { ...strict, whole: [...strict.whole, ...meaning.categoryWords] };
  for (const mayMiss of [0, 1]) {
    const literal = rank(products, meaning.literally, null, mayMiss);
    if (literal.matches.length > 0) return literal;
  }
  return rank(products, meaning.literally, null, Infinity);
}

/** @param mayMiss how many of the words a product need not have; it has one at least, where there are any */
function rank(
  products: readonly MemoryProduct[],
  query: UnderstoodQuery,
  category: string | null,
  mayMiss: number,
): TextMatch {
  const tests = query.words.map((word, index) => wordTest(word, query, index));
  const matches = products.flatMap((product) => {
    if (category !== null && product.category !== category) return [];
    const text = textOf(product);
    const scores = tests.map((test) => scoreOf(text, test));
    const missed = scores.filter((score) => score === 0).length;
    const isMet = missed === 0 || (missed <= mayMiss && missed < scores.length);
    // Among equals the shorter name says more exactly what was meant.
    const sum = scores.reduce((total, score) => total + score, 0);
    return isMet ? [{ product, score: tests.length === 0 ? 0 : sum - text.name.length / 10 }] : [];
  });
  return {
    matches,
    whole: query.words.flatMap(({ typed, others }) => [typed, ...others]),
    beginnings: query.words.filter(({ isOpen }) => isOpen).map(({ typed }) => typed),
  };
}

/** Answers how well a word meets it, 0 to 1. */
type WordTest = (word: string) => number;

function wordTest(word: QueryWord, { pairs }: UnderstoodQuery, index: number): WordTest {
  const joined = pairs.filter(({ at }) => at === index || at === index - 1).flatMap(({ words }) => words);
  const asGood = new Set([word.typed, ...word.others, ...joined].map(singular));
  const slips = forgivenSlips(word.typed.length);
  if (isUnspaced(word.typed)) return (candidate) => (candidate.includes(word.typed) ? 1 : 0);
  return (candidate) => {
    if (asGood.has(singular(candidate))) return 1;
    if (candidate.startsWith(word.typed) && (word.isOpen || word.typed.length > 2)) return 0.9;
    if (candidate.length > 2 && word.typed.startsWith(candidate) && word.typed.length > candidate.length + 2)
      return 0.4;
    if (slips === 0) return 0;
    const distance = editDistance(word.typed, candidate, slips);
    return distance > slips ? 0 : 0.8 - distance * 0.2;
  };
}

interface ProductText {
  readonly name: readonly string[];
  readonly labels: readonly string[];
  readonly description: readonly string[];
}

function textOf({ name, description, category, options }: MemoryProduct): ProductText {
  return {
    name: wordsOf(name),
    labels: [
      ...wordsOf(category),
      ...options.flatMap(({ values }) => values.flatMap(({ label }) => wordsOf(label))),
    ],
    description: wordsOf(description),
  };
}

function scoreOf(text: ProductText, test: WordTest): number {
  const best = (words: readonly string[], weight: number): number =>
    words.reduce((most, word) => Math.max(most, test(word) * weight), 0);
  return Math.max(
    best(text.name, IN_NAME),
    best(text.labels, IN_LABELS),
    best(text.description, IN_DESCRIPTION),
  );
}

interface Ranked {
  readonly product: MemoryProduct;
  readonly score: number;
  readonly skus: readonly MemorySku[];
}

function inOrderOf(sort: SearchSelection["sort"]): (one: Ranked, other: Ranked) => number {
  const lowest = ({ skus }: Ranked): number => Math.min(...skus.map(({ price }) => price.amount));
  switch (sort) {
    case "price_asc":
      return (one, other) => lowest(one) - lowest(other);
    case "price_desc":
      return (one, other) => lowest(other) - lowest(one);
    case "name":
      return (one, other) => (one.product.name < other.product.name ? -1 : 1);
    case "newest": // The copy does not know ages; list order is the store's own.
    case "relevance":
      return (one, other) => other.score - one.score;
  }
}

function foundProduct(
  product: MemoryProduct,
  skus: readonly MemorySku[],
  wanted: SearchSelection,
  statusOf: (sku: string) => AvailabilityStatus,
): FoundProduct {
  const amounts = skus.map(({ price }) => price.amount);
  const color = wanted.color.find((value) => skus.some(({ options }) => options["color"] === value));
  return {
    slug: product.slug,
    lowestAmount: Math.min(...amounts),
    priceVaries: Math.max(...amounts) > Math.min(...amounts),
    status: availabilityOfBest(skus.map(({ sku }) => statusOf(sku))),
    color: color ?? null,
  };
}

interface Countable {
  readonly value: string;
  readonly label: string;
  readonly swatch?: string | undefined;
}

/** @param chosen of each product the values it would count for */
function counted(chosen: readonly (readonly Countable[])[]): FacetCount[] {
  const byValue = new Map<string, FacetCount>();
  for (const values of chosen) {
    for (const { value, label, swatch } of values) {
      const known = byValue.get(value);
      if (known === undefined)
        byValue.set(value, { value, label, count: 1, ...(swatch === undefined ? {} : { swatch }) });
      else known.count += 1;
    }
  }
  return [...byValue.values()];
}

function countedOption(
  name: "color" | "storage",
  remaining: readonly { product: MemoryProduct; skus: readonly MemorySku[] }[],
): FacetCount[] {
  return counted(
    remaining.map(({ product, skus }) => {
      const had = new Set(skus.map(({ options }) => options[name]));
      const option = product.options.find((each) => each.name === name);
      return (option?.values ?? []).filter(({ value }) => had.has(value));
    }),
  );
}
