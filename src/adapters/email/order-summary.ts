/** What e-mails about an order have in common: its lines, totals and address, as people read them. */
import { formatMoney } from "../../domain/money.ts";
import type { OrderLine, OrderRecord } from "../../domain/order/record.ts";
import type { ShippingMethod } from "../../domain/pricing.ts";

export const SHIPPING_LABELS: Readonly<Record<ShippingMethod, string>> = {
  standard: "Standard shipping",
  express: "Express shipping",
};

export interface SummaryRow {
  readonly label: string;
  readonly amount: string;
}

export function lineAmount(record: OrderRecord, line: OrderLine): string {
  return formatMoney({ amount: line.quantity * line.unitAmountMinor, currency: record.totals.currency });
}

/** Subtotal, shipping and (where there is any) tax; the total stands apart. */
export function summaryRows({ totals, shippingMethod }: OrderRecord): SummaryRow[] {
  const money = (amount: number) => formatMoney({ amount, currency: totals.currency });
  const rows = [
    { label: "Subtotal", amount: money(totals.subtotal) },
    {
      label: SHIPPING_LABELS[shippingMethod],
      amount: totals.shipping === 0 ? "Free" : money(totals.shipping),
    },
  ];
  return totals.tax === 0 ? rows : [...rows, { label: "Tax", amount: money(totals.tax) }];
}

export function totalAmount({ totals }: OrderRecord): string {
  return formatMoney({ amount: totals.total, currency: totals.currency });
}

const LONG_DATE = new Intl.DateTimeFormat("en-US", { dateStyle: "long", timeZone: "UTC" });

/** A date for readers anywhere: the store does not know their time zone, so it names its own. */
export function dateText(epochMs: number): string {
  return `${LONG_DATE.format(epochMs)} (UTC)`;
}
