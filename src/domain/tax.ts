/**
 * Taxes by a rate table. Pure, in integers.
 *
 * The rounding rule (docs/decisions/0030): every tax is computed once per order line, on quantity × unit price, and once on shipping;
 * each is rounded to the minor unit, half up. Order totals are sums of those rounded amounts and are never computed from a sum.
 * Taxes included in a price are computed together and then shared out by cumulative rounding, so that they add up exactly.
 */

/** One row of the rate table. */
export interface TaxRate {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** A code of `region-codes.ts`; empty where it applies to the whole country. Both apply in a region that has rates of its own. */
  readonly region: string;
  /** What shoppers read, e.g. `VAT`. */
  readonly name: string;
  /** Hundredths of a percent: 1900 is 19%. */
  readonly basisPoints: number;
  /** Whether prices contain it; else it is added to them. */
  readonly included: boolean;
  /** Whether it is due on shipping, too. */
  readonly onShipping: boolean;
}

/** What of a rate an order keeps. */
export type AppliedRate = Pick<TaxRate, "name" | "basisPoints" | "included" | "onShipping">;

/** A tax of an order, in minor units of its currency. */
export interface TaxAmount {
  readonly name: string;
  readonly basisPoints: number;
  /** Whether it is part of the prices, rather than added to them. */
  readonly included: boolean;
  readonly amount: number;
}

/** Where something is delivered, as far as taxes are concerned. */
export interface TaxPlace {
  readonly country: string;
  /** The region's code; null where it is not known, or has none. */
  readonly region: string | null;
}

const BASIS = 10_000;
/** A destination has few taxes; more would be bad data. */
export const MAX_RATES_PER_PLACE = 4;

/** The rates that apply at a place, the country's before its region's, in the table's order. */
export function ratesAt(table: readonly TaxRate[], { country, region }: TaxPlace): TaxRate[] {
  const ofCountry = table.filter((rate) => rate.country === country);
  return [
    ...ofCountry.filter((rate) => rate.region === ""),
    ...ofCountry.filter((rate) => rate.region !== "" && rate.region === region),
  ];
}

/** Whether the region of an address decides about its taxes in this country. */
export function hasRegionalRates(table: readonly TaxRate[], country: string): boolean {
  return table.some((rate) => rate.country === country && rate.region !== "");
}

/**
 * The taxes on one amount, in the order of the rates. Included taxes are part of the amount; added ones are due on what is left
 * of it without them.
 *
 * @param amountMinor minor units, at most 9 × 10^11
 */
export function taxesOn(
  amountMinor: number,
  rates: readonly Pick<AppliedRate, "basisPoints" | "included">[],
): number[] {
  const includedPoints = sumOf(rates.filter(({ included }) => included).map((rate) => rate.basisPoints));
  const includedTax = roundedQuotient(amountMinor * includedPoints, BASIS + includedPoints);
  let points = 0;
  return rates.map(({ basisPoints, included }) => {
    if (!included) return roundedQuotient((amountMinor - includedTax) * basisPoints, BASIS);
    const before = shareOf(includedTax, points, includedPoints);
    points += basisPoints;
    return shareOf(includedTax, points, includedPoints) - before;
  });
}

/** A part of a whole, by cumulative rounding: the parts of all points add up to the whole. */
function shareOf(whole: number, points: number, ofPoints: number): number {
  return ofPoints === 0 ? 0 : roundedQuotient(whole * points, ofPoints);
}

/** Half up. Exact for safe integers, which the floor of their quotient is, too. */
function roundedQuotient(dividend: number, divisor: number): number {
  return Math.floor((dividend * 2 + divisor) / (divisor * 2));
}

export function sumOf(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + amount, 0);
}

/** `19%`, `8.1%`, `25.5%`. */
export function percentText(basisPoints: number): string {
  return `${String(basisPoints / 100)}%`;
}

/** `VAT 20%`, or `Includes VAT 20%` where the prices contain it. */
export function taxLabel({ name, basisPoints, included }: Omit<TaxAmount, "amount">): string {
  const rate = `${name} ${percentText(basisPoints)}`;
  return included ? `Includes ${rate}` : rate;
}
