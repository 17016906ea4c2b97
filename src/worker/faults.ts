/** What a thrown fault means to whoever asked: try again, or an error of ours. Never an internal message. */
import { CatalogUnavailable } from "../adapters/catalog/catalog.ts";
import { isServerUnwell } from "../adapters/postgres/errors.ts";
import { RedisUnavailable } from "../adapters/redis/redis.ts";
import type { ProblemCode } from "../contracts/problem.ts";
import { NotConfigured } from "./configuration.ts";

/** An object that is overloaded sheds its load: whoever comes now is asked to come back a little later. */
const OVERLOADED_RETRY_SECONDS = 2;

export interface FaultMeaning {
  readonly code: Extract<ProblemCode, "rate_limited" | "temporarily_unavailable" | "internal">;
  readonly retryAfterSeconds?: number;
}

export function meaningOf(fault: unknown): FaultMeaning {
  // The platform's errors lose their class at the RPC boundary; these two fields stay.
  const { overloaded, retryable } = platformFields(fault);
  if (overloaded) return { code: "rate_limited", retryAfterSeconds: OVERLOADED_RETRY_SECONDS };
  if (
    retryable ||
    fault instanceof NotConfigured ||
    fault instanceof CatalogUnavailable ||
    fault instanceof RedisUnavailable
  ) {
    return { code: "temporarily_unavailable" };
  }
  return { code: isPostgresAway(fault) ? "temporarily_unavailable" : "internal" };
}

function platformFields(fault: unknown): { overloaded: boolean; retryable: boolean } {
  if (typeof fault !== "object" || fault === null) return { overloaded: false, retryable: false };
  return {
    overloaded: "overloaded" in fault && fault.overloaded === true,
    retryable: "retryable" in fault && fault.retryable === true,
  };
}

/** Drizzle begins every failed query's message so; whether the query or the server is to blame is in its cause. */
function isPostgresAway(fault: unknown): boolean {
  return fault instanceof Error && fault.message.startsWith("Failed query") && isServerUnwell(fault);
}
