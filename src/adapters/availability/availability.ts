/**
 * What shoppers are told about stock: an edge copy, at most a second old, of what the SKU objects last published. It never
 * asks a SKU object. The order of sources: this isolate's memory, the data centre's cache, Redis, Postgres, the last known
 * copy, and at the very end the catalog's own terms; the SKU object judges again at the hold anyway.
 */
import type { AvailabilityItem } from "../../contracts/catalog.ts";
import type { StockLevel } from "../../contracts/messages.ts";
import { availabilityStatus } from "../../domain/availability.ts";
import { isOwnDeadline } from "../outage/own-deadline.ts";
import { withinTime } from "../outage/within-time.ts";
import type { Redis } from "../redis/redis.ts";
import { edgeCopyUrl, loadEdgeCopy, storeEdgeCopy } from "./edge-copy.ts";
import type { EdgeCache, EdgeCopy, Figure } from "./edge-copy.ts";
import { FigureMemory } from "./figure-memory.ts";
import { parseStockCopy, publishLevels, stockKey } from "./stock-copy.ts";

/** How old a copy may be before its sources are asked again. */
export const FRESH_MS = 1_000;
/** While one request asks the sources, others are answered with a copy up to this old rather than made to wait. */
const STALE_WHILE_REFILLING_MS = 5_000;
/** A copy older than this is not shown any more: the catalog's terms say as much. */
const LAST_KNOWN_MS = 600_000;
/** How long a request waits for another's refill before it asks for itself (the other's request may have been cut off). */
const FOLLOW_MS = 250;
/**
 * How long Postgres is left alone about a SKU that it knew nothing of or has not answered about yet, or altogether after it
 * failed. One that is only slow goes on being asked about other SKUs.
 */
const POSTGRES_PAUSE_MS = 5_000;
const MAX_UNKNOWN_SKUS = 5_000;
/** How long a refill waits for Postgres: a page can do without, and a hanging database must not hang it. */
const POSTGRES_TIMEOUT_MS = 500;

/** A SKU and what the catalog says of it: the opening time that applies, and the stock it starts with. */
export interface WantedSku {
  readonly sku: string;
  /** Epoch ms at which its sale opens, or null. The catalog's, for a published figure may be older than a new opening time. */
  readonly opensAt: number | null;
  /** Told until the SKU's object has published anything. */
  readonly initialQuantity: number;
}

export interface AvailabilityReading {
  /** In the order asked for. */
  readonly items: AvailabilityItem[];
  /** Epoch ms: how old the oldest of the figures is. */
  readonly asOf: number;
  /** True when neither Redis nor Postgres could be asked and the answer rests on an old copy or the catalog alone. */
  readonly degraded: boolean;
}

export type AvailabilitySource = "cache" | "redis" | "postgres";

export interface AvailabilityDeps {
  readonly redis: Pick<Redis, "mget" | "setIfNewer">;
  /** `caches.default`, or null where there is none. */
  readonly cache: EdgeCache | null;
  /** The store's origin; names the entries in the cache. */
  readonly origin: string;
  /** Postgres' copy of the levels, for SKUs that Redis does not know; not waited for longer than half a second. */
  readonly readLevels: (skus: readonly string[]) => Promise<readonly StockLevel[]>;
  readonly clock: () => number;
  /** Keeps work alive beyond the reply (`waitUntil` of "cloudflare:workers"). */
  readonly waitUntil: (work: Promise<unknown>) => void;
  /** Told of every source that failed; the reading goes on with the next one. */
  readonly onFault: (source: AvailabilitySource, error: unknown) => void;
}

export interface Availability {
  /** Never throws: without any source the catalog's terms are told. */
  read(wanted: readonly WantedSku[]): Promise<AvailabilityReading>;
  /** Takes over figures that SKU objects have just told, so that this isolate need not ask for them. */
  learn(levels: readonly StockLevel[]): void;
}

interface Refill {
  readonly startedAt: number;
  readonly done: Promise<void>;
}

