/** When an order arrives, as a range of days. Pure. */
import { deliveryEstimate } from "../src/domain/delivery-estimate.ts";
import type { ShippingMethod } from "../src/domain/pricing.ts";

const DAYS = new Intl.DateTimeFormat("en-US", {
  timeZone: "UTC",
  weekday: "short",
  month: "short",
  day: "numeric",
});

/**
 * `Wed, Nov 25 – Fri, Nov 27`
 *
 * @param orderedAt when the order is placed, or was paid (epoch ms)
 */
export function deliveryText(method: ShippingMethod, orderedAt: number): string {
  const { from, to } = deliveryEstimate(method, orderedAt);
  // A day stays on one line; the range may break at its dash.
  return DAYS.formatRange(from, to).replaceAll(" ", "\u00a0");
}
