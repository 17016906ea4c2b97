/** The fingerprint of an order's content: by it a retry is told from another request under the same key. */
import { hash } from "node:crypto";
import type { PlaceOrderInput } from "../../contracts/orders.ts";

/**
 * SHA-256 over the body as received (no trimming, no defaults), in a fixed order of fields, without what a retry may
 * change: `turnstileToken` and `expectedTotal` (design §4.2).
 *
 * The schema is strict, so the fields named here are all there can be; absent and present-but-empty ones differ.
 *
 * @param rawBody the parsed JSON, which has passed the schema
 */
export function fingerprintOf(rawBody: PlaceOrderInput): string {
  const { lines, email, shippingAddress: to, shippingMethod } = rawBody;
  const content = [
    lines.map(({ sku, quantity }) => [sku, quantity]),
    email,
    [to.name, to.line1, to.line2, to.city, to.region, to.postalCode, to.country],
    shippingMethod,
  ];
  return hash("sha256", JSON.stringify(content), "base64url");
}
