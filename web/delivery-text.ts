/** When an order arrives, as a range of days: for the server, which says it on every product's page. */
import { deliveryEstimate, type TransitDays } from "../src/domain/delivery-estimate.ts";

/** Days, not moments: they are the same in every time zone. */
const DAYS = new Intl.DateTimeFormat("en-US", {
  timeZone: "UTC",
  weekday: "short",
  month: "short",
  day: "numeric",
});

/** Writing a range costs more than all the rest of its line. There are a few at a time: today's, and those of drops ahead. */
const MAX_KEPT = 100;
const kept = new Map<string, string>();

/**
 * `Wed, Nov 25 – Fri, Nov 27`
 *
 * @param orderedAt when the order is placed, or was paid; for a drop, when it opens (epoch ms)
 */
export function deliveryText(transit: TransitDays, orderedAt: number): string {
  const { from, to } = deliveryEstimate(transit, orderedAt);
  const key = `${from} ${to}`;
  let text = kept.get(key);
  if (text === undefined) {
    // A day stays on one line; the range may break after its dash, and no thin space then begins the next line.
    text = DAYS.formatRange(from, to).replaceAll(" ", "\u00a0").replace(/\s–\s/u, "\u00a0– ");
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(key, text);
  }
  return text;
}
