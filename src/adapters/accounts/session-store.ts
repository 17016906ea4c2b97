/**
 * Sessions in Redis, with Postgres behind it. Reading and writing a copy may fail without harm, for Postgres has the record;
 * what takes a right away (deleting a session, counting an attempt) must not, so that nothing falls open.
 */
import type { SecondaryStorage } from "@better-auth/core/db";
import type { Redis } from "../redis/redis.ts";

const PREFIX = "account:";
/** Nothing lives in Redis for longer than the longest session. */
export const MAX_TTL_SECONDS = 30 * 24 * 60 * 60;
/** Two purposes, so that copies which come too late never close what takes a right away. */
export interface SessionRedis {
  readonly sessions: Pick<Redis, "get" | "set">;
  readonly revocations: Pick<Redis, "delete" | "take" | "increment">;
}

/** @param report is told of a copy that could not be read or written */
export function createSessionStore(
  { sessions, revocations }: SessionRedis,
  report: (error: unknown) => void,
): SecondaryStorage {
  const orNull = async <T>(attempt: Promise<T>): Promise<T | null> => {
    try {
      return await attempt;
    } catch (error) {
      report(error);
      return null;
    }
  };
  return {
    get: (key) => orNull(sessions.get(PREFIX + key)),
    set: (key, value, ttlSeconds) =>
      orNull(
        sessions.set(PREFIX + key, value, {
          ttlSeconds: Math.max(1, Math.min(Math.ceil(ttlSeconds ?? MAX_TTL_SECONDS), MAX_TTL_SECONDS)),
        }),
      ),
    delete: (key) => revocations.delete(PREFIX + key),
    getAndDelete: (key) => revocations.take(PREFIX + key),
    increment: (key, ttlSeconds) => revocations.increment(PREFIX + key, ttlSeconds),
  };
}
