/** When an order placed now will arrive, and for how much: one line per way of shipping. */
import { deliveryEstimate, type DeliveryEstimate } from "../../src/domain/delivery-estimate.ts";
import { SHIPPING_AMOUNT_MINOR, SHIPPING_METHODS, type ShippingMethod } from "../../src/domain/pricing.ts";
import { formatPrice } from "../price-text.ts";
import { TruckIcon } from "./icons.tsx";

const NAMES: Readonly<Record<ShippingMethod, string>> = { standard: "Standard", express: "Express" };

/** Days, not moments: they are the same in every time zone. */
const DAYS = new Intl.DateTimeFormat("en-US", {
  timeZone: "UTC",
  weekday: "short",
  month: "short",
  day: "numeric",
});

/** There are a few at a time: today's, and those of drops ahead. */
const MAX_RANGES = 100;
const ranges = new Map<string, string>();

/** `Thu, Nov 26 – Mon, Nov 30`. */
export function deliveryRange({ from, to }: DeliveryEstimate): string {
  const key = `${from} ${to}`;
  let range = ranges.get(key);
  if (range === undefined) {
    range = DAYS.formatRange(from, to);
    if (ranges.size >= MAX_RANGES) ranges.clear();
    ranges.set(key, range);
  }
  return range;
}

export interface DeliveryLinesProps {
  /** When the order is placed: now, or when the sale opens (epoch ms). */
  readonly orderedAt: number;
  readonly currency: string;
}

export function DeliveryLines({ orderedAt, currency }: DeliveryLinesProps) {
  return (
    <div class="delivery">
      <TruckIcon />
      <dl>
        {SHIPPING_METHODS.map((method) => {
          const amount = SHIPPING_AMOUNT_MINOR[method];
          return (
            <div class="delivery-line">
              <dt>
                {NAMES[method]}, {amount === 0 ? "free" : formatPrice({ amount, currency })}
              </dt>
              <dd>{deliveryRange(deliveryEstimate(method, orderedAt))}</dd>
            </div>
          );
        })}
      </dl>
    </div>
  );
}
