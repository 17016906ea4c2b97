/** Stripe's limits for an amount, in the currency's minor unit. https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
import { parameterInvalid } from "./errors.ts";

const MAX_AMOUNT_MINOR = 99_999_999;
const DEFAULT_MIN_AMOUNT_MINOR = 50;
const MIN_AMOUNT_MINOR: ReadonlyMap<string, number> = new Map([
  ["aed", 200],
  ["bgn", 100],
  ["czk", 1500],
  ["dkk", 250],
  ["gbp", 30],
  ["hkd", 400],
  ["huf", 17500],
  ["mxn", 1000],
  ["myr", 200],
  ["nok", 300],
  ["pln", 200],
  ["ron", 200],
  ["sek", 300],
  ["thb", 1000],
]);

const CURRENCIES: ReadonlySet<string> = new Set(
  Intl.supportedValuesOf("currency").map((code) => code.toLowerCase()),
);

/** The currency in lower case, as Stripe keeps it; refuses what is none. */
export function readCurrency(given: string): string {
  const currency = given.toLowerCase();
  if (CURRENCIES.has(currency)) return currency;
  throw parameterInvalid("currency", `Invalid currency: ${given}.`);
}

/** Refuses an amount that is not positive, below the currency's minimum, or has more than eight digits. */
export function checkAmount(amountMinor: number, currency: string): void {
  if (amountMinor < 1) {
    throw parameterInvalid(
      "amount",
      "This value must be greater than or equal to 1.",
      "parameter_invalid_integer",
    );
  }
  const minimum = MIN_AMOUNT_MINOR.get(currency) ?? DEFAULT_MIN_AMOUNT_MINOR;
  if (amountMinor < minimum) {
    throw parameterInvalid(
      "amount",
      `Amount must be at least ${formatAmount(minimum, currency)} ${currency}`,
      "amount_too_small",
    );
  }
  if (amountMinor > MAX_AMOUNT_MINOR) {
    const most = formatAmount(MAX_AMOUNT_MINOR, currency);
    throw parameterInvalid("amount", `Amount must be no more than ${most} ${currency}`, "amount_too_large");
  }
}

/** `119900`, `usd` → `$1,199.00`, for messages. */
export function formatAmount(amountMinor: number, currency: string): string {
  const format = new Intl.NumberFormat("en-US", { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amountMinor / 10 ** digits);
}
