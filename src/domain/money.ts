/** Money: integer minor units and an ISO 4217 currency. Never a float. */

export interface Money {
  /** Minor units (cents for USD), a safe integer. */
  readonly amount: number;
  /** ISO 4217, upper case. */
  readonly currency: string;
}

/** Making a formatter costs far more than using it; a store has a handful of locales and currencies. */
const MAX_FORMATTERS = 50;
const formatters = new Map<string, Intl.NumberFormat>();

/** @throws RangeError for a malformed currency code */
function formatterFor(locale: string, currency: string): Intl.NumberFormat {
  const key = `${locale} ${currency}`;
  let formatter = formatters.get(key);
  if (formatter === undefined) {
    formatter = new Intl.NumberFormat(locale, { style: "currency", currency });
    if (formatters.size >= MAX_FORMATTERS) formatters.clear();
    formatters.set(key, formatter);
  }
  return formatter;
}

/** A catalog has far fewer prices than pages that show them; past this many everything is written anew. */
const MAX_TEXTS = 2_000;
const texts = new Map<string, string>();

/** A price as people read it, e.g. `$1,199.00`; the digits behind the point are the currency's own (USD 2, JPY 0). */
export function formatMoney(money: Money, locale = "en-US"): string {
  const key = `${money.amount} ${money.currency} ${locale}`;
  let text = texts.get(key);
  if (text === undefined) {
    const formatter = formatterFor(locale, money.currency);
    const digits = formatter.resolvedOptions().maximumFractionDigits ?? 2;
    text = formatter.format(money.amount / 10 ** digits);
    if (texts.size >= MAX_TEXTS) texts.clear();
    texts.set(key, text);
  }
  return text;
}
