/**
 * Products by themselves, each at the revision that the index names: from memory, the edge cache of this place, Redis, a
 * replica. Where none of them has that revision, an older one that a copy still has serves: the SKU's object judges the price.
 */
import { CatalogProduct, parseCopy } from "./content.ts";
import type { IndexEntry } from "./content.ts";
import { isOwnDeadline } from "../outage/own-deadline.ts";
import { withinTime } from "../outage/within-time.ts";
import type { CatalogCopies, Copy } from "./copies.ts";
import { ProductMemory } from "./product-memory.ts";

/** How long a request waits for another's read of the same product: that one's request may have been cancelled with its I/O. */
const FOLLOW_MS = 250;
/** How long a request that has a former revision to show waits for the one that is wanted. */
const PATIENCE_MS = 200;
/** How long Postgres is left alone after it failed: copies serve meanwhile. One that is only slow is asked again. */
const POSTGRES_PAUSE_MS = 2_000;

export type WantedEntry = Pick<IndexEntry, "slug" | "revision">;

export interface ProductsOptions {
  readonly copies: CatalogCopies;
  /** Reads products from Postgres, no older than wanted; those it does not list are left out. */
  readonly read: (wanted: readonly WantedEntry[]) => Promise<CatalogProduct[]>;
  /** How long Postgres may take, ms. */
  readonly readTimeoutMs: number;
  readonly waitUntil: (work: Promise<unknown>) => void;
  readonly report: (error: unknown) => void;
  readonly now: () => number;
}

/** What could be had, by slug: null where Postgres has no such product any more. What is missing could not be had at all. */
export type FoundProducts = ReadonlyMap<string, CatalogProduct | null>;

export interface Products {
  /** For whoever waits: what is read is remembered, and kept at the edge. Never throws. */
  get(wanted: readonly WantedEntry[]): Promise<FoundProducts>;
  /**
   * For work in the background that walks the whole catalog: asks Redis before anything else, so that Redis has all of it, and
   * displaces nothing that requests need. Never throws.
   */
  walk(wanted: readonly WantedEntry[]): Promise<FoundProducts>;
}

interface Load {
  readonly since: number;
  readonly result: Promise<Map<string, CatalogProduct | null>>;
}

