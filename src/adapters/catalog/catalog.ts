/**
 * The catalog the store sells from, without asking Postgres each time. Its index is in the isolate's memory whole; products are
 * there as far as they are asked for. Behind both are the copies of this place, then Redis, then a replica. An index is good for
 * as long as it bears the newest version, and that is looked up once a second (version-watch.ts); a new one is read by one
 * isolate, as far as it differs, and taken from its copies by the others. The price that counts is judged by the SKU's object.
 */
import type { Product, ProductSku } from "../../contracts/catalog.ts";
import type { Rates } from "../../domain/rates.ts";
import { withinTime } from "../outage/within-time.ts";
import { createIndex, revisionsOf } from "./catalog-index.ts";
import type { CatalogIndex } from "./catalog-index.ts";
import { CatalogRoot, IndexPage, parseCopy, writtenPage } from "./content.ts";
import type { CatalogProduct, IndexEntry, PageRevisions, SkuTerms } from "./content.ts";
import { MAX_COPY_AGE_MS, createCatalogCopies } from "./copies.ts";
import type { CopyStore, EdgeCache } from "./copies.ts";
import { createProducts } from "./products.ts";
import type { FoundProducts, WantedEntry } from "./products.ts";
import { createVersionWatch } from "./version-watch.ts";

/** As long as this the index in memory is used without looking whether there is a newer version. */
export const FRESH_MS = 1_000;
/** As long as this it is used while that is looked up behind the answer; after that the answer waits. */
export const STALE_WHILE_REVALIDATE_MS = 60_000;
/** How long a page waits to be told whether what it is about to show is the newest. */
const PAGE_WAIT_MS = 200;
/** How long a look may take before another request tries: the one that began it may have been cancelled with its I/O. */
const FETCH_TIMEOUT_MS = 4_000;
/** How much of that Postgres gets, so that a copy can still serve in its place. */
const READ_TIMEOUT_MS = 3_000;
/** How long one isolate keeps the others from reading the same new version from Postgres. */
const REFILL_LOCK_MS = 3_000;
/** How often, and how many times, an isolate that has nothing to show looks for what another one is reading. */
const FOLLOW_EVERY_MS = 50;
const FOLLOW_TIMES = 4;
/** When an isolate that lets another one read looks again. */
const FOLLOW_AGAIN_MS = 100;
const REDIS_TIMEOUT_MS = 50;
/** How often the copies are told that the version they bear is still the newest: so they serve for a day from then on. */
const CONFIRM_EVERY_MS = 10 * 60 * 1000;
/** How often Redis gets pages that have not changed, so that they do not run out there. */
const KEEP_PAGES_EVERY_MS = 24 * 60 * 60 * 1000;
const ROOT = "root";
const pageName = (page: string): string => `page/${page}`;
/** One per version: whoever reads the next one is not kept waiting by the last. */
const refillLockKey = (version: number): string => `catalog:refill:${version}`;

/** Neither Postgres nor any copy can be had. */
export class CatalogUnavailable extends Error {
  override readonly name = "CatalogUnavailable";
}

/** The index as Postgres has it: the revisions of all pages, and the pages that were not known. */
export interface ReadIndex {
  readonly version: number;
  readonly revisions: PageRevisions;
  readonly pages: ReadonlyMap<string, IndexPage>;
  readonly rates: Rates;
}

export interface CatalogChange {
  /** What was served here before; null where it is not known. */
  readonly former: CatalogIndex | null;
  readonly next: CatalogIndex;
}

export interface CatalogOptions {
  /** Reads the pages of the index that differ from `known`, within time limits of its own; never a version below `atLeast`. */
  readIndex: (atLeast: number, known: PageRevisions) => Promise<ReadIndex>;
  /** Reads products, no older than wanted; those that are not listed are left out. */
  readProducts: (wanted: readonly WantedEntry[]) => Promise<CatalogProduct[]>;
  /** Reads the version alone. */
  readVersion: () => Promise<number>;
  /** The Cache API, e.g. `caches.default`. */
  edge?: EdgeCache | null;
  redis?: CopyStore | null;
  /** Is told of every new version that begins to be served here, before the request that met it goes on. */
  onChange?: (change: CatalogChange) => Promise<void>;
  /** Keeps background work alive after the answer: `waitUntil` of the platform. */
  waitUntil?: (work: Promise<unknown>) => void;
  /** Is told what was wrong with a source that another one stood in for. */
  report?: (error: unknown) => void;
  /** The clock, epoch ms. */
  now?: () => number;
  redisTimeoutMs?: number;
}

