/** What search engines ask for: the sitemap, from the catalog, and the robots file. */
import type { AppContext } from "../../app-env.ts";
import { CATALOG_TAG, sharedAnswer, type Lifetime } from "../../caching.ts";
import { servicesOf } from "../../compose.ts";
import { limitReads } from "../../middleware/read-limit.ts";
import { robotsText, sitemapXml } from "../../sitemap.ts";
import type { App } from "../register.ts";
import { siteOf } from "./site.ts";

/** Dropped when products come or go; the rest of it may wait for an hour. */
const SITEMAP_LIFETIME: Lifetime = { freshSeconds: 3_600, staleSeconds: 86_400 };

export function registerFindability(app: App): void {
  app.get("/sitemap.xml", limitReads, sitemap);
  app.get("/robots.txt", limitReads, robots);
}

async function sitemap(c: AppContext): Promise<Response> {
  const { list } = await servicesOf(c.env).catalog.index();
  return sharedAnswer(c, sitemapXml(siteOf(c).origin, list), {
    tags: [CATALOG_TAG],
    lifetime: SITEMAP_LIFETIME,
    contentType: "application/xml; charset=UTF-8",
  });
}

function robots(c: AppContext): Response {
  return sharedAnswer(c, robotsText(siteOf(c).origin), {
    tags: [],
    lifetime: SITEMAP_LIFETIME,
    contentType: "text/plain; charset=UTF-8",
  });
}
