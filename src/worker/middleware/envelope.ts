/** The outermost middleware: every response, errors included, leaves with a request id and the baseline of security headers. */
import type { MiddlewareHandler } from "hono";
import type { AppContext, AppEnv } from "../app-env.ts";
import { PERSONAL_PAGE } from "../caching.ts";
import { isApi } from "../refuse.ts";
import {
  API_POLICY,
  pagePolicy,
  runsForeignCode,
  type ThirdPartyAddresses,
} from "./content-security-policy.ts";
import { pagePermissions } from "./permissions-policy.ts";

/** Two years: what browsers' preload lists ask for. */
const HSTS = "max-age=63072000; includeSubDomains";

/** Gives the request an id (none is taken from outside: it must be ours to be trusted in a log) and finishes the response. */
export const envelope: MiddlewareHandler<AppEnv> = async (c, next) => {
  const requestId = crypto.randomUUID();
  c.set("requestId", requestId);
  await next();
  const { headers } = c.res;
  headers.set("x-request-id", requestId);
  headers.set("x-content-type-options", "nosniff");
  headers.set("x-permitted-cross-domain-policies", "none");
  headers.set("x-frame-options", "DENY");
  headers.set("cross-origin-resource-policy", "same-origin");
  // What may be kept says so itself. Everything else may be somebody's, and the edge must not keep it.
  if (!headers.has("cache-control")) headers.set("cache-control", PERSONAL_PAGE);
  if (c.req.raw.url.startsWith("https:")) headers.set("strict-transport-security", HSTS);
  if (isPage(c)) {
    finishPage(c, headers);
  } else {
    headers.set("referrer-policy", "no-referrer");
    headers.set("content-security-policy", API_POLICY);
  }
};

/** A 304 confirms a page with the page's headers: caches put those it bears in place of the kept ones. */
function isPage(c: AppContext): boolean {
  if (c.res.status === 304) return !isApi(c);
  return c.res.headers.get("content-type")?.startsWith("text/html") ?? false;
}

function finishPage(c: AppContext, headers: Headers): void {
  const { thirdParties = [], nonce } = c.var;
  const addresses = addressesOf(c);
  // A nonce that several answers share is none.
  if (runsForeignCode(thirdParties)) headers.set("cache-control", PERSONAL_PAGE);
  headers.set("referrer-policy", "strict-origin-when-cross-origin");
  // Wallets and banks open windows that speak to the page; nobody else's window has to.
  const opener = thirdParties.includes("stripe") ? "same-origin-allow-popups" : "same-origin";
  headers.set("cross-origin-opener-policy", opener);
  headers.set("permissions-policy", pagePermissions(thirdParties, addresses));
  headers.set("content-security-policy", pagePolicy(thirdParties, addresses, nonce));
}

function addressesOf({ env }: AppContext): ThirdPartyAddresses {
  return {
    stripeJsUrl: env.STRIPE_JS_URL,
    stripeApiUrl: env.STRIPE_API_URL,
    turnstileUrl: env.TURNSTILE_URL,
  };
}
