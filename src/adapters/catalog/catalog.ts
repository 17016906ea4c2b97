/**
 * The catalog the store sells from, without asking Postgres each time: in the isolate's memory, behind it Postgres, and
 * behind that copies that survive Postgres being away. What it says is a few seconds old at most while Postgres
 * answers; the price that counts is judged by the SKU's object.
 */
import type { Product, ProductSku } from "../../contracts/catalog.ts";
import type { CatalogCopy, CatalogEntry, SkuTerms } from "./content.ts";
import { MAX_COPY_AGE_MS, createCatalogCopies, withinTime } from "./copies.ts";
import type { CopyStore, EdgeCache } from "./copies.ts";

/** As long as this the catalog in memory is used as it is. */
export const FRESH_MS = 5_000;
/** As long as this it is used while a new one is fetched behind the answer; after that the answer waits for the new one. */
export const STALE_WHILE_REVALIDATE_MS = 60_000;
/** How long a fetch may take before somebody else tries: the request that began it may have been cancelled with its I/O. */
const FETCH_TIMEOUT_MS = 4_000;
/** How much of that Postgres gets, so that a copy can still stand in for it. */
const READ_TIMEOUT_MS = 3_000;
const REDIS_TIMEOUT_MS = 50;

/** Neither Postgres nor any copy can be had. */
export class CatalogUnavailable extends Error {
  override readonly name = "CatalogUnavailable";
}

export interface CatalogOptions {
  /** Reads the catalog from Postgres, within time limits of its own. */
  read: () => Promise<CatalogEntry[]>;
  /** The Cache API, e.g. `await caches.open("catalog")`. */
  edge?: EdgeCache | null;
  redis?: CopyStore | null;
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

/** All of these throw `CatalogUnavailable` where there is no catalog to be had. */
export interface Catalog {
  /** Every product, in list order. `status` knows only the drop time: `coming_soon` or `in_stock`. */
  products(): Promise<Product[]>;
  /** One product by its slug, or null. */
  product(slug: string): Promise<Product | null>;
  /** One SKU, or null where the catalog does not have it: then no object may be asked about it. */
  sku(sku: string): Promise<FoundSku | null>;
  /** Every SKU with its terms, in list order. */
  skus(): Promise<FoundSku[]>;
  /** When what is served now was read from Postgres, epoch ms. */
  readAt(): Promise<number>;
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
  const { read, waitUntil = () => undefined, report = () => undefined, now = Date.now } = options;
  const copies = createCatalogCopies({
    edge: options.edge ?? null,
    redis: options.redis ?? null,
    redisTimeoutMs: options.redisTimeoutMs ?? REDIS_TIMEOUT_MS,
    report,
  });
  let memory: InMemory | null = null;
  let fetching: { since: number; result: Promise<InMemory> } | null = null;

  const isUsable = (copy: CatalogCopy | null): copy is CatalogCopy =>
    copy !== null && now() - copy.readAt <= MAX_COPY_AGE_MS;

  const fetchNewest = async (): Promise<InMemory> => {
    const atEdge = await copies.fromEdge();
    const edgeAgeMs = atEdge === null ? Infinity : now() - atEdge.readAt;
    // As fresh as it is there it counts here: a new isolate answers at once, and its next request fetches behind.
    if (atEdge !== null && edgeAgeMs < (memory === null ? STALE_WHILE_REVALIDATE_MS : FRESH_MS))
      return index(atEdge, atEdge.readAt);
    try {
      const entries = await withinTime(read(), READ_TIMEOUT_MS, "Postgres did not give the catalog in time");
      const copy: CatalogCopy = { readAt: now(), entries };
      waitUntil(copies.keep(copy));
      return index(copy, now());
    } catch (error) {
      report(error);
      if (isUsable(memory?.copy ?? null) && memory !== null) return { ...memory, checkedAt: now() };
      if (isUsable(atEdge)) return index(atEdge, now());
      const inRedis = await copies.fromRedis();
      if (isUsable(inRedis)) return index(inRedis, now());
      throw new CatalogUnavailable("neither Postgres nor a copy of the catalog can be had", { cause: error });
    }
  };

  /** Joins the fetch that runs, unless it has run for too long. */
  const refresh = (): Promise<InMemory> => {
    if (fetching !== null && now() - fetching.since < FETCH_TIMEOUT_MS) return fetching.result;
    const result = fetchNewest().then((newest) => (memory = newest));
    const started = { since: now(), result };
    fetching = started;
    const done = (): void => {
      if (fetching === started) fetching = null;
    };
    // Whoever waits for the result hears of its failure.
    result.then(done, done);
    return started.result;
  };

  const current = async (): Promise<InMemory> => {
    const age = memory === null ? Infinity : now() - memory.checkedAt;
    if (memory !== null && age < FRESH_MS) return memory;
    if (memory !== null && age < STALE_WHILE_REVALIDATE_MS && isUsable(memory.copy)) {
      // Its failures have been reported, and the next request tries again.
      waitUntil(refresh().catch(() => undefined));
      return memory;
    }
    try {
      return await withinTime(refresh(), FETCH_TIMEOUT_MS, "the catalog was not fetched in time");
    } catch (error) {
      // Somebody else's fetch may have died with its request: what is in memory still serves.
      if (memory !== null && isUsable(memory.copy)) return memory;
      throw error instanceof CatalogUnavailable
        ? error
        : new CatalogUnavailable("the catalog cannot be had in time", { cause: error });
    }
  };

  const shown = (entry: CatalogEntry): Product => ({ ...entry.product, status: statusOf(entry, now()) });
  return {
    products: async () => (await current()).copy.entries.map(shown),
    product: async (slug) => {
      const entry = (await current()).bySlug.get(slug);
      return entry === undefined ? null : shown(entry);
    },
    sku: async (name) => {
      const found = (await current()).bySku.get(name);
      return found === undefined ? null : { product: shown(found.entry), sku: found.sku, terms: found.terms };
    },
    skus: async () => {
      const { bySku } = await current();
      return [...bySku.values()].map(({ entry, sku, terms }) => ({ product: shown(entry), sku, terms }));
    },
    readAt: async () => (await current()).copy.readAt,
  };
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
