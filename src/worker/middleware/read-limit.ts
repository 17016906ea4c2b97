/** The limit on reads of one network, so that one client's scraping does not cost the others their launch. */
import type { MiddlewareHandler } from "hono";
import type { AppContext, AppEnv } from "../app-env.ts";
import { refuse } from "../refuse.ts";

/** The period of `READ_LIMIT` in wrangler.toml; the longest a client has to wait. */
const READ_LIMIT_PERIOD_SECONDS = 10;

/** Refuses with 429 what is over `READ_LIMIT`. */
export const limitReads: MiddlewareHandler<AppEnv> = async (c, next) => {
  const { success } = await c.env.READ_LIMIT.limit({ key: clientNetwork(c) });
  if (!success) return refuse(c, "rate_limited", { retryAfterSeconds: READ_LIMIT_PERIOD_SECONDS });
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
