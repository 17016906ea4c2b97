/** When an order placed now will arrive, and for how much: one line per way of shipping. */
import type { ShippingZone } from "../../src/domain/shipping.ts";
import { deliveryText } from "../delivery-text.ts";
import { formatPrice } from "../price-text.ts";
import { TruckIcon } from "./icons.tsx";

export interface DeliveryLinesProps {
  /** When the order is placed: now, or when the sale opens (epoch ms). */
  readonly orderedAt: number;
  readonly currency: string;
  /** The zone the page speaks of; null where nothing is shipped. */
  readonly zone: ShippingZone | null;
  /** There are others, so the zone is named. */
  readonly isOneOfMany: boolean;
}

export function DeliveryLines({ orderedAt, currency, zone, isOneOfMany }: DeliveryLinesProps) {
  const methods = (zone?.methods ?? []).filter((method) => method.currency === currency);
  if (zone === null || methods.length === 0) return null;
  return (
    <div class="delivery">
      <TruckIcon />
      <dl>
        {methods.map((method) => {
          const { name, amountMinor } = method;
          return (
            <div class="delivery-line">
              <dt>
                {name}, {amountMinor === 0 ? "free" : formatPrice({ amount: amountMinor, currency })}
                {isOneOfMany && ` (${zone.name})`}
              </dt>
              <dd>{deliveryText(method, orderedAt)}</dd>
            </div>
          );
        })}
      </dl>
    </div>
  );
}
