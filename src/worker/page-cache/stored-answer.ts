/** One answer in the stand-in for the platform's cache: what may be kept, for how long, and how it is given out. */
import { matchesEtag } from "../caching.ts";

/** How an answer came about, in the platform's words (`CF-Cache-Status`). */
export type CacheStatus = "HIT" | "MISS" | "EXPIRED" | "REVALIDATED" | "UPDATING" | "BYPASS";

/** A single answer above this is not kept. */
const MAX_ANSWER_BYTES = 2_000_000;

/** The statuses that are kept where `Cache-Control` says so. */
const KEPT_STATUSES: ReadonlySet<number> = new Set([200, 301, 308, 404, 410]);

export interface StoredAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ArrayBuffer;
  readonly etag: string | null;
  readonly tags: readonly string[];
  /** Epoch ms: made or confirmed by the Worker at, fresh until, served while a new one is made until. */
  readonly storedAt: number;
  readonly freshUntil: number;
  readonly staleUntil: number;
}

interface Lifetimes {
  readonly freshMs: number;
  readonly staleMs: number;
}

/**
 * Reads an answer that may be shared.
 *
 * @param now epoch ms
 * @returns null for one that must not be kept; its body is then untouched
 */
export async function stored(response: Response, now: number): Promise<StoredAnswer | null> {
  const { headers, status } = response;
  const lifetimes = sharedLifetimes(headers);
  if (lifetimes === null || !KEPT_STATUSES.has(status) || headers.has("set-cookie")) return null;
  // One copy per address is all this keeps. The platform compresses by itself, so that difference is none.
  if (!/^(accept-encoding)?$/i.test(headers.get("vary") ?? "")) return null;
  if (Number(headers.get("content-length") ?? 0) > MAX_ANSWER_BYTES) return null;
  const body = await response.arrayBuffer();
  const kept = new Headers(headers);
  kept.delete("cache-tag");
  return {
    status,
    headers: kept,
    body,
    etag: headers.get("etag"),
    tags: tagsOf(headers),
    storedAt: now,
    freshUntil: now + lifetimes.freshMs,
    staleUntil: now + lifetimes.freshMs + lifetimes.staleMs,
  };
}

/** The same answer after the Worker confirmed it by a 304, which says how long it may be kept from now on. */
export function confirmed(answer: StoredAnswer, notModified: Response, now: number): StoredAnswer {
  const { freshMs, staleMs } = sharedLifetimes(notModified.headers) ?? { freshMs: 0, staleMs: 0 };
  return { ...answer, storedAt: now, freshUntil: now + freshMs, staleUntil: now + freshMs + staleMs };
}

/** The answer for one request: with its body, without one for HEAD, or 304 for whoever has it already. */
export function answer(
  { status, headers, body, etag, storedAt }: StoredAnswer,
  request: Request,
  cacheStatus: CacheStatus,
  now: number,
): Response {
  const isKnown = etag !== null && matchesEtag(request.headers.get("if-none-match"), etag);
  const response = isKnown
    ? new Response(null, { status: 304, headers })
    : new Response(request.method === "HEAD" ? null : body, { status, headers });
  if (isKnown) response.headers.delete("content-type");
  response.headers.set("cf-cache-status", cacheStatus);
  response.headers.set("age", String(Math.max(0, Math.floor((now - storedAt) / 1000))));
  return response;
}

/** An answer that was not kept, as it is, with that said of it. */
export function passedOn(response: Response): Response {
  const open = new Response(response.body, response);
  open.headers.delete("cache-tag");
  open.headers.set("cf-cache-status", "BYPASS");
  return open;
}

/** How long a shared cache may keep an answer; null where it may not. */
function sharedLifetimes(headers: Headers): Lifetimes | null {
  const directives = directivesOf(headers.get("cache-control") ?? "");
  if (directives.has("private") || directives.has("no-store") || directives.has("no-cache")) return null;
  const fresh = secondsOf(directives, "s-maxage") ?? secondsOf(directives, "max-age");
  if (fresh === null) return null;
  const stale = secondsOf(directives, "stale-while-revalidate") ?? 0;
  return fresh + stale > 0 ? { freshMs: fresh * 1000, staleMs: stale * 1000 } : null;
}

function directivesOf(cacheControl: string): Map<string, string> {
  return new Map(
    cacheControl.split(",").map((directive) => {
      const [name = "", value = ""] = directive.split("=");
      return [name.trim().toLowerCase(), value.trim()];
    }),
  );
}

function secondsOf(directives: ReadonlyMap<string, string>, name: string): number | null {
  const value = directives.get(name);
  return value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : null;
}

function tagsOf(headers: Headers): string[] {
  return (headers.get("cache-tag") ?? "")
    .split(",")
    .map((tag) => tag.trim())
    .filter((tag) => tag !== "");
}
