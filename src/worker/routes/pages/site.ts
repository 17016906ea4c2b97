/** What every page is given. */
import type { SiteContext } from "../../../../web/site.ts";
import type { AppContext } from "../../app-env.ts";
import { imageDelivery } from "../../image-delivery.ts";

export { PERSONAL_PAGE } from "../../caching.ts";

export function siteOf(c: AppContext): SiteContext {
  const configured: string = c.env.STORE_ORIGIN;
  const origin = configured === "" ? new URL(c.req.url).origin : configured;
  return { origin, imageDelivery: imageDelivery(c.env.IMAGE_DELIVERY, origin) };
}
