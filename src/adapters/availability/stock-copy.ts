/** The copy of a SKU's figures that pages read: what Redis holds under `stock:<sku>`. */
import { StockLevel } from "../../contracts/messages.ts";
import type { Redis } from "../redis/redis.ts";

export function stockKey(sku: string): string {
  return `stock:${sku}`;
}

/**
 * Publishes what the SKU objects last said. An older figure never overwrites a newer one, in whatever order messages come.
 *
 * @returns how many figures were newer than the published ones
 * @throws RedisUnavailable; nothing is lost by that, the next level of the SKU replaces this one
 */
export async function publishLevels(
  redis: Pick<Redis, "setIfNewer">,
  levels: readonly StockLevel[],
): Promise<number> {
  if (levels.length === 0) return 0;
  return redis.setIfNewer(levels.map((level) => ({ key: stockKey(level.sku), value: level })));
}

/** A figure that was news, and what was published before it. */
export interface PublishedLevel {
  readonly level: StockLevel;
  /** Null where nothing was, or where it is not known. */
  readonly former: StockLevel | null;
}

/**
 * Publishes, and tells which figures took the place of which: of all consumers exactly one is told of each change.
 *
 * @throws RedisUnavailable
 */
export async function exchangeLevels(
  redis: Pick<Redis, "replaceIfNewer">,
  levels: readonly StockLevel[],
): Promise<PublishedLevel[]> {
  const replaced = await redis.replaceIfNewer(
    levels.map((level) => ({ key: stockKey(level.sku), value: level })),
  );
  return replaced.flatMap(({ key, former }) => {
    const level = levels
      .filter(({ sku }) => stockKey(sku) === key)
      .reduce<StockLevel | null>(
        (newest, each) => (newest && newest.sequence > each.sequence ? newest : each),
        null,
      );
    return level === null ? [] : [{ level, former: parseStockCopy(former) }];
  });
}

/** A stored copy as a level; null where there is none or it is not one (another release wrote it). */
export function parseStockCopy(stored: string | null): StockLevel | null {
  if (stored === null) return null;
  try {
    const parsed = StockLevel.safeParse(JSON.parse(stored));
    return parsed.success ? parsed.data : null;
  } catch {
    return null; // Not JSON: as good as absent, for the copy may be lost at any time.
  }
}
