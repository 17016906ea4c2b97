/**
 * What the payment provider can charge at once, in minor units. Stripe's own limits, by which it would refuse an order only when it is
 * paid for: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
 */
import { formatMoney } from "./money.ts";

/** Eight digits, in every currency. */
export const MAX_CHARGE_MINOR = 99_999_999;

/** The currencies whose minimum Stripe states; in others it depends on the account that is paid, so nothing is sold in them. */
const MIN_CHARGE_MINOR: Readonly<Record<string, number>> = {
  AED: 200,
  AUD: 50,
  BRL: 50,
  CAD: 50,
  CHF: 50,
  CZK: 1500,
  DKK: 250,
  EUR: 50,
  GBP: 30,
  HKD: 400,
  HUF: 17500,
  INR: 50,
  JPY: 50,
  MXN: 1000,
  MYR: 200,
  NOK: 300,
  NZD: 50,
  PLN: 200,
  RON: 200,
  SEK: 300,
  SGD: 50,
  THB: 1000,
  USD: 50,
};

export const CHARGEABLE_CURRENCIES: readonly string[] = Object.keys(MIN_CHARGE_MINOR);

export interface ChargeFault {
  readonly kind: "below_minimum" | "above_maximum" | "currency";
  /** What is wrong, to go after the name of the amount: `must be at least $0.50`. */
  readonly message: string;
}

/**
 * Why the total of an order cannot be charged, or null where it can.
 *
 * @param amountMinor minor units
 * @param currency ISO 4217, upper case
 */
export function chargeFault(amountMinor: number, currency: string): ChargeFault | null {
  const minimum = Object.hasOwn(MIN_CHARGE_MINOR, currency) ? MIN_CHARGE_MINOR[currency] : undefined;
  if (minimum === undefined) return { kind: "currency", message: "is in a currency that cannot be charged" };
  if (amountMinor < minimum) return bound("below_minimum", "must be at least", minimum, currency);
  if (amountMinor > MAX_CHARGE_MINOR)
    return bound("above_maximum", "must be at most", MAX_CHARGE_MINOR, currency);
  return null;
}

/** The same for a price. Exactly 0 is one: a gift, which goes out with something that is paid for. */
export function priceFault(amountMinor: number, currency: string): ChargeFault | null {
  return chargeFault(amountMinor === 0 ? MAX_CHARGE_MINOR : amountMinor, currency);
}

function bound(kind: ChargeFault["kind"], words: string, amount: number, currency: string): ChargeFault {
  return { kind, message: `${words} ${formatMoney({ amount, currency })}` };
}
