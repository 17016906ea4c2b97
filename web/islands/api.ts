/** Calls to the store's own API: same origin, rights by cookie, a time limit on every call. */
import type { Problem } from "../../src/contracts/problem.ts";
import { noteServerTime } from "./server-clock.ts";
import { retryAfterMs } from "./retry-after.ts";

const TIMEOUT_MS = 15_000;

/** `status` 0: no answer came at all (no network, or too slow). */
export type ApiResult<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly status: number;
      readonly problem: Partial<Problem> | null;
      /** What `Retry-After` asked for, in milliseconds; null where it said nothing. */
      readonly retryAfterMs: number | null;
    };

/**
 * @param path path below the store's origin
 * @param body sent as JSON where given
 * @returns the answer, or how it was refused. Never throws: being offline is an answer too.
 */
export async function callApi<T>(
  method: "GET" | "PUT" | "POST" | "DELETE",
  path: string,
  body?: unknown,
): Promise<ApiResult<T>> {
  try {
    const response = await fetch(path, {
      method,
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers:
        body === undefined
          ? { accept: "application/json" }
          : { accept: "application/json", "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const value: unknown = await response.json().catch(() => null);
    if (typeof value === "object" && value !== null && "serverTime" in value)
      noteServerTime(value.serverTime, Number(response.headers.get("age")));
    if (response.ok && value !== null) {
      return { ok: true, value: value as T };
    }
    return {
      ok: false,
      status: response.status,
      problem: value as Partial<Problem> | null,
      retryAfterMs: retryAfterMs(response.headers.get("retry-after"), response.headers.get("date")),
    };
  } catch {
    // Offline, aborted or reset: the caller decides whether and when to try again.
    return { ok: false, status: 0, problem: null, retryAfterMs: null };
  }
}
