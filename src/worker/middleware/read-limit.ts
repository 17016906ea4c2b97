/** The limits on reads and searches of one network, so that one client's scraping does not cost the others their launch. */
import type { MiddlewareHandler } from "hono";
import type { AppContext, AppEnv } from "../app-env.ts";
import { servicesOf } from "../compose.ts";
import { LIMIT_PERIOD_SECONDS } from "../configuration.ts";
import { refuse } from "../refuse.ts";

/** Refuses with 429 what is over `READ_LIMIT`. */
export const limitReads: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (!(await servicesOf(c.env).readLimit.allows(clientNetwork(c))))
    return refuse(c, "rate_limited", { retryAfterSeconds: LIMIT_PERIOD_SECONDS });
  await next();
  return undefined;
};

/**
 * Refuses with 429 what is over `SEARCH_LIMIT`. What a cache answers never gets here, so this counts what reaches Postgres: one
 * query, or two on a page that found nothing.
 */
export const limitSearches: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (!(await servicesOf(c.env).searchLimit.allows(clientNetwork(c))))
    return refuse(c, "rate_limited", {
      detail: "Too many searches from your network. Please try again in a few seconds.",
      retryAfterSeconds: LIMIT_PERIOD_SECONDS,
    });
  await next();
  return undefined;
};

/**
 * The network a request comes from: its IPv4 address, or the first 64 bits of an IPv6 one (one household or host has all
 * the addresses below). `unknown` where the platform named none.
 */
export function clientNetwork(c: AppContext): string {
  const address = c.req.header("cf-connecting-ip");
  if (address === undefined || address === "") return "unknown";
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.toLowerCase().split("::");
  const leading = head === "" ? [] : head.split(":");
  const trailing = tail === undefined || tail === "" ? [] : tail.split(":");
  const filled = [
    ...leading,
    ...Array<string>(Math.max(0, 8 - leading.length - trailing.length)).fill("0"),
    ...trailing,
  ];
  return `${filled
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":")}::/64`;
}
