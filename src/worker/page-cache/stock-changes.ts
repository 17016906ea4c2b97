/** From SKUs that came to be in stock, low or sold out to the pages that say something else of them. */
import type { Availability } from "../../adapters/availability/availability.ts";
import type { Catalog } from "../../adapters/catalog/catalog.ts";
import type { Telemetry } from "../../adapters/telemetry/telemetry.ts";
import type { StockLevel } from "../../contracts/messages.ts";
import { productTag } from "../caching.ts";
import type { EdgeCache } from "./edge-cache.ts";

export interface StockChangesDeps {
  readonly catalog: Pick<Catalog, "slugOf">;
  readonly availability: Pick<Availability, "learn">;
  readonly edgeCache: Pick<EdgeCache, "drop">;
  readonly telemetry: Pick<Telemetry, "fault">;
}

/** Never throws: a page that was not dropped lives as long as it says, and its stock label follows by itself. */
export async function dropPagesOfSkus(levels: readonly StockLevel[], deps: StockChangesDeps): Promise<void> {
  if (levels.length === 0) return;
  try {
    deps.availability.learn(levels);
    const slugs = await Promise.all(levels.map(({ sku }) => deps.catalog.slugOf(sku)));
    await deps.edgeCache.drop(slugs.flatMap((slug) => (slug === null ? [] : [productTag(slug)])));
  } catch (error) {
    deps.telemetry.fault("page_cache.drop_failed", error);
  }
}
