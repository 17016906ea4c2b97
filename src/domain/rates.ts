/** The merchant's rates, shipping and taxes together, and what they mean for one order. Pure. */
import { totalsOf, type OrderTerms, type PricedLine, type Totals } from "./pricing.ts";
import { regionCode } from "./region-codes.ts";
import { cheapestMethod, methodsTo, type ShippingMethod, type ShippingZone } from "./shipping.ts";
import { hasRegionalRates, ratesAt, type TaxRate } from "./tax.ts";

export interface Rates {
  /** Rises with every change of them. */
  readonly revision: number;
  readonly zones: readonly ShippingZone[];
  readonly taxes: readonly TaxRate[];
}

export interface Destination {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** As it was typed. */
  readonly region?: string | undefined;
}

/** Why an order cannot be sent: which part of it has to be another. */
export type RateRefusal = "country_not_served" | "method_not_offered" | "region_unknown";

export type TermsOutcome =
  { readonly ok: true; readonly terms: OrderTerms } | { readonly ok: false; readonly reason: RateRefusal };

export function isServed({ zones }: Pick<Rates, "zones">, country: string): boolean {
  return zones.some(({ countries }) => countries.includes(country));
}

/** The countries the store ships to, ISO 3166-1 alpha-2. */
export function countriesServed({ zones }: Pick<Rates, "zones">): string[] {
  return zones.flatMap(({ countries }) => countries);
}

/**
 * Shipping and taxes of an order.
 *
 * @param currency of the order's items
 */
export function termsOf(
  rates: Rates,
  destination: Destination,
  methodCode: string,
  currency: string,
): TermsOutcome {
  const { country, region = "" } = destination;
  if (!isServed(rates, country)) return { ok: false, reason: "country_not_served" };
  const method = methodsTo(rates.zones, country, currency).find(({ code }) => code === methodCode);
  if (method === undefined) return { ok: false, reason: "method_not_offered" };
  const code = regionCode(country, region);
  // Guessing would leave a tax out, or add one that is not due.
  if (code === null && hasRegionalRates(rates.taxes, country)) return { ok: false, reason: "region_unknown" };
  return { ok: true, terms: termsWith(rates, method, { country, region: code }) };
}

function termsWith(
  rates: Rates,
  method: ShippingMethod,
  place: { readonly country: string; readonly region: string | null },
): OrderTerms {
  const { name, amountMinor, freeFromMinor, leastDays, mostDays } = method;
  return {
    shipping: { name, amountMinor, freeFromMinor, leastDays, mostDays },
    taxRates: ratesAt(rates.taxes, place).map(({ name: tax, basisPoints, included, onShipping }) => ({
      name: tax,
      basisPoints,
      included,
      onShipping,
    })),
  };
}

/** What an order costs with one of the methods it may be sent by. */
export interface Quote {
  readonly method: ShippingMethod;
  readonly totals: Totals;
}

/** What lines cost, delivered to a place that may not be known whole. */
export interface Quotes {
  /** One for each method, in the order of the zone; none where the store does not ship there. */
  readonly quotes: readonly Quote[];
  /** Taxes may still be added once the region is known. */
  readonly isTaxOpen: boolean;
}

export function quotesFor(
  rates: Rates,
  destination: Destination,
  lines: readonly PricedLine[],
  currency: string,
): Quotes {
  const { country, region = "" } = destination;
  const code = regionCode(country, region);
  const quotes = methodsTo(rates.zones, country, currency).map((method) => ({
    method,
    totals: totalsOf(lines, termsWith(rates, method, { country, region: code }), currency),
  }));
  return { quotes, isTaxOpen: code === null && hasRegionalRates(rates.taxes, country) };
}

/** What a cart will cost where nobody has said yet where it goes or how. */
export interface CartEstimate extends Quote {
  readonly country: string;
  readonly isTaxOpen: boolean;
}

/** With the cheapest method; null where the store ships nothing there. */
export function estimateFor(
  rates: Rates,
  destination: Destination,
  lines: readonly PricedLine[],
  currency: string,
): CartEstimate | null {
  const { quotes, isTaxOpen } = quotesFor(rates, destination, lines, currency);
  const subtotal = quotes[0]?.totals.subtotal ?? 0;
  const method = cheapestMethod(
    quotes.map((quote) => quote.method),
    subtotal,
  );
  const quote = quotes.find((each) => each.method === method);
  return quote === undefined ? null : { ...quote, country: destination.country, isTaxOpen };
}
