/** A page's address with a slash at its end, as people type it and other sites link it: leads to the page. */
import type { AppContext } from "../app-env.ts";
import { isApi } from "../refuse.ts";
import { allowedMethods, type Route } from "./allowed-methods.ts";

/**
 * The way to the page that stands at the address without its last slashes, with the query as it came.
 *
 * @returns null where no page stands there, or the request changes something and has to be sent right
 */
export function withoutTrailingSlash(c: AppContext, routes: readonly Route[]): Response | null {
  const { pathname, search } = new URL(c.req.url);
  if (!["GET", "HEAD"].includes(c.req.method) || !pathname.endsWith("/") || isApi(c)) return null;
  const path = pathname.replace(/\/+$/, "");
  // Only where a page is known: "//another.example/" would leave the store.
  return allowedMethods(routes, path).includes("GET") ? c.redirect(path + search, 308) : null;
}
