/** Guards every request that may change something: its size, and that a browser sent it from our own pages. */
import type { MiddlewareHandler } from "hono";
import { ACCOUNTS_PATH } from "../accounts/doors.ts";
import type { AppContext, AppEnv } from "../app-env.ts";
import { refuse } from "../refuse.ts";
import { bounded } from "./request-body.ts";

const FORM_MEDIA_TYPE = /^(?:application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\b/i;
/**
 * What other sites' pages send on purpose. Apple posts its answer as a form; no cookie of ours comes with it, and it becomes a GET
 * that the state in a cookie of ours must match.
 */
const FROM_OTHER_SITES: ReadonlySet<string> = new Set([`${ACCOUNTS_PATH}/callback/apple`]);

/**
 * Refuses with 413 what is too much, and with 403 what a browser sends from a foreign page with our cookies, or
 * as a form (which would make its own cookie). Clients that are no browsers send neither header and pass.
 */
export const guardUnsafe: MiddlewareHandler<AppEnv> = async (c, next) => {
  const { method, headers } = c.req.raw;
  if (method === "GET" || method === "HEAD") return next();
  const mayForge = headers.has("cookie") || FORM_MEDIA_TYPE.test(headers.get("content-type") ?? "");
  if (mayForge && !isFromOurPages(c) && !FROM_OTHER_SITES.has(c.req.path)) {
    return refuse(c, "forbidden", { detail: "The request came from another site." });
  }
  const request = await bounded(c.req.raw);
  if (request === null) return refuse(c, "payload_too_large");
  c.req.raw = request;
  return next();
};

/** `Sec-Fetch-Site` decides where it is sent; else `Origin`; a request without either is no browser's. */
function isFromOurPages(c: AppContext): boolean {
  const site = c.req.header("sec-fetch-site");
  if (site !== undefined) return site === "same-origin" || site === "none";
  const origin = c.req.header("origin");
  if (origin === undefined) return true;
  return origin === new URL(c.req.url).origin || ownOrigin(c) === origin;
}

/** As configured; the generated type knows only the default. */
function ownOrigin(c: AppContext): string {
  return c.env.STORE_ORIGIN;
}
