/**
 * Redis over Upstash's REST protocol. It holds only copies that may be lost (design §2), so every call is short: bounded
 * in time, never repeated here, and refused at once for a while after Redis failed several times in a row. Time limit and
 * circuit belong to a purpose: what a page gives up after 50 ms says nothing about a sign-in that can wait for two seconds.
 */
import { Redis as UpstashRedis } from "@upstash/redis/cloudflare";
import { Circuit } from "../outage/circuit.ts";
import type { CircuitOptions } from "../outage/circuit.ts";
import { isOwnDeadline } from "../outage/own-deadline.ts";
import {
  MAX_ENTRIES_PER_SCRIPT,
  SET_IF_NEWER_SCRIPT,
  encodeSequenced,
  newestPerKey,
} from "./compare-and-set.ts";
import type { SequencedEntry } from "./compare-and-set.ts";
import { COUNT_WITHIN_SCRIPT, TAKE_BACK_SCRIPT } from "./counters.ts";
import type { CountVerdict, Counted, Counter } from "./counters.ts";

/** What Redis is asked for, and the longest that a call for it waits, in milliseconds. */
export const REDIS_PURPOSES = {
  /** Copies that pages and placements read: the selling path waits no longer (design §5). */
  copies: 50,
  /** Keeping those copies up to date: behind answers and in queue consumers. */
  publishing: 500,
  /** Copies of sessions; Postgres has the record. */
  sessions: 500,
  /** Taking a right away; it must succeed, or nothing is done. */
  revocations: 2_000,
  /** Counting attempts and e-mails: what cannot be counted is not done. An isolate that hashes passwords hears of an answer later than it came. */
  limits: 2_000,
  /** The health check, which gives up sooner by itself. */
  health: 1_000,
} as const;
type RedisPurpose = keyof typeof REDIS_PURPOSES;

const CIRCUIT: CircuitOptions = { failureThreshold: 5, openMs: 5_000 };
/** A health check asks in order to hear whether Redis is back: it is never refused. */
const NO_CIRCUIT: CircuitOptions = { failureThreshold: Infinity, openMs: 0 };

/** Redis could not be asked: unreachable, too slow, refused the command, or left alone after failures. */
export class RedisUnavailable extends Error {
  override readonly name = "RedisUnavailable";
}

export interface RedisPlace {
  readonly url: string;
  readonly token: string;
  /** Epoch ms; injected so that tests of the circuit need not wait. */
  readonly clock?: () => number;
}

export interface RedisOptions extends RedisPlace {
  /** The longest a call waits, in milliseconds. */
  readonly timeoutMs: number;
  readonly circuit?: CircuitOptions;
}

export interface Replaced {
  readonly key: string;
  /** What was stored before; null where nothing was. */
  readonly former: string | null;
}

/** Values are plain strings. Every method throws `RedisUnavailable` when Redis cannot be asked. */
export interface Redis {
  get(key: string): Promise<string | null>;
  /** One answer per key, in order; null where there is none. */
  mget(keys: readonly string[]): Promise<(string | null)[]>;
  set(key: string, value: string, options?: { readonly ttlSeconds?: number }): Promise<void>;
  /** Stores all of them in one request, which the caller keeps far below the 10 MB that Redis takes. */
  setMany(
    entries: readonly { readonly key: string; readonly value: string }[],
    options: { readonly ttlSeconds: number },
  ): Promise<void>;
  /**
   * Stores each entry unless its key holds the same or a higher sequence.
   *
   * @returns how many were stored
   */
  setIfNewer(entries: readonly SequencedEntry[]): Promise<number>;
  /** Does the same, and answers what each stored entry took the place of: every change is told to exactly one caller. */
  replaceIfNewer(entries: readonly SequencedEntry[]): Promise<Replaced[]>;
  /** Takes a lock that nobody holds. It ends by itself after `holdMs`: never count on it for more than saving work. */
  tryLock(key: string, holdMs: number): Promise<boolean>;
  delete(key: string): Promise<void>;
  /** Answers the value and deletes it, in one step; null where there is none. */
  take(key: string): Promise<string | null>;
  /**
   * Adds one to a counter, in one step. It is born with a life of `ttlSeconds`, which later additions do not extend.
   *
   * @returns the counter after the addition
   */
  increment(key: string, ttlSeconds: number): Promise<number>;
  /** Adds one to every counter, or to none where one of them has reached its limit: in one step. */
  countWithin(counters: readonly Counter[], periodSeconds: number): Promise<CountVerdict>;
  /** Takes one back, in one step, unless the window in which it was counted is over. */
  takeBack(counted: Counted): Promise<void>;
  ping(): Promise<void>;
}

/** In a script, so that no counter is left without an end when the second command is lost. */
const INCREMENT_SCRIPT = `
local count = redis.call("INCR", KEYS[1])
if count == 1 then redis.call("EXPIRE", KEYS[1], ARGV[1]) end
return count`;

