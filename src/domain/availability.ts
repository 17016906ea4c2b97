/** What a shopper is told about a SKU's stock. */

export const AVAILABILITY_STATUSES = ["in_stock", "low_stock", "sold_out", "coming_soon"] as const;
export type AvailabilityStatus = (typeof AVAILABILITY_STATUSES)[number];

/** At this many units and below the store says "only a few left". */
export const LOW_STOCK_UNITS = 5;

/**
 * The status of a SKU.
 *
 * @param available units that can be held now
 * @param opensAt the moment the SKU goes on sale (epoch ms), or null when it is on sale already
 * @param now epoch ms
 */
export function availabilityStatus(
  available: number,
  opensAt: number | null,
  now: number,
): AvailabilityStatus {
  if (opensAt !== null && now < opensAt) return "coming_soon";
  if (available <= 0) return "sold_out";
  return available <= LOW_STOCK_UNITS ? "low_stock" : "in_stock";
}
