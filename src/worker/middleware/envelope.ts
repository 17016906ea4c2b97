/** The outermost middleware: every response, errors included, leaves with a request id and the baseline of security headers. */
import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "../app-env.ts";
import { API_POLICY, pagePermissions, pagePolicy } from "./content-security-policy.ts";

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
  // What may be kept says so itself. Everything else may be somebody's, and the edge must not keep it.
  if (!headers.has("cache-control")) headers.set("cache-control", "private, no-store");
  if (c.req.raw.url.startsWith("https:")) headers.set("strict-transport-security", HSTS);
  const isPage = headers.get("content-type")?.startsWith("text/html") ?? false;
  if (isPage) {
    headers.set("referrer-policy", "strict-origin-when-cross-origin");
    headers.set("cross-origin-opener-policy", "same-origin-allow-popups");
    headers.set("permissions-policy", pagePermissions(c.env.STRIPE_JS_URL));
    headers.set("content-security-policy", pagePolicy(c.env.STRIPE_JS_URL, c.env.STRIPE_API_URL));
    headers.set("x-frame-options", "DENY");
  } else {
    headers.set("referrer-policy", "no-referrer");
    headers.set("content-security-policy", API_POLICY);
  }
};
