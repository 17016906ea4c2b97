/**
 * Which version of the catalog is the newest: asked often, so that copies need not be read again to know that they hold.
 * Redis has what somebody found out a moment ago; of all who find that too old one asks Postgres.
 */
import { isOwnDeadline } from "../outage/own-deadline.ts";
import { withinTime } from "../outage/within-time.ts";
import type { CopyStore } from "./copies.ts";

/** What Redis knows is believed for this long; then somebody asks Postgres again. */
const SHARED_FRESH_MS = 300;
/** How long the one who asks keeps others from asking too. */
const ASKING_MS = 500;
/** How long Postgres is left alone after it failed: copies serve meanwhile. One that is only slow is asked again. */
const POSTGRES_PAUSE_MS = 2_000;
const KEY = "catalog:version";
const LOCK_KEY = "catalog:version:asking";
/** The note in Redis ends by itself; whoever misses it asks Postgres. */
const TTL_SECONDS = 3_600;

export interface VersionWatchOptions {
  /** The version in Postgres, from a replica. */
  readonly readVersion: () => Promise<number>;
  readonly redis: CopyStore | null;
  readonly redisTimeoutMs: number;
  /** How long Postgres may take, ms. */
  readonly readTimeoutMs: number;
  readonly report: (error: unknown) => void;
  readonly now: () => number;
}

export interface VersionWatch {
  /** The newest version that can be known now; null where nobody could be asked. Never throws, never goes back. */
  newest(): Promise<number | null>;
  /** Takes over a version that was read with the catalog itself, or that a change made. */
  learn(version: number): void;
  /** Tells the other isolates. Never throws. */
  tell(version: number): Promise<void>;
}

export function createVersionWatch(options: VersionWatchOptions): VersionWatch {
  const { redis, redisTimeoutMs, report, now } = options;
  let known = 0;
  let postgresPausedUntil = 0;

  const learn = (version: number): number => (known = Math.max(known, version));

  const fromRedis = async (): Promise<{ version: number; at: number } | null> => {
    if (redis === null) return null;
    const text = await withinTime(redis.get(KEY), redisTimeoutMs, "Redis has no version in time");
    const [, version, at] = /^(\d{1,10}) (\d{1,16})$/.exec(text ?? "") ?? [];
    return version === undefined || at === undefined ? null : { version: Number(version), at: Number(at) };
  };
  const tell = async (version: number): Promise<void> => {
    try {
      await redis?.set(KEY, `${version} ${now()}`, TTL_SECONDS);
    } catch (error) {
      report(error);
    }
  };
  const fromPostgres = async (): Promise<number | null> => {
    if (now() < postgresPausedUntil) return null;
    try {
      // Learned also where it comes too late for this look.
      const read = options.readVersion().then(learn);
      return await withinTime(read, options.readTimeoutMs, "Postgres did not give the version in time");
    } catch (error) {
      if (!isOwnDeadline(error)) postgresPausedUntil = now() + POSTGRES_PAUSE_MS;
      report(error);
      return null;
    }
  };

  return {
    learn,
    tell,
    async newest() {
      let told: { version: number; at: number } | null = null;
      try {
        told = await fromRedis();
        if (told !== null) {
          learn(told.version);
          if (now() - told.at < SHARED_FRESH_MS) return known;
        }
        const mayAsk = redis === null || (await redis.tryLock(LOCK_KEY, ASKING_MS));
        // Somebody else is asking: the next look finds the answer.
        if (!mayAsk && told !== null) return known;
      } catch (error) {
        report(error);
      }
      const read = await fromPostgres();
      if (read !== null) await tell(known);
      return read ?? (told === null ? null : known);
    },
  };
}