export interface FoundSku {
  product: Product;
  sku: ProductSku;
  terms: SkuTerms;
}

/** All of these throw `CatalogUnavailable` where what they are asked for cannot be had. */
export interface Catalog {
  /** The index, a second old at most while its sources answer. */
  index(): Promise<CatalogIndex>;
  /** Products by their slugs, in this order; unknown ones are left out. `status` knows only the drop time. Ask for few. */
  products(slugs: readonly string[]): Promise<Product[]>;
  /** The same for a page that is still worth showing without some of them: it fails only where none of them can be had. */
  availableProducts(slugs: readonly string[]): Promise<Product[]>;
  /** One product by its slug, or null; as new as `products`. */
  product(slug: string): Promise<Product | null>;
  /** One SKU, or null where the catalog does not have it: then no object may be asked about it. Waits for no newer version. */
  sku(sku: string): Promise<FoundSku | null>;
  /** The same for several, in order. */
  skus(skus: readonly string[]): Promise<(FoundSku | null)[]>;
  /** The slug of a SKU's product, from the index alone; null where the catalog does not have it. */
  slugOf(sku: string): Promise<string | null>;
  /** Shipping and taxes. Waits for no newer version: what a shopper agreed to guards the total. */
  rates(): Promise<Rates>;
  /** The SKUs of these products for work that walks the catalog; products that cannot be had are left out. */
  walk(slugs: readonly string[]): Promise<FoundSku[]>;
  /** After a change that made this version: serves it, and has pages that show something else dropped. */
  changed(version: number): Promise<void>;
}

/** The index with what is known of how long it has been the newest. */
interface Held {
  readonly index: CatalogIndex;
  /** When it was last known to be the newest there is, epoch ms. */
  readonly confirmedAt: number;
  /** When its pages were last kept whole, epoch ms. */
  readonly pagesKeptAt: number;
}

interface InMemory extends Held {
  /** When this copy was last found to be the newest that can be had, epoch ms. */
  readonly checkedAt: number;
}

