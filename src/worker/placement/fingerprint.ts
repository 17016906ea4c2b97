/** The fingerprint of an order's content: by it a retry is told from another request under the same key. */
import { createHash } from "node:crypto";

/** Fields of the body that may differ between a request and its retry (design §4.2). */
const NOT_CONTENT = new Set(["turnstileToken", "expectedTotal"]);

/**
 * SHA-256 over the body as received, object keys in order, without what a retry may change.
 *
 * @param rawBody the parsed JSON before the schema touched it (no trimming, no defaults)
 */
export function fingerprintOf(rawBody: unknown): string {
  const canonical = JSON.stringify(rawBody, (key, value: unknown) => {
    if (NOT_CONTENT.has(key)) return undefined;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
  return createHash("sha256").update(canonical).digest("base64url");
}
