/** The lines of an order. */
import type { OrderView } from "../../src/contracts/orders.ts";
import { MoneyText } from "./money.tsx";

export function OrderLines({ lines }: { readonly lines: OrderView["lines"] }) {
  return (
    <ul class="summary-lines">
      {lines.map((line) => (
        <li class="summary-line">
          <span class="summary-name">
            {line.name}
            <span class="summary-quantity">Quantity {line.quantity}</span>
          </span>
          <MoneyText amount={line.unitPrice.amount * line.quantity} currency={line.unitPrice.currency} />
        </li>
      ))}
    </ul>
  );
}
