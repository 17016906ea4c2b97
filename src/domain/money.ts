/** Money: integer minor units and an ISO 4217 currency. Never a float. */

export interface Money {
  /** Minor units (cents for USD), a safe integer. */
  readonly amount: number;
  /** ISO 4217, upper case. */
  readonly currency: string;
}

/**
 * Minor units per major unit of a currency, from Intl (ISO 4217 minor unit digits: USD 2, JPY 0).
 *
 * @throws RangeError for a malformed currency code.
 */
export function minorUnitDigits(currency: string): number {
  return (
    new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2
  );
}

/** A price as people read it, e.g. `$1,199.00`. */
export function formatMoney(money: Money, locale = "en-US"): string {
  const major = money.amount / 10 ** minorUnitDigits(money.currency);
  return new Intl.NumberFormat(locale, { style: "currency", currency: money.currency }).format(major);
}
