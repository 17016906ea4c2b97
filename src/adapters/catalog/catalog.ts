/**
 * The catalog the store sells from, without asking Postgres each time: in the isolate's memory, behind it the copy of this
 * place, then Redis, then a replica. A copy is good for as long as it bears the newest version, and that is looked up once a
 * second (version-watch.ts); a new one is read by one isolate, and taken from its copies by the others. All of it survives
 * Postgres and Redis being away. The price that counts is judged by the SKU's object.
 */
import type { Product, ProductSku } from "../../contracts/catalog.ts";
import { withinTime } from "../outage/within-time.ts";
import type { CatalogCopy, CatalogEntry, SkuTerms } from "./content.ts";
import { MAX_COPY_AGE_MS, createCatalogCopies } from "./copies.ts";
import type { CatalogCopies, CopyStore, EdgeCache } from "./copies.ts";
import { createVersionWatch } from "./version-watch.ts";

/** As long as this the catalog in memory is used without looking whether there is a newer version. */
export const FRESH_MS = 1_000;
/** As long as this it is used while that is looked up behind the answer; after that the answer waits. */
export const STALE_WHILE_REVALIDATE_MS = 60_000;
/** How long a page waits to be told whether what it is about to show is the newest. */
const PAGE_WAIT_MS = 200;
/** How long a look may take before somebody else tries: the request that began it may have been cancelled with its I/O. */
const FETCH_TIMEOUT_MS = 4_000;
/** How much of that Postgres gets, so that a copy can still stand in for it. */
const READ_TIMEOUT_MS = 3_000;
/** How long one isolate keeps the others from reading the same new version from Postgres. */
const REFILL_LOCK_MS = 3_000;
/** How often, and how many times, an isolate that has nothing to show looks for what another one is reading. */
const FOLLOW_EVERY_MS = 50;
const FOLLOW_TIMES = 4;
/** When an isolate that lets another one read looks again. */
const FOLLOW_AGAIN_MS = 100;
const REDIS_TIMEOUT_MS = 50;
/** One per version: whoever reads the next one is not kept waiting by the last. */
const refillLockKey = (version: number): string => `catalog:refill:${version}`;

/** Neither Postgres nor any copy can be had. */
export class CatalogUnavailable extends Error {
  override readonly name = "CatalogUnavailable";
}

/** The catalog as Postgres has it. */
export interface ReadCatalog {
  readonly version: number;
  readonly entries: CatalogEntry[];
}

export interface CatalogChange {
  /** What was served here before; null where it is not known. */
  readonly former: CatalogCopy | null;
  readonly next: CatalogCopy;
}

