/** Subtotal, shipping, tax and total, as a list of terms and amounts. */
import type { Totals } from "../../src/domain/pricing.ts";
import { MoneyText } from "./money.tsx";

export interface TotalsListProps {
  readonly totals: Totals;
}

export function TotalsList({ totals }: TotalsListProps) {
  const { currency } = totals;
  return (
    <dl class="totals">
      <dt>Subtotal</dt>
      <dd>
        <MoneyText amount={totals.subtotal} currency={currency} />
      </dd>
      <dt>Shipping</dt>
      <dd>{totals.shipping === 0 ? "Free" : <MoneyText amount={totals.shipping} currency={currency} />}</dd>
      {totals.tax > 0 && (
        <>
          <dt>Tax</dt>
          <dd>
            <MoneyText amount={totals.tax} currency={currency} />
          </dd>
        </>
      )}
      <dt class="totals-sum">Total</dt>
      <dd class="totals-sum">
        <MoneyText amount={totals.total} currency={currency} />
      </dd>
    </dl>
  );
}
