/** Prices where only their size matters, as in filters: without the cents where there are none. Pure. */
import { formatMoney, type Money } from "../src/domain/money.ts";

/** `$1,199` for 119900, `$19.50` for 1950. */
export function formatPrice(price: Money): string {
  return formatMoney(price).replace(/\.00$/, "");
}

/** A range in words, e.g. `$100 to $500`, `From $100`, `Up to $500`; null where there is none. */
export function priceRangeText(min: number | null, max: number | null, currency: string): string | null {
  const text = (amount: number) => formatPrice({ amount, currency });
  if (min !== null && max !== null) return `${text(min)} to ${text(max)}`;
  if (min !== null) return `From ${text(min)}`;
  return max === null ? null : `Up to ${text(max)}`;
}