export function createAvailability(deps: AvailabilityDeps): Availability {
  const { redis, cache, clock } = deps;
  const memory = new FigureMemory();
  const refills = new Map<string, Refill>();
  /** SKUs that Postgres knew nothing of, with the time (epoch ms) from which it may be asked again. */
  const unknownUntil = new Map<string, number>();
  /** SKUs that Postgres was asked about and did not answer in time, until when (epoch ms) its late answer is waited for. */
  const lateUntil = new Map<string, number>();
  let postgresPausedUntil = 0;

  async function read(wanted: readonly WantedSku[]): Promise<AvailabilityReading> {
    const skus = [...new Set(wanted.map(({ sku }) => sku))].sort();
    if (skus.some((sku) => !isFresh(sku))) await refreshed(skus);
    return reading(wanted);
  }

  function isFresh(sku: string): boolean {
    const known = memory.get(sku);
    return known !== undefined && clock() - known.checkedAt < FRESH_MS;
  }

  /** One refill per set of SKUs at a time; whoever has something to show does not wait for it. */
  async function refreshed(skus: readonly string[]): Promise<void> {
    const url = edgeCopyUrl(deps.origin, skus);
    const running = refills.get(url);
    if (running !== undefined && clock() - running.startedAt < STALE_WHILE_REFILLING_MS) {
      if (skus.every((sku) => ageOf(sku) < STALE_WHILE_REFILLING_MS)) return;
      if (await settlesWithin(running.done, FOLLOW_MS)) return;
    }
    const refill: Refill = {
      startedAt: clock(),
      done: fill(url, skus).finally(() => {
        if (refills.get(url) === refill) refills.delete(url);
      }),
    };
    refills.set(url, refill);
    deps.waitUntil(refill.done);
    await refill.done;
  }

  function ageOf(sku: string): number {
    const known = memory.get(sku);
    return known === undefined ? Infinity : clock() - known.readAt;
  }

  async function fill(url: string, skus: readonly string[]): Promise<void> {
    const shared = await fromCache(url);
    if (shared !== null) {
      learn(shared, skus);
      if (clock() - shared.readAt < FRESH_MS) return;
    }
    const copy = await fromSources(skus);
    if (copy === null) {
      for (const sku of skus) memory.couldNotCheck(sku, clock());
      return;
    }
    learn(copy, skus);
    if (cache !== null) {
      deps.waitUntil(storeEdgeCopy(cache, url, copy).catch((error: unknown) => deps.onFault("cache", error)));
    }
  }

  function learn(copy: EdgeCopy, skus: readonly string[]): void {
    for (const sku of skus) memory.learn(sku, copy.figures[sku] ?? null, copy.readAt, copy.readAt);
  }

  async function fromCache(url: string): Promise<EdgeCopy | null> {
    if (cache === null) return null;
    try {
      return await loadEdgeCopy(cache, url);
    } catch (error) {
      deps.onFault("cache", error);
      return null;
    }
  }

  /** @returns null when neither Redis nor Postgres could be asked */
  async function fromSources(skus: readonly string[]): Promise<EdgeCopy | null> {
    const published = await fromRedis(skus);
    const figures = published ?? {};
    const missing = skus.filter((sku) => figures[sku] === undefined);
    const stored = missing.length === 0 ? {} : await fromPostgres(missing, published !== null);
    if (published === null && stored === null) return null;
    return { readAt: clock(), figures: { ...figures, ...stored } };
  }

  async function fromRedis(skus: readonly string[]): Promise<Record<string, Figure> | null> {
    try {
      const stored = await redis.mget(skus.map(stockKey));
      const figures: Record<string, Figure> = {};
      skus.forEach((sku, index) => {
        const level = parseStockCopy(stored[index] ?? null);
        if (level !== null) figures[sku] = figureOf(level);
      });
      return figures;
    } catch (error) {
      deps.onFault("redis", error);
      return null;
    }
  }

  /** @param writeBack whether Redis answered without these SKUs (it lost its copy) and is given them again */
  async function fromPostgres(
    skus: readonly string[],
    writeBack: boolean,
  ): Promise<Record<string, Figure> | null> {
    const now = clock();
    if (now < postgresPausedUntil) return null;
    if (skus.some((sku) => (lateUntil.get(sku) ?? 0) > now)) return null;
    const asked = writeBack ? skus.filter((sku) => (unknownUntil.get(sku) ?? 0) <= now) : skus;
    if (asked.length === 0) return {};
    const answer = deps.readLevels(asked).then((levels) => learnStored(asked, levels, writeBack));
    try {
      return await withinTime(answer, POSTGRES_TIMEOUT_MS, "Postgres gave no figures in time");
    } catch (error) {
      if (isOwnDeadline(error)) expectLater(asked, answer);
      else postgresPausedUntil = clock() + POSTGRES_PAUSE_MS;
      deps.onFault("postgres", error);
      return null;
    }
  }

  /** What Postgres says, also where it says so later than a refill waits. */
  function learnStored(
    asked: readonly string[],
    levels: readonly StockLevel[],
    writeBack: boolean,
  ): Record<string, Figure> {
    const now = clock();
    const figures = Object.fromEntries(levels.map((level) => [level.sku, figureOf(level)]));
    if (unknownUntil.size > MAX_UNKNOWN_SKUS) unknownUntil.clear();
    for (const sku of asked) {
      lateUntil.delete(sku);
      if (figures[sku] === undefined) unknownUntil.set(sku, now + POSTGRES_PAUSE_MS);
      else unknownUntil.delete(sku);
    }
    if (writeBack) {
      deps.waitUntil(publishLevels(redis, levels).catch((error: unknown) => deps.onFault("redis", error)));
    }
    return figures;
  }

  function expectLater(asked: readonly string[], answer: Promise<Record<string, Figure>>): void {
    if (lateUntil.size > MAX_UNKNOWN_SKUS) lateUntil.clear();
    for (const sku of asked) lateUntil.set(sku, clock() + POSTGRES_PAUSE_MS);
    const askedAt = clock();
    const learned = answer.then(
      (figures) => {
        learn({ readAt: askedAt, figures }, asked);
      },
      // It has been reported as late, and is asked again.
      () => undefined,
    );
    deps.waitUntil(learned);
  }

  function reading(wanted: readonly WantedSku[]): AvailabilityReading {
    const now = clock();
    let asOf = now;
    let degraded = false;
    const items = wanted.map(({ sku, opensAt, initialQuantity }) => {
      const known = memory.get(sku);
      const usable = known !== undefined && now - known.readAt < LAST_KNOWN_MS;
      if (usable) asOf = Math.min(asOf, known.readAt);
      if (!usable || now - known.readAt >= STALE_WHILE_REFILLING_MS) degraded = true;
      const available = (usable ? known.figure?.available : undefined) ?? initialQuantity;
      return { sku, available, status: availabilityStatus(available, opensAt, now) };
    });
    return { items, asOf, degraded };
  }

  return {
    read,
    learn(levels) {
      const now = clock();
      for (const level of levels) memory.learn(level.sku, figureOf(level), now, now);
    },
  };
}

function figureOf({ sequence, available }: StockLevel): Figure {
  return { sequence, available };
}

/** Whether the work ends within `limitMs`; its failure counts as an end, its owner reports it. */
async function settlesWithin(work: Promise<void>, limitMs: number): Promise<boolean> {
  const ended = work.then(
    () => true,
    () => true,
  );
  return withinTime(ended, limitMs, "another refill takes too long").catch(() => false);
}
