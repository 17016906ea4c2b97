/** How the order is sent: one radio each, with its price and when it arrives. */
import { SHIPPING_AMOUNT_MINOR, SHIPPING_METHODS, type ShippingMethod } from "../../src/domain/pricing.ts";
import { MoneyText } from "./money.tsx";

const WORDS: Readonly<Record<ShippingMethod, { title: string; detail: string }>> = {
  standard: { title: "Standard", detail: "3 to 5 working days" },
  express: { title: "Express", detail: "Next working day" },
};

export interface ShippingChoiceProps {
  readonly chosen: ShippingMethod;
  readonly currency: string;
}

export function ShippingChoice({ chosen, currency }: ShippingChoiceProps) {
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
            <span class="radio-title">{WORDS[method].title}</span>
            <span class="radio-detail">{WORDS[method].detail}</span>
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
