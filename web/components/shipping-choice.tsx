/** How the order is sent: one radio each, with its price and when it arrives. */
import type { Quote } from "../../src/domain/rates.ts";
import { deliveryText } from "../delivery-text.ts";
import { shippingMethodId } from "./checkout-values.ts";
import { MoneyText } from "./money.tsx";

export interface ShippingChoiceProps {
  /** One for each method that is offered for the address. */
  readonly quotes: readonly Quote[];
  /** The code of a method. */
  readonly chosen: string;
  /** Epoch ms. */
  readonly now: number;
}

export function ShippingChoice({ quotes, chosen, now }: ShippingChoiceProps) {
  const isOffered = quotes.some(({ method }) => method.code === chosen);
  return (
    <div class="radios" data-part="shipping">
      {quotes.length === 0 && <p class="fine">We don’t ship to this country.</p>}
      {quotes.map(({ method, totals }, index) => (
        <label class="radio">
          <input
            type="radio"
            name="shippingMethod"
            value={method.code}
            id={shippingMethodId(index)}
            checked={isOffered ? method.code === chosen : index === 0}
          />
          <span class="radio-text">
            <span class="radio-title">{method.name}</span>
            <span class="radio-detail">Arrives {deliveryText(method, now)}</span>
          </span>
          <span class="radio-price">
            {totals.shipping === 0 ? (
              "Free"
            ) : (
              <MoneyText amount={totals.shipping} currency={totals.currency} />
            )}
          </span>
        </label>
      ))}
    </div>
  );
}
