/** Where copies of the catalog survive Postgres being away: the edge cache of this place, and Redis. */
import { COPY_FORMAT, parseCopy } from "./content.ts";
import type { CatalogCopy } from "./content.ts";
import { withinTime } from "../outage/within-time.ts";

/** No copy older than this is sold from. */
export const MAX_COPY_AGE_MS = 24 * 60 * 60 * 1000;
/** Redis gets a copy when the version changed, and otherwise this often, so that it does not run out there. */
const REDIS_REFRESH_MS = 10 * 60 * 1000;

/** The part of the Cache API that is used. */
export interface EdgeCache {
  match(url: string): Promise<Response | undefined>;
  put(url: string, response: Response): Promise<void>;
}

/** The part of Redis that is used. */
export interface CopyStore {
  get(key: string): Promise<string | null>;
  set(key: string, value: string, ttlSeconds: number): Promise<void>;
  /** Takes a lock that nobody holds, for so long. */
  tryLock(key: string, holdMs: number): Promise<boolean>;
}

export interface CatalogCopies {
  /** The copy in the edge cache, or null. Never throws. */
  fromEdge(): Promise<CatalogCopy | null>;
  /** The copy in Redis, or null; also where Redis takes longer than its time. Never throws. */
  fromRedis(): Promise<CatalogCopy | null>;
  /** Keeps a copy in both. Never throws: losing one costs nothing while Postgres answers. */
  keep(copy: CatalogCopy): Promise<void>;
  /** Keeps a copy that Redis gave in the edge cache. Never throws. */
  keepAtEdge(copy: CatalogCopy): Promise<void>;
}

const EDGE_URL = `https://catalog.holdfast.internal/v${String(COPY_FORMAT)}`;
const REDIS_KEY = `catalog:v${String(COPY_FORMAT)}`;

/**
 * @param redisTimeoutMs how long a read waits for Redis
 * @param report is told what a cache threw
 */
export function createCatalogCopies(options: {
  edge: EdgeCache | null;
  redis: CopyStore | null;
  redisTimeoutMs: number;
  report: (error: unknown) => void;
}): CatalogCopies {
  const { edge, redis, redisTimeoutMs, report } = options;
  let inRedis = { version: -1, at: 0 };

  const orNull = async <T>(attempt: Promise<T>): Promise<T | null> => {
    try {
      return await attempt;
    } catch (error) {
      report(error);
      return null;
    }
  };
  const keepInRedis = async (copy: CatalogCopy): Promise<void> => {
    if (redis === null) return;
    if (copy.version === inRedis.version && copy.readAt - inRedis.at < REDIS_REFRESH_MS) return;
    await redis.set(REDIS_KEY, JSON.stringify(copy), MAX_COPY_AGE_MS / 1000);
    inRedis = { version: copy.version, at: copy.readAt };
  };
  const keepAtEdge = async (copy: CatalogCopy): Promise<void> => {
    const response = new Response(JSON.stringify(copy), {
      headers: {
        "content-type": "application/json",
        "cache-control": `public, max-age=${String(MAX_COPY_AGE_MS / 1000)}`,
      },
    });
    await orNull(Promise.resolve(edge?.put(EDGE_URL, response)));
  };

  return {
    fromEdge: () =>
      orNull(
        (async () => {
          const response = await edge?.match(EDGE_URL);
          return response === undefined ? null : parseCopy(await response.text());
        })(),
      ),
    fromRedis: () =>
      orNull(
        (async () => {
          if (redis === null) return null;
          const text = await withinTime(redis.get(REDIS_KEY), redisTimeoutMs, "Redis has no catalog in time");
          return text === null ? null : parseCopy(text);
        })(),
      ),
    keepAtEdge,
    keep: async (copy) => {
      await Promise.all([keepAtEdge(copy), orNull(keepInRedis(copy))]);
    },
  };
}
