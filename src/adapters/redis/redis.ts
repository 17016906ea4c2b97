/**
 * Redis over Upstash's REST protocol. It holds only copies that may be lost (design §2), so every call is short: bounded
 * in time, never repeated here, and refused at once for a while after Redis failed several times in a row.
 */
import { Redis as UpstashRedis } from "@upstash/redis/cloudflare";
import { Circuit } from "./circuit.ts";
import type { CircuitOptions } from "./circuit.ts";
import {
  MAX_ENTRIES_PER_SCRIPT,
  SET_IF_NEWER_SCRIPT,
  encodeSequenced,
  newestPerKey,
} from "./compare-and-set.ts";
import type { SequencedEntry } from "./compare-and-set.ts";

/** The longest a call on the selling path waits for Redis (design §5). */
export const SELLING_PATH_TIMEOUT_MS = 50;

/** For calls nobody waits for: queue consumers, refills in the background. */
export const BACKGROUND_TIMEOUT_MS = 500;

const CIRCUIT: CircuitOptions = { failureThreshold: 5, openMs: 5_000 };

/** Clients are kept per time limit; callers use a few constants, so more than this is a mistake. */
const MAX_TIME_LIMITS = 8;

/** Redis could not be asked: unreachable, too slow, refused the command, or left alone after failures. */
export class RedisUnavailable extends Error {
  override readonly name = "RedisUnavailable";
}

export interface RedisCallOptions {
  /** The longest the call may take, in milliseconds. */
  readonly timeoutMs?: number;
}

export interface RedisSetOptions extends RedisCallOptions {
  readonly ttlSeconds?: number;
}

export interface RedisOptions {
  readonly url: string;
  readonly token: string;
  /** The time limit (ms) of a call that names none; the selling path's when left out. */
  readonly timeoutMs?: number;
  /** Epoch ms; injected so that tests of the circuit need not wait. */
  readonly clock?: () => number;
}

export interface Replaced {
  readonly key: string;
  /** What was stored before; null where nothing was. */
  readonly former: string | null;
}

/** Values are plain strings. Every method throws `RedisUnavailable` when Redis cannot be asked. */
export interface Redis {
  get(key: string, options?: RedisCallOptions): Promise<string | null>;
  /** One answer per key, in order; null where there is none. */
  mget(keys: readonly string[], options?: RedisCallOptions): Promise<(string | null)[]>;
  set(key: string, value: string, options?: RedisSetOptions): Promise<void>;
  /**
   * Stores each entry unless its key holds the same or a higher sequence.
   *
   * @returns how many were stored
   */
  setIfNewer(entries: readonly SequencedEntry[], options?: RedisCallOptions): Promise<number>;
  /** Does the same, and answers what each stored entry took the place of: every change is told to exactly one caller. */
  replaceIfNewer(entries: readonly SequencedEntry[], options?: RedisCallOptions): Promise<Replaced[]>;
  /** Takes a lock that nobody holds. It ends by itself after `holdMs`: never count on it for more than saving work. */
  tryLock(key: string, holdMs: number, options?: RedisCallOptions): Promise<boolean>;
  delete(key: string, options?: RedisCallOptions): Promise<void>;
  /** Answers the value and deletes it, in one step; null where there is none. */
  take(key: string, options?: RedisCallOptions): Promise<string | null>;
  /**
   * Adds one to a counter, in one step. It is born with a life of `ttlSeconds`, which later additions do not extend.
   *
   * @returns the counter after the addition
   */
  increment(key: string, ttlSeconds: number, options?: RedisCallOptions): Promise<number>;
  ping(options?: RedisCallOptions): Promise<void>;
}

/** In a script, so that no counter is left without an end when the second command is lost. */
const INCREMENT_SCRIPT = `
local count = redis.call("INCR", KEYS[1])
if count == 1 then redis.call("EXPIRE", KEYS[1], ARGV[1]) end
return count`;

/**
 * @throws nothing: a missing or malformed URL makes a client whose every call throws `RedisUnavailable`, so that the
 * store starts without Redis and says so in its health.
 */