export type RedisByPurpose = Readonly<Record<RedisPurpose, Redis>>;

/**
 * Redis for each purpose, each with a time limit and a circuit of its own.
 *
 * @param timeLimits milliseconds for each purpose
 * @throws nothing, as `createRedis`
 */
export function createRedisByPurpose(
  place: RedisPlace,
  timeLimits: Readonly<Record<RedisPurpose, number>> = REDIS_PURPOSES,
): RedisByPurpose {
  const forPurpose = (purpose: RedisPurpose): Redis =>
    createRedis({
      ...place,
      timeoutMs: timeLimits[purpose],
      circuit: purpose === "health" ? NO_CIRCUIT : CIRCUIT,
    });
  return {
    copies: forPurpose("copies"),
    publishing: forPurpose("publishing"),
    sessions: forPurpose("sessions"),
    revocations: forPurpose("revocations"),
    limits: forPurpose("limits"),
    health: forPurpose("health"),
  };
}

/**
 * @throws nothing: a missing or malformed URL makes a client whose every call throws `RedisUnavailable`, so that the
 * store starts without Redis and says so in its health.
 */
export function createRedis({
  url,
  token,
  timeoutMs,
  circuit: circuitOptions = CIRCUIT,
  clock = Date.now,
}: RedisOptions): Redis {
  const circuit = new Circuit(circuitOptions, clock);
  const configured = isHttpUrl(url) && token !== "";
  let known: UpstashRedis | null = null;

  const client = (): UpstashRedis =>
    (known ??= new UpstashRedis({
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
    }));

  async function call<T>(command: (redis: UpstashRedis) => Promise<T>): Promise<T> {
    if (!configured) throw new RedisUnavailable("Redis is not configured");
    if (!circuit.tryPass()) throw new RedisUnavailable("Redis is left alone after failures");
    try {
      const answer = await command(client());
      circuit.succeeded();
      return answer;
    } catch (error) {
      if (!isOwnDeadline(error)) circuit.failed();
      throw new RedisUnavailable(reasonOf(error), { cause: error });
    }
  }

  async function replaceIfNewer(entries: readonly SequencedEntry[]): Promise<Replaced[]> {
    const newest = newestPerKey(entries);
    const replaced: Replaced[] = [];
    for (let start = 0; start < newest.length; start += MAX_ENTRIES_PER_SCRIPT) {
      const chunk = newest.slice(start, start + MAX_ENTRIES_PER_SCRIPT);
      const keys = chunk.map((entry) => entry.key);
      const values = chunk.flatMap(({ value }) => [String(value.sequence), encodeSequenced(value)]);
      const told = await call((redis) => redis.eval<string[], string[]>(SET_IF_NEWER_SCRIPT, keys, values));
      keys.forEach((key, index) => {
        const former = told[index] ?? "";
        if (former !== "") replaced.push({ key, former: former === "+" ? null : former.slice(1) });
      });
    }
    return replaced;
  }

  return {
    get: (key) => call((redis) => redis.get<string>(key)),

    async mget(keys) {
      if (keys.length === 0) return [];
      return call((redis) => redis.mget<(string | null)[]>(...keys));
    },

    async set(key, value, options) {
      const ttl = options?.ttlSeconds;
      await call((redis) => redis.set(key, value, ttl === undefined ? undefined : { ex: ttl }));
    },

    async setMany(entries, { ttlSeconds }) {
      if (entries.length === 0) return;
      await call((redis) => {
        const commands = redis.pipeline();
        for (const { key, value } of entries) commands.set(key, value, { ex: ttlSeconds });
        return commands.exec();
      });
    },

    replaceIfNewer,

    setIfNewer: async (entries) => (await replaceIfNewer(entries)).length,

    async tryLock(key, holdMs) {
      const taken = await call((redis) => redis.set(key, "held", { nx: true, px: holdMs }));
      return taken !== null;
    },

    async delete(key) {
      await call((redis) => redis.del(key));
    },

    take: (key) => call((redis) => redis.getdel<string>(key)),

    increment: (key, ttlSeconds) =>
      call((redis) => redis.eval<string[], number>(INCREMENT_SCRIPT, [key], [String(ttlSeconds)])),

    async countWithin(counters, periodSeconds) {
      const keys = counters.map(({ key }) => key);
      const limits = counters.map(({ limit }) => String(limit));
      const args = [String(periodSeconds), crypto.randomUUID(), ...limits];
      const answer = await call((redis) =>
        redis.eval<string[], string[] | number>(COUNT_WITHIN_SCRIPT, keys, args),
      );
      if (typeof answer === "number") return { ok: false, retryAfterSeconds: Math.ceil(answer / 1000) };
      return { ok: true, counted: keys.map((key, index) => ({ key, window: answer[index] ?? "" })) };
    },

    async takeBack({ key, window }) {
      await call((redis) => redis.eval<string[], number>(TAKE_BACK_SCRIPT, [key], [window]));
    },

    async ping() {
      await call((redis) => redis.ping());
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
