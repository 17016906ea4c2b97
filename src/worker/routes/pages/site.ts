/** What every page is given. */
import type { SiteContext } from "../../../../web/site.ts";
import type { AppContext } from "../../app-env.ts";

export { PERSONAL_PAGE } from "../../caching.ts";

export function siteOf(c: AppContext): SiteContext {
  const configured: string = c.env.STORE_ORIGIN;
  return { origin: configured === "" ? new URL(c.req.url).origin : configured };
}
