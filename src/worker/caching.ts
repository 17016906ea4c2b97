/**
 * How answers are kept, in one place. One that depends on a cookie is nobody else's: `PERSONAL_PAGE`. One that is the same
 * for everyone goes out through `sharedPage` or `sharedAnswer`: kept by the edge for a while, served stale while a new one
 * is made, dropped by tag when what it shows changes, and confirmed by 304 where it did not.
 */
import { hash } from "node:crypto";
import type { AppContext } from "./app-env.ts";

/** A page that depends on a cookie is nobody else's. */
export const PERSONAL_PAGE = "private, no-store";

/** What lists and searches bear: dropped when products come, go or change places. */
export const CATALOG_TAG = "catalog";
/** The tag of pages that show shipping prices, delivery times or the countries served. */
export const RATES_TAG = "rates";
const utf8 = new TextEncoder();

/** Of 43: 120 bits tell any two pages apart. */
const ETAG_LENGTH = 20;
/** The platform's limit on a `Cache-Tag` header, in characters. */
const MAX_TAGS_LENGTH = 16_000;

export interface Lifetime {
  /** How long the edge answers with a copy without asking the Worker. */
  readonly freshSeconds: number;
  /** How much longer it answers with the copy while the Worker is asked behind it. */
  readonly staleSeconds: number;
}

/** Of what is dropped by tag when it changes; the times bound how long a lost message may do harm. */
export const PAGE_LIFETIME: Lifetime = { freshSeconds: 30, staleSeconds: 600 };
/** Of what changes with every sale, and of what bears more tags than the platform takes. */
export const BRIEF_LIFETIME: Lifetime = { freshSeconds: 1, staleSeconds: 2 };

export interface SharedAnswerOptions {
  /** What the answer shows: `productTag` of every product whose name, price or status is in it; on lists `CATALOG_TAG` too. */
  readonly tags: readonly string[];
  readonly lifetime?: Lifetime;
  /** Epoch ms at which the content changes by itself (a drop opens): no copy is served after it. */
  readonly changesAt?: number | null;
}

/** Borne by every answer that shows a product's name, price or availability status. */
export function productTag(slug: string): string {
  return `product:${slug}`;
}

/** Borne by every answer that shows a product's name and picture only, as a link: a new price does not drop it. */
export function linkTag(slug: string): string {
  return `link:${slug}`;
}

/** The tags of a list: its products', and the catalog's. */
export function listTags(products: readonly { readonly slug: string }[]): string[] {
  return [CATALOG_TAG, ...products.map(({ slug }) => productTag(slug))];
}

/** The first opening ahead among some products, epoch ms: when a page that shows them changes by itself. Null: none. */
export function nextOpening(
  products: readonly { readonly dropAt?: string | undefined }[],
  now: number,
): number | null {
  const ahead = products
    .flatMap(({ dropAt }) => (dropAt === undefined ? [] : [Date.parse(dropAt)]))
    .filter((at) => at > now);
  return ahead.length === 0 ? null : Math.min(...ahead);
}

/** The first opening ahead among entries of the catalog's index, epoch ms. Null: none. */
export function nextDrop(
  entries: readonly { readonly opensAt: number | null }[],
  now: number,
): number | null {
  return entries.reduce<number | null>(
    (next, { opensAt }) =>
      opensAt !== null && opensAt > now && opensAt < (next ?? Infinity) ? opensAt : next,
    null,
  );
}

/** A page that is the same for everyone: 200 with the HTML, or 304 for whoever has it already. */
export function sharedPage(c: AppContext, html: string, options: SharedAnswerOptions): Response {
  return sharedAnswer(c, html, { ...options, contentType: "text/html; charset=UTF-8" });
}

/** JSON that is the same for everyone. */
export function sharedJson(c: AppContext, value: unknown, options: SharedAnswerOptions): Response {
  return sharedAnswer(c, JSON.stringify(value), { ...options, contentType: "application/json" });
}

/** Any text that is the same for everyone; nothing in it may come from a cookie or from `Authorization`. */
export function sharedAnswer(
  c: AppContext,
  body: string,
  options: SharedAnswerOptions & { readonly contentType: string },
): Response {
  const tags = options.tags.join(",");
  const tooMany = tags.length > MAX_TAGS_LENGTH;
  // Encoded once, for the tag and for the answer.
  const bytes = utf8.encode(body);
  const etag = etagOf(bytes);
  c.header("etag", etag);
  c.header("cache-control", cacheControl(options, tooMany));
  if (tags !== "" && !tooMany) c.header("cache-tag", tags);
  if (matchesEtag(c.req.header("if-none-match"), etag)) return c.body(null, 304);
  return c.body(bytes as Uint8Array<ArrayBuffer>, 200, { "content-type": options.contentType });
}

/** Browsers always ask again: an answer in somebody's browser cannot be dropped by tag. */
function cacheControl({ lifetime, changesAt }: SharedAnswerOptions, tooManyTags: boolean): string {
  const wanted = tooManyTags ? BRIEF_LIFETIME : (lifetime ?? PAGE_LIFETIME);
  const left = changesAt == null ? Infinity : Math.max(0, Math.floor((changesAt - Date.now()) / 1000));
  const fresh = Math.min(wanted.freshSeconds, left);
  const stale = Math.min(wanted.staleSeconds, left - fresh);
  return `public, max-age=0, s-maxage=${fresh}, stale-while-revalidate=${stale}`;
}

/** From `node:crypto`, in one call: WebCrypto would make the answer wait for it. */
function etagOf(body: Uint8Array): string {
  return `"${hash("sha256", body, "base64url").slice(0, ETAG_LENGTH)}"`;
}

/** `If-None-Match`, compared weakly: whoever compresses on the way may have made the tag a weak one. */
export function matchesEtag(ifNoneMatch: string | null | undefined, etag: string): boolean {
  if (ifNoneMatch == null) return false;
  if (ifNoneMatch.trim() === "*") return true;
  const wanted = etag.replace(/^W\//, "");
  return ifNoneMatch.split(",").some((candidate) => candidate.trim().replace(/^W\//, "") === wanted);
}
