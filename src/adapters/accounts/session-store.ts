/**
 * Sessions in Redis, with Postgres behind it. Reading and writing a copy may fail without harm, for Postgres has the record;
 * what takes a right away (deleting a session, counting an attempt) must not, so that nothing falls open.
 */
import type { SecondaryStorage } from "@better-auth/core/db";
import type { Redis } from "../redis/redis.ts";

const PREFIX = "account:";
/** Nothing lives in Redis for longer than the longest session. */
export const MAX_TTL_SECONDS = 30 * 24 * 60 * 60;
/** Nobody is in a rush here, but nobody waits for a dead Redis either. */
const TIMEOUT_MS = 500;

/** @param report is told of a copy that could not be read or written */
export function createSessionStore(
  redis: Pick<Redis, "get" | "set" | "delete" | "take" | "increment">,
  report: (error: unknown) => void,
): SecondaryStorage {
  const options = { timeoutMs: TIMEOUT_MS };
  const orNull = async <T>(attempt: Promise<T>): Promise<T | null> => {
    try {
      return await attempt;
    } catch (error) {
      report(error);
      return null;
    }
  };
  return {
    get: (key) => orNull(redis.get(PREFIX + key, options)),
    set: (key, value, ttlSeconds) =>
      orNull(
        redis.set(PREFIX + key, value, {
          ...options,
          ttlSeconds: Math.max(1, Math.min(Math.ceil(ttlSeconds ?? MAX_TTL_SECONDS), MAX_TTL_SECONDS)),
        }),
      ),
    delete: (key) => redis.delete(PREFIX + key, options),
    getAndDelete: (key) => redis.take(PREFIX + key, options),
    increment: (key, ttlSeconds) => redis.increment(PREFIX + key, ttlSeconds, options),
  };
}
