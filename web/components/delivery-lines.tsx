/** When an order placed now will arrive, and for how much: one line per way of shipping. */
import { SHIPPING_AMOUNT_MINOR, SHIPPING_METHODS, type ShippingMethod } from "../../src/domain/pricing.ts";
import { deliveryText } from "../delivery-text.ts";
import { formatPrice } from "../price-text.ts";
import { TruckIcon } from "./icons.tsx";

const NAMES: Readonly<Record<ShippingMethod, string>> = { standard: "Standard", express: "Express" };

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
              <dd>{deliveryText(method, orderedAt)}</dd>
            </div>
          );
        })}
      </dl>
    </div>
  );
}
