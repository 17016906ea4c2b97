/** Quantity and the button that puts a SKU into the cart; a plain form that the browser code speeds up. */
import type { ProductSku } from "../../src/contracts/catalog.ts";
import { MAX_LINE_QUANTITY } from "../../src/domain/line-limits.ts";
import type { AvailabilityStatus } from "../../src/domain/availability.ts";
import { buyLabel, canBeBought } from "../availability-label.ts";
import { QuantitySelect } from "./quantity-select.tsx";

export interface BuyFormProps {
  readonly sku: ProductSku;
  readonly status: AvailabilityStatus;
}

export function BuyForm({ sku, status }: BuyFormProps) {
  return (
    <form
      class="buy"
      method="post"
      action="/cart/lines"
      data-add-to-cart
      data-most={String(Math.min(MAX_LINE_QUANTITY, sku.purchaseLimit ?? MAX_LINE_QUANTITY))}
    >
      <input type="hidden" name="sku" value={sku.sku} />
      <div class="buy-row">
        <div class="buy-quantity">
          <label class="visually-hidden" for="quantity">
            Quantity
          </label>
          <QuantitySelect id="quantity" selected={1} limit={sku.purchaseLimit} />
        </div>
        <button class="button" type="submit" data-buy-button disabled={!canBeBought(status)}>
          {buyLabel(status)}
        </button>
      </div>
      {sku.purchaseLimit !== null && <p class="fine">At most {sku.purchaseLimit} per customer.</p>}
      <div class="buy-result" role="status" data-cart-result hidden></div>
    </form>
  );
}
