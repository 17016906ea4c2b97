/** The copy of stock figures that the requests of one data centre share, in the Cache API. */
import { hash } from "node:crypto";
import { z } from "zod";

/** A SKU's published figure. */
export const Figure = z.object({ sequence: z.int().nonnegative(), available: z.int() });
export type Figure = z.infer<typeof Figure>;

const EdgeCopy = z.object({
  /** Epoch ms at which the figures were read from Redis or Postgres. */
  readAt: z.int(),
  /** Null: nothing is published for this SKU. */
  figures: z.record(z.string(), Figure.nullable()),
});
export type EdgeCopy = z.infer<typeof EdgeCopy>;

/** What is used of the Cache API (`caches.default`). */
export interface EdgeCache {
  match(url: string): Promise<Response | undefined>;
  put(url: string, response: Response): Promise<void>;
}

/**
 * The cache's own expiry is far beyond a copy's freshness, which `readAt` tells: an old copy still answers when both
 * Redis and Postgres are away.
 */
const KEEP_SECONDS = 600;

/** An address that names more SKUs than this would be longer than the platform takes (16 KB); it names their hash. */
const MAX_NAMED_SKUS = 100;

/** One entry per set of SKUs: pages ask for the same sets over and over. */
export function edgeCopyUrl(origin: string, sortedSkus: readonly string[]): string {
  const names = sortedSkus.map((sku) => `sku=${sku}`).join("&");
  const query = sortedSkus.length <= MAX_NAMED_SKUS ? names : `set=${hash("sha256", names, "base64url")}`;
  return `${origin}/edge-copies/availability/v1?${query}`;
}

/** @returns null where the cache has none that can be read */
export async function loadEdgeCopy(cache: EdgeCache, url: string): Promise<EdgeCopy | null> {
  const response = await cache.match(url);
  if (response === undefined) return null;
  const parsed = EdgeCopy.safeParse(await response.json());
  return parsed.success ? parsed.data : null;
}

export async function storeEdgeCopy(cache: EdgeCache, url: string, copy: EdgeCopy): Promise<void> {
  const headers = { "content-type": "application/json", "cache-control": `max-age=${KEEP_SECONDS}` };
  await cache.put(url, new Response(JSON.stringify(copy), { headers }));
}
