/** What every page is given, and how pages are cached. */
import type { SiteContext } from "../../../../web/site.ts";
import type { AppContext } from "../../app-env.ts";

/** A page that is the same for everyone: kept at the edge for a moment, so that a rush is answered from there. */
export const SHARED_PAGE = "public, max-age=0, s-maxage=2, stale-while-revalidate=30";
/** A page that depends on a cookie is nobody else's. */
export const PERSONAL_PAGE = "private, no-store";

export function siteOf(c: AppContext): SiteContext {
  const configured: string = c.env.STORE_ORIGIN;
  return { origin: configured === "" ? new URL(c.req.url).origin : configured };
}
