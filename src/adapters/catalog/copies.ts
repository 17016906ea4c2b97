/** Where copies of the catalog survive Postgres being away: the edge cache of this place, and Redis. */
import { withinTime } from "../outage/within-time.ts";
import { COPY_FORMAT } from "./content.ts";

/** Nothing is sold from an index that nobody could confirm for longer than this. */
export const MAX_COPY_AGE_MS = 24 * 60 * 60 * 1000;
/** A copy bears its revision, so one that is kept for long is still right or plainly old; this only bounds what is left behind. */
const KEEP_SECONDS = 7 * 24 * 60 * 60;
/** Copies asked for, or given to Redis, in one call: far below what a request to Redis may bear (10 MB). */
const MAX_COPIES_PER_CALL = 100;
const MAX_CHARACTERS_PER_CALL = 1_000_000;

/** The part of the Cache API that is used. */
export interface EdgeCache {
  match(url: string): Promise<Response | undefined>;
  put(url: string, response: Response): Promise<void>;
}

export interface RedisEntry {
  readonly key: string;
  readonly value: string;
}

/** The part of Redis that is used. */
export interface CopyStore {
  get(key: string): Promise<string | null>;
  /** One answer per key, in order. */
  mget(keys: readonly string[]): Promise<(string | null)[]>;
  set(key: string, value: string, ttlSeconds: number): Promise<void>;
  /** Stores all of them in one call. */
  setMany(entries: readonly RedisEntry[], ttlSeconds: number): Promise<void>;
  /** Takes a lock that nobody holds, for so long. */
  tryLock(key: string, holdMs: number): Promise<boolean>;
}

/** Names a copy: `root`, `page/3`, `product/aurora`. */
export type CopyName = string;

export interface Copy {
  readonly name: CopyName;
  readonly text: string;
}

/** None of these throws: a copy that cannot be had is the same as none, and what was wrong is reported. */
export interface CatalogCopies {
  /** By name, as far as the edge cache of this place has them. */
  fromEdge(names: readonly CopyName[]): Promise<Map<CopyName, string>>;
  /** By name, as far as Redis has them; also where it takes longer than its time. */
  fromRedis(names: readonly CopyName[]): Promise<Map<CopyName, string>>;
  keepAtEdge(copies: readonly Copy[]): Promise<void>;
  keepInRedis(copies: readonly Copy[]): Promise<void>;
}

const urlOf = (name: CopyName): string => `https://catalog.holdfast.internal/v${String(COPY_FORMAT)}/${name}`;
const keyOf = (name: CopyName): string => `catalog:v${String(COPY_FORMAT)}:${name}`;

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

  const orNull = async <T>(attempt: Promise<T>): Promise<T | null> => {
    try {
      return await attempt;
    } catch (error) {
      report(error);
      return null;
    }
  };
  const matched = async (name: CopyName): Promise<string | null> => {
    const response = await edge?.match(urlOf(name));
    return response === undefined ? null : await response.text();
  };

  return {
    async fromEdge(names) {
      if (edge === null) return new Map();
      const texts = await Promise.all(names.map((name) => orNull(matched(name))));
      return named(names, texts);
    },
    async fromRedis(names) {
      if (redis === null || names.length === 0) return new Map();
      const answers = await Promise.all(
        chunksOf(names, () => 0).map((chunk) =>
          orNull(
            withinTime(redis.mget(chunk.map(keyOf)), redisTimeoutMs, "Redis has no catalog in time").then(
              (texts) => named(chunk, texts),
            ),
          ),
        ),
      );
      return new Map(answers.flatMap((answer) => [...(answer ?? [])]));
    },
    async keepAtEdge(copies) {
      await Promise.all(
        copies.map(({ name, text }) => {
          const headers = {
            "content-type": "application/json",
            "cache-control": `public, max-age=${String(KEEP_SECONDS)}`,
          };
          return orNull(Promise.resolve(edge?.put(urlOf(name), new Response(text, { headers }))));
        }),
      );
    },
    async keepInRedis(copies) {
      if (redis === null) return;
      for (const chunk of chunksOf(copies, ({ text }) => text.length)) {
        const entries = chunk.map(({ name, text }) => ({ key: keyOf(name), value: text }));
        await orNull(redis.setMany(entries, KEEP_SECONDS));
      }
    },
  };
}

function named(names: readonly CopyName[], texts: readonly (string | null)[]): Map<CopyName, string> {
  return new Map(
    names.flatMap((name, index): [CopyName, string][] => {
      const text = texts[index] ?? null;
      return text === null ? [] : [[name, text]];
    }),
  );
}

function chunksOf<T>(items: readonly T[], charactersOf: (item: T) => number): T[][] {
  const chunks: T[][] = [];
  let characters = Infinity;
  for (const item of items) {
    const more = charactersOf(item);
    const last = chunks.at(-1);
    if (
      last === undefined ||
      last.length >= MAX_COPIES_PER_CALL ||
      characters + more > MAX_CHARACTERS_PER_CALL
    ) {
      chunks.push([item]);
      characters = more;
    } else {
      last.push(item);
      characters += more;
    }
  }
  return chunks;
}