export function createProducts(options: ProductsOptions): Products {
  const { copies, waitUntil, report, now } = options;
  const memory = new ProductMemory();
  const loads = new Map<string, Load>();
  let postgresPausedUntil = 0;

  /** Null where Postgres cannot be asked now. */
  const fromPostgres = async (wanted: readonly WantedEntry[]): Promise<CatalogProduct[] | null> => {
    if (now() < postgresPausedUntil) return null;
    try {
      const read = options.read(wanted);
      return await withinTime(read, options.readTimeoutMs, "Postgres did not give the products in time");
    } catch (error) {
      if (!isOwnDeadline(error)) postgresPausedUntil = now() + POSTGRES_PAUSE_MS;
      report(error);
      return null;
    }
  };

  /** What is wanted and not among `found` from some copies; older revisions go to `older`. */
  const take = (
    texts: ReadonlyMap<string, string>,
    wanted: readonly WantedEntry[],
    found: Map<string, CatalogProduct | null>,
    older: Map<string, CatalogProduct>,
  ): Copy[] => {
    const taken: Copy[] = [];
    for (const { slug, revision } of wanted) {
      const name = nameOf(slug);
      const text = texts.get(name) ?? null;
      const copy = parseCopy(CatalogProduct, text);
      if (copy === null || text === null) continue;
      if (copy.revision >= revision) {
        found.set(slug, copy);
        taken.push({ name, text });
      } else if (copy.revision > (older.get(slug)?.revision ?? -1)) older.set(slug, copy);
    }
    return taken;
  };

  const load = async (
    wanted: readonly WantedEntry[],
    isWalk: boolean,
  ): Promise<Map<string, CatalogProduct | null>> => {
    const found = new Map<string, CatalogProduct | null>();
    const older = new Map<string, CatalogProduct>();
    const missing = (): WantedEntry[] => wanted.filter(({ slug }) => !found.has(slug));
    const namesOf = (entries: readonly WantedEntry[]): string[] => entries.map(({ slug }) => nameOf(slug));
    const atEdge = async (): Promise<void> => {
      const lacking = missing();
      if (lacking.length > 0) take(await copies.fromEdge(namesOf(lacking)), lacking, found, older);
    };
    if (!isWalk) await atEdge();
    const inRedis = missing();
    if (inRedis.length > 0) {
      const taken = take(await copies.fromRedis(namesOf(inRedis)), inRedis, found, older);
      if (!isWalk) waitUntil(copies.keepAtEdge(taken));
    }
    const lacking = missing();
    const read = lacking.length === 0 ? [] : await fromPostgres(lacking);
    if (read !== null) {
      for (const product of read) found.set(product.product.slug, product);
      for (const { slug } of missing()) found.set(slug, null);
      const texts = read.map((product) => ({
        name: nameOf(product.product.slug),
        text: JSON.stringify(product),
      }));
      waitUntil(copies.keepInRedis(texts));
      if (!isWalk) waitUntil(copies.keepAtEdge(texts));
      return found;
    }
    if (isWalk) await atEdge();
    for (const { slug } of missing()) {
      const former = newerOf(memory.get(slug), older.get(slug));
      if (former !== undefined) found.set(slug, former);
    }
    return found;
  };

  /** The reads of the same products that run: another request's, so nobody waits for them for long. */
  const running = (wanted: readonly WantedEntry[]): Promise<unknown>[] => {
    const results = wanted.flatMap(({ slug }) => {
      const known = loads.get(slug);
      return known !== undefined && now() - known.since < options.readTimeoutMs ? [known.result] : [];
    });
    return [...new Set(results)];
  };

  const remembered = (wanted: readonly WantedEntry[]): Map<string, CatalogProduct | null> =>
    new Map(
      wanted.flatMap(({ slug, revision }): [string, CatalogProduct][] => {
        const known = memory.get(slug);
        return known !== undefined && known.revision >= revision ? [[slug, known]] : [];
      }),
    );

  /** What memory has of them, however old. */
  const formerOnes = (wanted: readonly WantedEntry[]): Map<string, CatalogProduct | null> =>
    new Map(
      wanted.flatMap(({ slug }): [string, CatalogProduct][] => {
        const known = memory.get(slug);
        return known === undefined ? [] : [[slug, known]];
      }),
    );

  return {
    async get(wanted) {
      let found = remembered(wanted);
      let missing = wanted.filter(({ slug }) => !found.has(slug));
      const others = running(missing);
      if (others.length > 0) {
        const all = Promise.allSettled(others);
        await withinTime(all, FOLLOW_MS, "another request's read takes long").catch(() => undefined);
        found = remembered(wanted);
        missing = wanted.filter(({ slug }) => !found.has(slug));
      }
      if (missing.length === 0) return found;
      // Nothing is awaited between the question who reads and the answer below, or everybody would read.
      const canShow = missing.every(({ slug }) => memory.get(slug) !== undefined);
      const result = load(missing, false).then((loaded) => {
        for (const product of loaded.values())
          if (product !== null) memory.put(product, JSON.stringify(product).length);
        for (const { slug } of missing) if (loads.get(slug)?.result === result) loads.delete(slug);
        return loaded;
      });
      for (const { slug } of missing) loads.set(slug, { since: now(), result });
      waitUntil(result);
      const loaded = canShow
        ? await withinTime(result, PATIENCE_MS, "a newer revision takes long").catch(() =>
            formerOnes(missing),
          )
        : await result;
      for (const [slug, product] of loaded) found.set(slug, product);
      return found;
    },
    walk: (wanted) => load(wanted, true),
  };
}

const nameOf = (slug: string): string => `product/${slug}`;

function newerOf(
  one: CatalogProduct | undefined,
  other: CatalogProduct | undefined,
): CatalogProduct | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.revision > one.revision ? other : one;
}
