/** Subtotal, shipping, taxes and total, as a list of terms and amounts. Taxes that prices include are told below the total. */
import type { Totals } from "../../src/domain/pricing.ts";
import { taxLabel } from "../../src/domain/tax.ts";
import { MoneyText } from "./money.tsx";

export interface TotalsListProps {
  readonly totals: Totals;
  /** Of the method, as shoppers call it; left out where it is said elsewhere. */
  readonly shippingName?: string;
  /** Beside the subtotal, e.g. how many items. */
  readonly subtotalNote?: string;
  /** Nothing is final yet. */
  readonly isEstimate?: boolean;
}

export function TotalsList({ totals, shippingName, subtotalNote, isEstimate = false }: TotalsListProps) {
  const { currency, taxes = [] } = totals;
  const tax = (included: boolean) =>
    taxes
      .filter((each) => each.included === included)
      .map((each) => (
        <>
          <dt class={included ? "totals-included" : undefined}>{taxLabel(each)}</dt>
          <dd class={included ? "totals-included" : undefined}>
            <MoneyText amount={each.amount} currency={currency} />
          </dd>
        </>
      ));
  return (
    <dl class="totals">
      <dt>{subtotalNote === undefined ? "Subtotal" : `Subtotal (${subtotalNote})`}</dt>
      <dd>
        <MoneyText amount={totals.subtotal} currency={currency} />
      </dd>
      <dt>{shippingName === undefined ? "Shipping" : `${shippingName} shipping`}</dt>
      <dd>{totals.shipping === 0 ? "Free" : <MoneyText amount={totals.shipping} currency={currency} />}</dd>
      {tax(false)}
      <dt class="totals-sum">{isEstimate ? "Estimated total" : "Total"}</dt>
      <dd class="totals-sum">
        <MoneyText amount={totals.total} currency={currency} />
      </dd>
      {tax(true)}
    </dl>
  );
}