export function createRedis({
  url,
  token,
  timeoutMs: defaultTimeoutMs = SELLING_PATH_TIMEOUT_MS,
  clock = Date.now,
}: RedisOptions): Redis {
  const circuit = new Circuit(CIRCUIT, clock);
  const clients = new Map<number, UpstashRedis>();
  const configured = isHttpUrl(url) && token !== "";

  function client(timeoutMs: number): UpstashRedis {
    const known = clients.get(timeoutMs);
    if (known !== undefined) return known;
    if (clients.size >= MAX_TIME_LIMITS) throw new RangeError("too many different Redis time limits");
    const created = new UpstashRedis({
      url,
      token,
      // A function, so that each call gets a signal of its own; the library throws when that one aborts.
      signal: () => AbortSignal.timeout(timeoutMs),
      // `retry: false` still tries twice in this version; zero retries is one attempt.
      retry: { retries: 0 },
      // On by default, it would send the calls of different requests in one fetch, and the runtime forbids one request to
      // wait for another's I/O.
      enableAutoPipelining: false,
      automaticDeserialization: false,
      responseEncoding: false,
      enableTelemetry: false,
      readYourWrites: false,
    });
    clients.set(timeoutMs, created);
    return created;
  }

  async function call<T>(
    options: RedisCallOptions | undefined,
    command: (redis: UpstashRedis) => Promise<T>,
  ): Promise<T> {
    if (!configured) throw new RedisUnavailable("Redis is not configured");
    if (!circuit.tryPass()) throw new RedisUnavailable("Redis is left alone after failures");
    try {
      const answer = await command(client(options?.timeoutMs ?? defaultTimeoutMs));
      circuit.succeeded();
      return answer;
    } catch (error) {
      circuit.failed();
      throw new RedisUnavailable(reasonOf(error), { cause: error });
    }
  }

  async function replaceIfNewer(
    entries: readonly SequencedEntry[],
    options?: RedisCallOptions,
  ): Promise<Replaced[]> {
    const newest = newestPerKey(entries);
    const replaced: Replaced[] = [];
    for (let start = 0; start < newest.length; start += MAX_ENTRIES_PER_SCRIPT) {
      const chunk = newest.slice(start, start + MAX_ENTRIES_PER_SCRIPT);
      const keys = chunk.map((entry) => entry.key);
      const values = chunk.flatMap(({ value }) => [String(value.sequence), encodeSequenced(value)]);
      const told = await call(options, (redis) =>
        redis.eval<string[], string[]>(SET_IF_NEWER_SCRIPT, keys, values),
      );
      keys.forEach((key, index) => {
        const former = told[index] ?? "";
        if (former !== "") replaced.push({ key, former: former === "+" ? null : former.slice(1) });
      });
    }
    return replaced;
  }

  return {
    get: (key, options) => call(options, (redis) => redis.get<string>(key)),

    async mget(keys, options) {
      if (keys.length === 0) return [];
      return call(options, (redis) => redis.mget<(string | null)[]>(...keys));
    },

    async set(key, value, options) {
      const ttl = options?.ttlSeconds;
      await call(options, (redis) => redis.set(key, value, ttl === undefined ? undefined : { ex: ttl }));
    },

    replaceIfNewer,

    setIfNewer: async (entries, options) => (await replaceIfNewer(entries, options)).length,

    async tryLock(key, holdMs, options) {
      const taken = await call(options, (redis) => redis.set(key, "held", { nx: true, px: holdMs }));
      return taken !== null;
    },

    async delete(key, options) {
      await call(options, (redis) => redis.del(key));
    },

    take: (key, options) => call(options, (redis) => redis.getdel<string>(key)),

    increment: (key, ttlSeconds, options) =>
      call(options, (redis) => redis.eval<string[], number>(INCREMENT_SCRIPT, [key], [String(ttlSeconds)])),

    async ping(options) {
      await call(options, (redis) => redis.ping());
    },
  };
}

function isHttpUrl(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

/** The library's messages end with the whole command, values included; those must not reach a log. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "Redis failed";
  if (error.name === "TimeoutError" || error.name === "AbortError") return "Redis took too long";
  return error.message.split(", command was:")[0] ?? "Redis failed";
}
