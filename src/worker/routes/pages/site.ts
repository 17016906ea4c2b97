/** What every page is given. */
import { randomBytes } from "node:crypto";
import type { SiteContext } from "../../../../web/site.ts";
import type { AppContext } from "../../app-env.ts";
import { imageDelivery } from "../../image-delivery.ts";
import { runsForeignCode, type ThirdParty } from "../../middleware/content-security-policy.ts";

export { PERSONAL_PAGE } from "../../caching.ts";

const NONCE_BYTES = 18;

/**
 * What a page knows of its store.
 *
 * @param thirdParties whose code, or whose sign-in, this page needs: its policy allows them, and nobody else's does. A page
 * with foreign code is personal: it is never kept, whatever its `Cache-Control` says
 */
export function siteOf(c: AppContext, ...thirdParties: readonly ThirdParty[]): SiteContext {
  const configured: string = c.env.STORE_ORIGIN;
  const origin = configured === "" ? new URL(c.req.url).origin : configured;
  // Where a page breaks off, the one that says so is the last to say what it needs.
  const nonce = runsForeignCode(thirdParties) ? newNonce() : undefined;
  c.set("thirdParties", thirdParties);
  c.set("nonce", nonce);
  const site = { origin, imageDelivery: imageDelivery(c.env.IMAGE_DELIVERY, origin) };
  return nonce === undefined ? site : { ...site, nonce };
}

function newNonce(): string {
  return randomBytes(NONCE_BYTES).toString("base64");
}
