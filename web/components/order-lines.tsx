/** The lines of an order, as a receipt has them. */
import type { OrderView } from "../../src/contracts/orders.ts";
import { ItemName } from "./item-name.tsx";
import { MoneyText } from "./money.tsx";

export function OrderLines({ lines }: { readonly lines: OrderView["lines"] }) {
  return (
    <ul class="summary-lines">
      {lines.map(({ name, quantity, unitPrice }) => (
        <li class="summary-line">
          <span class="summary-name">
            <ItemName name={name} />
            <span class="summary-quantity">
              {quantity === 1 ? (
                "Quantity 1"
              ) : (
                <>
                  {quantity} × <MoneyText {...unitPrice} />
                </>
              )}
            </span>
          </span>
          <MoneyText amount={unitPrice.amount * quantity} currency={unitPrice.currency} />
        </li>
      ))}
    </ul>
  );
}
