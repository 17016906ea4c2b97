/** How the order is sent: one radio each, with its price and when it arrives. */
import { SHIPPING_AMOUNT_MINOR, SHIPPING_METHODS, type ShippingMethod } from "../../src/domain/pricing.ts";
import { deliveryText } from "../delivery-text.ts";
import { MoneyText } from "./money.tsx";

const TITLES: Readonly<Record<ShippingMethod, string>> = { standard: "Standard", express: "Express" };

export interface ShippingChoiceProps {
  readonly chosen: ShippingMethod;
  readonly currency: string;
  /** Epoch ms. */
  readonly now: number;
}

export function ShippingChoice({ chosen, currency, now }: ShippingChoiceProps) {
  return (
    <div class="radios">
      {SHIPPING_METHODS.map((method) => (
        <label class="radio">
          <input
            type="radio"
            name="shippingMethod"
            value={method}
            id={`shipping-${method}`}
            checked={method === chosen}
          />
          <span class="radio-text">
            <span class="radio-title">{TITLES[method]}</span>
            <span class="radio-detail">Arrives {deliveryText(method, now)}</span>
          </span>
          <span class="radio-price">
            {SHIPPING_AMOUNT_MINOR[method] === 0 ? (
              "Free"
            ) : (
              <MoneyText amount={SHIPPING_AMOUNT_MINOR[method]} currency={currency} />
            )}
          </span>
        </label>
      ))}
    </div>
  );
}
