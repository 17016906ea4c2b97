/** Guards every request that may change something: its announced size, and that a browser sent it from our own pages. */
import type { MiddlewareHandler } from "hono";
import type { AppContext, AppEnv } from "../app-env.ts";
import { refuse } from "../refuse.ts";
import { announcesTooMuch } from "./request-body.ts";

const FORM_MEDIA_TYPE = /^(?:application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\b/i;

/**
 * Refuses with 413 what announces too much, and with 403 what a browser sends from a foreign page with our cookies, or
 * as a form (which would make its own cookie). Clients that are no browsers send neither header and pass.
 */
export const guardUnsafe: MiddlewareHandler<AppEnv> = (c, next) => {
  const { method, headers } = c.req.raw;
  if (method === "GET" || method === "HEAD") return next();
  if (announcesTooMuch(c.req.raw)) return Promise.resolve(refuse(c, "payload_too_large"));
  const mayForge = headers.has("cookie") || FORM_MEDIA_TYPE.test(headers.get("content-type") ?? "");
  if (mayForge && !isFromOurPages(c)) {
    return Promise.resolve(refuse(c, "forbidden", { detail: "The request came from another site." }));
  }
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
