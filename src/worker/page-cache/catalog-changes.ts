/**
 * From a new version of the catalog to the pages that show something else now. Every isolate meets the new version; one of
 * them, by compare-and-set in Redis, has the pages dropped.
 */
import type { CatalogChange } from "../../adapters/catalog/catalog.ts";
import { differenceOf, type CatalogIndex } from "../../adapters/catalog/catalog-index.ts";
import type { Redis } from "../../adapters/redis/redis.ts";
import type { Telemetry } from "../../adapters/telemetry/telemetry.ts";
import { CATALOG_TAG, linkTag, productTag, RATES_TAG } from "../caching.ts";
import type { EdgeCache } from "./edge-cache.ts";

/** The newest version whose changes were announced. */
const ANNOUNCED_KEY = "catalog:announced";
/** A change of more products than this purges everything: one call instead of one per hundred tags. */
const MAX_CHANGED_TAGS = 500;

export interface CatalogChangesDeps {
  readonly redis: Pick<Redis, "replaceIfNewer">;
  readonly edgeCache: Pick<EdgeCache, "drop" | "dropEverything">;
  readonly telemetry: Pick<Telemetry, "fault" | "log">;
}

/** Never throws: a page that was not dropped lives as long as it says. */
export async function dropChangedPages(
  { former, next }: CatalogChange,
  deps: CatalogChangesDeps,
): Promise<void> {
  const announced = await announce(next.version, deps);
  if (announced === "by_another") return;
  // Versions that nobody announced lie between: what they changed is not known here.
  const isGap = announced !== null && announced < (former?.version ?? next.version);
  if (isGap) {
    deps.telemetry.log("info", "catalog.changed", { outcome: "everything", sequence: next.version });
    await deps.edgeCache.dropEverything();
    return;
  }
  if (former === null) return;
  const tags = changedTags(former, next);
  if (tags.length === 0) return;
  deps.telemetry.log("info", "catalog.changed", { count: tags.length, sequence: next.version });
  if (tags.length > MAX_CHANGED_TAGS) {
    await deps.edgeCache.dropEverything();
    return;
  }
  await deps.edgeCache.drop(tags);
}

/** The version announced before, null where none was or Redis cannot tell (then every isolate drops for itself). */
async function announce(
  version: number,
  { redis, telemetry }: CatalogChangesDeps,
): Promise<number | "by_another" | null> {
  try {
    const entry = { key: ANNOUNCED_KEY, value: { sequence: version } };
    const [replaced] = await redis.replaceIfNewer([entry]);
    if (replaced === undefined) return "by_another";
    const former = /^{"sequence":(\d+)}$/.exec(replaced.former ?? "")?.[1];
    return former === undefined ? null : Number(former);
  } catch (error) {
    telemetry.fault("catalog.announce_failed", error);
    return null;
  }
}

/**
 * The tags of the pages that show something else: of every product that differs; of lists where products come, go or move; of what shows
 * shipping where that changed. */
export function changedTags(former: CatalogIndex, next: CatalogIndex): string[] {
  const { changed, linked, isListDifferent } = differenceOf(former, next);
  const isRated = former.rates.revision !== next.rates.revision;
  const tags = [...(isRated ? [RATES_TAG] : []), ...changed.map(productTag), ...linked.map(linkTag)];
  return isListDifferent ? [CATALOG_TAG, ...tags] : tags;
}
