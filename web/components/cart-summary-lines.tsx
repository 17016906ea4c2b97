/** What is in the cart, for reading only: picture, name, quantity, sum. */
import type { CartView } from "../../src/contracts/catalog.ts";
import { ItemName } from "./item-name.tsx";
import { MoneyText } from "./money.tsx";
import { ProductPicture } from "./product-picture.tsx";

export function CartSummaryLines({ lines }: { readonly lines: CartView["lines"] }) {
  return (
    <ul class="summary-lines">
      {lines.map((line) => (
        <li class="summary-line">
          {line.image !== undefined && (
            <span class="summary-picture">
              <ProductPicture image={line.image} sizes="48px" decorative />
            </span>
          )}
          <span class="summary-name">
            <ItemName name={line.name} />
            <span class="summary-quantity">Quantity {line.quantity}</span>
          </span>
          <MoneyText amount={line.unitPrice.amount * line.quantity} currency={line.unitPrice.currency} />
        </li>
      ))}
    </ul>
  );
}