export interface CatalogOptions {
  /** Reads the catalog from Postgres, within time limits of its own; never a version below `atLeast`. */
  read: (atLeast: number) => Promise<ReadCatalog>;
  /** Reads the version alone. Left out: the catalog is read as often as its version would be looked up. */
  readVersion?: () => Promise<number>;
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

export interface ListedProduct {
  readonly slug: string;
  readonly category: string;
  /** When its content or one of its prices changed last; an older copy may not know. */
  readonly modifiedAt: string | undefined;
}

/** All of these throw `CatalogUnavailable` where there is no catalog to be had. */
export interface Catalog {
  /** Every product, in list order, a second old at most while its sources answer. `status` knows only the drop time. */
  products(): Promise<Product[]>;
  /** One product by its slug, or null; as new as `products`. */
  product(slug: string): Promise<Product | null>;
  /** One SKU, or null where the catalog does not have it: then no object may be asked about it. Waits for nobody. */
  sku(sku: string): Promise<FoundSku | null>;
  /** Every SKU with its terms, in list order. */
  skus(): Promise<FoundSku[]>;
  /** What a sitemap says of every product, in list order. */
  listed(): Promise<ListedProduct[]>;
  /** When what is served now was read from Postgres, epoch ms. */
  readAt(): Promise<number>;
  /** After a change that made this version: serves it, and has pages that show something else dropped. */
  changed(version: number): Promise<void>;
}

interface InMemory {
  readonly copy: CatalogCopy;
  /** When this copy was last found to be the newest that can be had, epoch ms. */
  readonly checkedAt: number;
  readonly bySlug: ReadonlyMap<string, CatalogEntry>;
  readonly bySku: ReadonlyMap<string, { entry: CatalogEntry; sku: ProductSku; terms: SkuTerms }>;
}

/** Make one per isolate: the memory is its own. */
export function createCatalog(options: CatalogOptions): Catalog {
  const { waitUntil = () => undefined, report = () => undefined, now = Date.now } = options;
  const { redis = null, redisTimeoutMs = REDIS_TIMEOUT_MS } = options;
  const copies = createCatalogCopies({ edge: options.edge ?? null, redis, redisTimeoutMs, report });
  const { readVersion } = options;
  const watch =
    readVersion === undefined
      ? null
      : createVersionWatch({
          readVersion,
          redis,
          redisTimeoutMs,
          readTimeoutMs: READ_TIMEOUT_MS,
          report,
          now,
        });
  let memory: InMemory | null = null;
  let looking: { since: number; result: Promise<InMemory> } | null = null;

  const isUsable = (copy: CatalogCopy | null): copy is CatalogCopy =>
    copy !== null && now() - copy.readAt <= MAX_COPY_AGE_MS;

  /** Finds out whether there is a newer version than `wanted` and what is in memory, and gets it. */
  const look = async (wanted: number): Promise<InMemory> => {
    const newest = watch === null ? null : await watch.newest();
    const atLeast = Math.max(wanted, newest ?? 0);
    if (memory !== null && isUsable(memory.copy)) {
      const isNewest = newest !== null && memory.copy.version >= atLeast;
      // Nobody could be asked: what is here goes on, and is not asked about at every request.
      const nobodyKnows = watch !== null && newest === null && wanted <= memory.copy.version;
      if (isNewest || nobodyKnows) return (memory = { ...memory, checkedAt: now() });
    }
    return await serve(await newestCopy(atLeast, newest !== null));
  };

  /** @param isKnown whether `atLeast` is the newest version, so that a copy which bears it needs no second opinion */
  const newestCopy = async (atLeast: number, isKnown: boolean): Promise<Found> => {
    const atEdge = await copies.fromEdge();
    const isRecent =
      atEdge !== null && now() - atEdge.readAt < (memory === null ? STALE_WHILE_REVALIDATE_MS : FRESH_MS);
    if (isUsable(atEdge) && atEdge.version >= atLeast && (isKnown || isRecent)) {
      return { copy: atEdge, former: memory?.copy ?? null, checkedAt: isKnown ? now() : atEdge.readAt };
    }
    const former = newerOf(memory?.copy ?? null, atEdge);
    const isCopied = await copiedByAnother(copies, atLeast, isKnown, former !== null);
    if (isCopied === "wait" && former !== null) {
      return { copy: former, former, checkedAt: now() - FRESH_MS + FOLLOW_AGAIN_MS };
    }
    if (isCopied !== null && isCopied !== "wait") {
      waitUntil(copies.keepAtEdge(isCopied));
      return { copy: isCopied, former, checkedAt: now() };
    }
    try {
      const read = options.read(atLeast);
      const { version, entries } = await withinTime(
        read,
        READ_TIMEOUT_MS,
        "Postgres did not give the catalog in time",
      );
      const copy: CatalogCopy = { readAt: now(), version, entries };
      watch?.learn(version);
      waitUntil(copies.keep(copy));
      return { copy, former, checkedAt: now() };
    } catch (error) {
      report(error);
      if (isUsable(former)) return { copy: former, former, checkedAt: now() };
      const inRedis = await copies.fromRedis();
      if (isUsable(inRedis)) return { copy: inRedis, former: null, checkedAt: now() };
      throw new CatalogUnavailable("neither Postgres nor a copy of the catalog can be had", { cause: error });
    }
  };

  /**
   * What another isolate has put into Redis, or is about to. Null: this one is to read it; `wait`: another one is reading, and
   * this one has something to show.
   */
  const copiedByAnother = async (
    from: CatalogCopies,
    atLeast: number,
    isKnown: boolean,
    hasSomething: boolean,
  ): Promise<CatalogCopy | "wait" | null> => {
    if (redis === null || !isKnown) return null;
    for (let time = 0; time < FOLLOW_TIMES; time += 1) {
      const copy = await from.fromRedis();
      if (isUsable(copy) && copy.version >= atLeast) return copy;
      try {
        if (await redis.tryLock(refillLockKey(atLeast), REFILL_LOCK_MS)) return null;
      } catch (error) {
        report(error);
        return null;
      }
      if (hasSomething) return "wait";
      await new Promise((resolve) => setTimeout(resolve, FOLLOW_EVERY_MS));
    }
    return null;
  };

  const serve = async ({ copy, former, checkedAt }: Found): Promise<InMemory> => {
    const isNew = former !== null ? copy.version !== former.version : memory === null;
    // Another look may have come further meanwhile.
    if (memory !== null && memory.copy.version > copy.version) return memory;
    const served = memory?.copy === copy ? { ...memory, checkedAt } : index(copy, checkedAt);
    memory = served;
    if (isNew) await options.onChange?.({ former, next: copy });
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
  const current = async (patienceMs: number): Promise<InMemory> => {
    const age = memory === null ? Infinity : now() - memory.checkedAt;
    if (memory !== null && age < FRESH_MS) return memory;
    const canShow = memory !== null && age < STALE_WHILE_REVALIDATE_MS && isUsable(memory.copy);
    const work = refresh();
    // Its failures have been reported, and the next request tries again.
    waitUntil(work.catch(() => undefined));
    if (memory !== null && canShow && patienceMs === 0) return memory;
    try {
      return await withinTime(
        work,
        canShow ? patienceMs : FETCH_TIMEOUT_MS,
        "the catalog was not fetched in time",
      );
    } catch (error) {
      // Somebody else's look may have died with its request: what is in memory still serves.
      if (memory !== null && isUsable(memory.copy)) return memory;
      throw error instanceof CatalogUnavailable
        ? error
        : new CatalogUnavailable("the catalog cannot be had in time", { cause: error });
    }
  };

  const shown = (entry: CatalogEntry): Product => ({ ...entry.product, status: statusOf(entry, now()) });
  return {
    products: async () => (await current(PAGE_WAIT_MS)).copy.entries.map(shown),
    product: async (slug) => {
      const entry = (await current(PAGE_WAIT_MS)).bySlug.get(slug);
      return entry === undefined ? null : shown(entry);
    },
    sku: async (name) => {
      const found = (await current(0)).bySku.get(name);
      return found === undefined ? null : { product: shown(found.entry), sku: found.sku, terms: found.terms };
    },
    skus: async () => {
      const { bySku } = await current(PAGE_WAIT_MS);
      return [...bySku.values()].map(({ entry, sku, terms }) => ({ product: shown(entry), sku, terms }));
    },
    listed: async () =>
      (await current(PAGE_WAIT_MS)).copy.entries.map(({ product: { slug, category }, modifiedAt }) => ({
        slug,
        category,
        modifiedAt,
      })),
    readAt: async () => (await current(0)).copy.readAt,
    changed: async (version) => {
      watch?.learn(version);
      await watch?.tell(version);
      await refresh(version);
    },
  };
}

interface Found {
  readonly copy: CatalogCopy;
  /** The newest that was known here before. */
  readonly former: CatalogCopy | null;
  readonly checkedAt: number;
}

function newerOf(one: CatalogCopy | null, other: CatalogCopy | null): CatalogCopy | null {
  if (one === null || other === null) return one ?? other;
  return other.version > one.version ? other : one;
}

function statusOf(entry: CatalogEntry, now: number): Product["status"] {
  const { dropAt } = entry.product;
  return dropAt !== undefined && now < Date.parse(dropAt) ? "coming_soon" : "in_stock";
}

function index(copy: CatalogCopy, checkedAt: number): InMemory {
  const bySlug = new Map<string, CatalogEntry>();
  const bySku = new Map<string, { entry: CatalogEntry; sku: ProductSku; terms: SkuTerms }>();
  for (const entry of copy.entries) {
    bySlug.set(entry.product.slug, entry);
    for (const sku of entry.product.skus) {
      const terms = entry.terms[sku.sku];
      if (terms !== undefined) bySku.set(sku.sku, { entry, sku, terms });
    }
  }
  return { copy, checkedAt, bySlug, bySku };
}