/** Make one per isolate: the memory is its own. */
export function createCatalog(options: CatalogOptions): Catalog {
  const { waitUntil = () => undefined, report = () => undefined, now = Date.now } = options;
  const { edge = null, redis = null, redisTimeoutMs = REDIS_TIMEOUT_MS } = options;
  const copies = createCatalogCopies({ edge, redis, redisTimeoutMs, report });
  const watch = createVersionWatch({
    readVersion: options.readVersion,
    redis,
    redisTimeoutMs,
    readTimeoutMs: READ_TIMEOUT_MS,
    report,
    now,
  });
  const products = createProducts({
    copies,
    read: options.readProducts,
    readTimeoutMs: READ_TIMEOUT_MS,
    waitUntil,
    report,
    now,
  });
  let memory: InMemory | null = null;
  let looking: { since: number; result: Promise<InMemory> } | null = null;

  const isUsable = <T extends Pick<Held, "confirmedAt">>(held: T | null): held is T =>
    held !== null && now() - held.confirmedAt <= MAX_COPY_AGE_MS;

  /** Finds out whether there is a newer version than `wanted` and what is in memory, and gets it. */
  const look = async (wanted: number): Promise<InMemory> => {
    const newest = await watch.newest();
    const atLeast = Math.max(wanted, newest ?? 0);
    if (memory !== null && isUsable(memory)) {
      if (newest !== null && memory.index.version >= atLeast) return (memory = confirmed(memory));
      // Nobody could be asked: what is here goes on, and is not asked about at every request.
      if (newest === null && wanted <= memory.index.version)
        return (memory = { ...memory, checkedAt: now() });
    }
    return await serve(await newestIndex(atLeast, newest !== null));
  };

  /** The copies are told, too, now and then. */
  const confirmed = (held: InMemory): InMemory => {
    const at = now();
    if (at - held.confirmedAt < CONFIRM_EVERY_MS) return { ...held, checkedAt: at };
    const isPagesDue = at - held.pagesKeptAt >= KEEP_PAGES_EVERY_MS;
    const renewed = {
      ...held,
      checkedAt: at,
      confirmedAt: at,
      pagesKeptAt: isPagesDue ? at : held.pagesKeptAt,
    };
    waitUntil(keep(renewed, isPagesDue ? [...held.index.pages.keys()] : []));
    return renewed;
  };

  /** Pages go before the root that names them. */
  const keep = async (held: Held, changedPages: readonly string[]): Promise<void> => {
    const pages = changedPages.flatMap((page) => {
      const content = held.index.pages.get(page);
      return content === undefined ? [] : [{ name: pageName(page), text: writtenPage(content) }];
    });
    const rootCopy = [{ name: ROOT, text: JSON.stringify(rootOf(held)) }];
    await Promise.all([
      copies.keepAtEdge(pages).then(() => copies.keepAtEdge(rootCopy)),
      copies.keepInRedis(pages).then(() => copies.keepInRedis(rootCopy)),
    ]);
  };

  /**
   * The index that a root names: pages of `former` that bear the revision, else copies of them. Null where one cannot be had.
   */
  const assemble = async (root: CatalogRoot, former: CatalogIndex | null): Promise<Held | null> => {
    const pages = new Map<string, IndexPage>();
    const takeFrom = (texts: ReadonlyMap<string, string>): void => {
      for (const [page, revision] of Object.entries(root.pages)) {
        const copy = parseCopy(IndexPage, texts.get(pageName(page)) ?? null);
        if (copy?.revision === revision) pages.set(page, copy);
      }
    };
    for (const [page, revision] of Object.entries(root.pages)) {
      const known = former?.pages.get(page);
      if (known?.revision === revision) pages.set(page, known);
    }
    const missing = (): string[] =>
      Object.keys(root.pages)
        .filter((page) => !pages.has(page))
        .map(pageName);
    if (missing().length > 0) takeFrom(await copies.fromEdge(missing()));
    if (missing().length > 0) {
      const texts = await copies.fromRedis(missing());
      takeFrom(texts);
      waitUntil(copies.keepAtEdge([...texts].map(([name, text]) => ({ name, text }))));
    }
    if (missing().length > 0) return null;
    const { version, rates, confirmedAt, pagesKeptAt } = root;
    return { index: createIndex(version, pages, rates), confirmedAt, pagesKeptAt };
  };

  const rootAtEdge = async () => parseCopy(CatalogRoot, (await copies.fromEdge([ROOT])).get(ROOT) ?? null);
  const rootInRedis = async () => parseCopy(CatalogRoot, (await copies.fromRedis([ROOT])).get(ROOT) ?? null);

  /** @param isKnown whether `atLeast` is the newest version, so that a copy which bears it needs no second opinion */
  const newestIndex = async (atLeast: number, isKnown: boolean): Promise<Found> => {
    const root = await rootAtEdge();
    const isNewer = isUsable(root) && root.version >= (memory?.index.version ?? 0);
    const atEdge = isNewer ? await assemble(root, memory?.index ?? null) : null;
    const isRecent =
      atEdge !== null &&
      now() - atEdge.confirmedAt < (memory === null ? STALE_WHILE_REVALIDATE_MS : FRESH_MS);
    if (atEdge !== null && atEdge.index.version >= atLeast && (isKnown || isRecent)) {
      return { held: atEdge, former: memory?.index ?? null, checkedAt: isKnown ? now() : atEdge.confirmedAt };
    }
    const former = atEdge ?? memory;
    const copied = await copiedByAnother(atLeast, isKnown, former?.index ?? null);
    if (copied === "wait" && former !== null) {
      return { held: former, former: former.index, checkedAt: now() - FRESH_MS + FOLLOW_AGAIN_MS };
    }
    if (copied !== null && copied !== "wait") {
      waitUntil(copies.keepAtEdge([{ name: ROOT, text: JSON.stringify(rootOf(copied)) }]));
      return { held: copied, former: former?.index ?? null, checkedAt: now() };
    }
    try {
      const held = await fromPostgres(atLeast, former?.index ?? null);
      return { held, former: former?.index ?? null, checkedAt: now() };
    } catch (error) {
      report(error);
      if (isUsable(former)) return { held: former, former: former.index, checkedAt: now() };
      const inRedis = await rootInRedis();
      const held = isUsable(inRedis) ? await assemble(inRedis, null) : null;
      if (held !== null) return { held, former: null, checkedAt: now() };
      throw new CatalogUnavailable("neither Postgres nor a copy of the catalog can be had", { cause: error });
    }
  };

  const fromPostgres = async (atLeast: number, former: CatalogIndex | null): Promise<Held> => {
    const read = options.readIndex(atLeast, former === null ? {} : revisionsOf(former));
    const { version, revisions, pages, rates } = await withinTime(
      read,
      READ_TIMEOUT_MS,
      "Postgres did not give the catalog in time",
    );
    watch.learn(version);
    const together = new Map(
      Object.keys(revisions).flatMap((page): [string, IndexPage][] => {
        const content = pages.get(page) ?? former?.pages.get(page);
        return content === undefined ? [] : [[page, content]];
      }),
    );
    const at = now();
    const isWhole = former === null;
    const held: Held = {
      index: createIndex(version, together, rates),
      confirmedAt: at,
      pagesKeptAt: isWhole ? at : (memory?.pagesKeptAt ?? 0),
    };
    waitUntil(keep(held, [...pages.keys()]));
    return held;
  };

  /**
   * What another isolate has put into Redis, or is about to. Null: this one is to read it; `wait`: another one is reading, and
   * this one has something to show.
   */
  const copiedByAnother = async (
    atLeast: number,
    isKnown: boolean,
    former: CatalogIndex | null,
  ): Promise<Held | "wait" | null> => {
    if (redis === null || !isKnown) return null;
    for (let time = 0; time < FOLLOW_TIMES; time += 1) {
      const root = await rootInRedis();
      const copy = isUsable(root) && root.version >= atLeast ? await assemble(root, former) : null;
      if (copy !== null) return copy;
      try {
        if (await redis.tryLock(refillLockKey(atLeast), REFILL_LOCK_MS)) return null;
      } catch (error) {
        report(error);
        return null;
      }
      if (former !== null) return "wait";
      await new Promise((resolve) => setTimeout(resolve, FOLLOW_EVERY_MS));
    }
    return null;
  };

  const serve = async ({ held, former, checkedAt }: Found): Promise<InMemory> => {
    const isNew = former !== null ? held.index.version !== former.version : memory === null;
    // Another look may have come further meanwhile.
    if (memory !== null && memory.index.version > held.index.version) return memory;
    const served = { ...held, checkedAt };
    memory = served;
    if (isNew) await options.onChange?.({ former, next: held.index });
    return served;
  };

  /** Joins the look that runs, unless it has run for too long, or began before the version that is wanted was made. */
  const refresh = (wanted = 0): Promise<InMemory> => {
    if (wanted === 0 && looking !== null && now() - looking.since < FETCH_TIMEOUT_MS) return looking.result;
    const result = look(wanted);
    const started = { since: now(), result };
    looking = started;
    const done = (): void => {
      if (looking === started) looking = null;
    };
    // Whoever waits for the result hears of its failure.
    result.then(done, done);
    return started.result;
  };

  /** @param patienceMs how long to wait for the newest where there is something to show already; 0: look behind the answer */
  const current = async (patienceMs: number): Promise<CatalogIndex> => {
    const age = memory === null ? Infinity : now() - memory.checkedAt;
    if (memory !== null && age < FRESH_MS) return memory.index;
    const canShow = memory !== null && age < STALE_WHILE_REVALIDATE_MS && isUsable(memory);
    const work = refresh();
    // Its failures have been reported, and the next request tries again.
    waitUntil(work.catch(() => undefined));
    if (memory !== null && canShow && patienceMs === 0) return memory.index;
    try {
      const limitMs = canShow ? patienceMs : FETCH_TIMEOUT_MS;
      return (await withinTime(work, limitMs, "the catalog was not fetched in time")).index;
    } catch (error) {
      // Another request's look may have died with it: what is in memory still serves.
      if (memory !== null && isUsable(memory)) return memory.index;
      throw error instanceof CatalogUnavailable
        ? error
        : new CatalogUnavailable("the catalog cannot be had in time", { cause: error });
    }
  };

  const shown = ({ product }: CatalogProduct): Product => ({ ...product, status: statusOf(product, now()) });

  /** @throws CatalogUnavailable where one of them cannot be had */
  const getAll = async (entries: readonly IndexEntry[]): Promise<FoundProducts> => {
    const found = await products.get(entries);
    const lost = entries.filter(({ slug }) => !found.has(slug));
    if (lost.length > 0)
      throw new CatalogUnavailable(
        `neither Postgres nor a copy of ${lost.map(({ slug }) => slug).join()} can be had`,
      );
    return found;
  };
  const entriesOf = ({ bySlug }: CatalogIndex, slugs: readonly string[]): IndexEntry[] =>
    [...new Set(slugs)].flatMap((slug) => bySlug.get(slug) ?? []);
  const inOrder = (slugs: readonly string[], found: FoundProducts): Product[] =>
    slugs.flatMap((slug) => {
      const product = found.get(slug) ?? null;
      return product === null ? [] : [shown(product)];
    });

  const skusNamed = async (names: readonly string[]): Promise<(FoundSku | null)[]> => {
    const index = await current(0);
    const found = await getAll([...new Set(names.flatMap((name) => index.bySku.get(name) ?? []))]);
    return names.map((name) => {
      const product = found.get(index.bySku.get(name)?.slug ?? "") ?? null;
      return product === null ? null : skuOf(product, name);
    });
  };
  const skuOf = (product: CatalogProduct, name: string): FoundSku | null => {
    const sku = product.product.skus.find((each) => each.sku === name);
    const terms = product.terms[name];
    return sku === undefined || terms === undefined ? null : { product: shown(product), sku, terms };
  };

  return {
    index: () => current(PAGE_WAIT_MS),
    async products(slugs) {
      return inOrder(slugs, await getAll(entriesOf(await current(PAGE_WAIT_MS), slugs)));
    },
    async availableProducts(slugs) {
      const entries = entriesOf(await current(PAGE_WAIT_MS), slugs);
      const found = await products.get(entries);
      if (entries.length > 0 && found.size === 0)
        throw new CatalogUnavailable("neither Postgres nor a copy of any of these products can be had");
      return inOrder(slugs, found);
    },
    async product(slug) {
      const entries = entriesOf(await current(PAGE_WAIT_MS), [slug]);
      return inOrder([slug], await getAll(entries))[0] ?? null;
    },
    sku: async (name) => (await skusNamed([name]))[0] ?? null,
    skus: skusNamed,
    slugOf: async (sku) => (await current(0)).bySku.get(sku)?.slug ?? null,
    rates: async () => (await current(0)).rates,
    async walk(slugs) {
      const found = await products.walk(entriesOf(await current(PAGE_WAIT_MS), slugs));
      return [...found.values()].flatMap((product) =>
        product === null ? [] : product.product.skus.flatMap(({ sku }) => skuOf(product, sku) ?? []),
      );
    },
    async changed(version) {
      watch.learn(version);
      await watch.tell(version);
      await refresh(version);
    },
  };
}

function rootOf({ index, confirmedAt, pagesKeptAt }: Held): CatalogRoot {
  return {
    version: index.version,
    confirmedAt,
    pagesKeptAt,
    pages: revisionsOf(index),
    rates: index.rates,
  };
}

interface Found {
  readonly held: Held;
  /** The newest that was known here before. */
  readonly former: CatalogIndex | null;
  readonly checkedAt: number;
}

function statusOf({ dropAt }: Pick<Product, "dropAt">, now: number): Product["status"] {
  return dropAt !== undefined && now < Date.parse(dropAt) ? "coming_soon" : "in_stock";
}
