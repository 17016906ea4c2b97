/** What e-mails about an order have in common: its lines, totals and address, as people read them. */
import { formatMoney } from "../../domain/money.ts";
import type { OrderLine, OrderRecord } from "../../domain/order/record.ts";
import { taxLabel } from "../../domain/tax.ts";

export interface SummaryRow {
  readonly label: string;
  readonly amount: string;
}

export function lineAmount(record: OrderRecord, line: OrderLine): string {
  return formatMoney({ amount: line.quantity * line.unitAmountMinor, currency: record.totals.currency });
}

/** `Standard shipping` */
export function shippingLabel({ shippingName }: Pick<OrderRecord, "shippingName">): string {
  return `${shippingName} shipping`;
}

/** Subtotal, shipping and taxes; the total stands apart. */
export function summaryRows({ totals, shippingName }: OrderRecord): SummaryRow[] {
  const money = (amount: number) => formatMoney({ amount, currency: totals.currency });
  return [
    { label: "Subtotal", amount: money(totals.subtotal) },
    {
      label: shippingLabel({ shippingName }),
      amount: totals.shipping === 0 ? "Free" : money(totals.shipping),
    },
    ...(totals.taxes ?? []).map((tax) => ({ label: taxLabel(tax), amount: money(tax.amount) })),
  ];
}

export function totalAmount({ totals }: OrderRecord): string {
  return formatMoney({ amount: totals.total, currency: totals.currency });
}

const LONG_DATE = new Intl.DateTimeFormat("en-US", { dateStyle: "long", timeZone: "UTC" });

/** A date for readers anywhere: the store does not know their time zone, so it names its own. */
export function dateText(epochMs: number): string {
  return `${LONG_DATE.format(epochMs)} (UTC)`;
}
