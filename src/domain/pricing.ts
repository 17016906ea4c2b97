/** What an order costs: the one place that computes subtotal, shipping, taxes and total, in minor units of one currency. Pure. */
import { shippingAmount, type ShippingMethod } from "./shipping.ts";
import { sumOf, taxesOn, type AppliedRate, type TaxAmount } from "./tax.ts";

export interface PricedLine {
  readonly quantity: number;
  readonly unitAmountMinor: number;
}

export interface Totals {
  readonly subtotal: number;
  readonly shipping: number;
  /** The taxes that are added to the prices; those that are included in them are in `taxes` only. */
  readonly tax: number;
  /** `subtotal + shipping + tax`. */
  readonly total: number;
  readonly currency: string;
  /** One for each rate that applies where the order goes; absent in orders of a version that knew none. */
  readonly taxes?: readonly TaxAmount[] | undefined;
}

/** What decides about an order's total beside its lines. */
export interface OrderTerms {
  readonly shipping: Pick<
    ShippingMethod,
    "name" | "amountMinor" | "freeFromMinor" | "leastDays" | "mostDays"
  >;
  readonly taxRates: readonly AppliedRate[];
}

export interface PricedOrder<Line extends PricedLine> {
  /** `taxAmounts`: minor units, in the order of `totals.taxes`. */
  readonly lines: readonly (Line & { readonly taxAmounts: readonly number[] })[];
  readonly totals: Totals & { readonly taxes: readonly TaxAmount[] };
}

/** @throws RangeError when a sum leaves the safe integers (bad data, never a shopper's input: quantities are bounded) */
export function priceOrder<Line extends PricedLine>(
  lines: readonly Line[],
  { shipping: method, taxRates }: OrderTerms,
  currency: string,
): PricedOrder<Line> {
  const taxedLines = lines.map((line) => ({ ...line, taxAmounts: taxesOn(lineAmount(line), taxRates) }));
  const subtotal = sumOf(lines.map(lineAmount));
  const shipping = shippingAmount(method, subtotal);
  const shippingTaxes = taxesOnShipping(shipping, taxRates);
  const taxes = taxRates.map(({ name, basisPoints, included }, index) => ({
    name,
    basisPoints,
    included,
    amount: sumOf(taxedLines.map(({ taxAmounts }) => taxAmounts[index] ?? 0)) + (shippingTaxes[index] ?? 0),
  }));
  const tax = addedTax(taxes);
  const total = subtotal + shipping + tax;
  if (!Number.isSafeInteger(total) || subtotal < 0 || shipping < 0)
    throw new RangeError(`total out of range: ${total}`);
  return { lines: taxedLines, totals: { subtotal, shipping, tax, total, currency, taxes } };
}

/** @throws RangeError as `priceOrder` */
export function totalsOf(
  lines: readonly PricedLine[],
  terms: OrderTerms,
  currency: string,
): PricedOrder<PricedLine>["totals"] {
  return priceOrder(lines, terms, currency).totals;
}

/** Those of the rates that are due on shipping; zero for the others. */
function taxesOnShipping(shipping: number, rates: readonly AppliedRate[]): number[] {
  const due = taxesOn(
    shipping,
    rates.filter(({ onShipping }) => onShipping),
  );
  return rates.map(({ onShipping }) => (onShipping ? (due.shift() ?? 0) : 0));
}

function addedTax(taxes: readonly TaxAmount[]): number {
  return sumOf(taxes.filter(({ included }) => !included).map(({ amount }) => amount));
}

function lineAmount({ quantity, unitAmountMinor }: PricedLine): number {
  return quantity * unitAmountMinor;
}

/** The taxes of one line of an order. */
export function taxesOfLine(
  { taxes = [] }: Pick<Totals, "taxes">,
  { taxAmounts = [] }: { readonly taxAmounts?: readonly number[] | undefined },
): TaxAmount[] {
  return taxes.map((tax, index) => ({ ...tax, amount: taxAmounts[index] ?? 0 }));
}

/** The taxes on an order's shipping: what its lines leave of each. */
export function taxesOfShipping(
  totals: Pick<Totals, "taxes">,
  lines: readonly { readonly taxAmounts?: readonly number[] | undefined }[],
): TaxAmount[] {
  return (totals.taxes ?? []).map((tax, index) => ({
    ...tax,
    amount: tax.amount - sumOf(lines.map(({ taxAmounts = [] }) => taxAmounts[index] ?? 0)),
  }));
}

/** What a buyer paid for a line: its price and the taxes that were added to it, minor units. */
export function paidForLine(
  totals: Pick<Totals, "taxes">,
  line: PricedLine & { readonly taxAmounts?: readonly number[] | undefined },
): number {
  return lineAmount(line) + addedTax(taxesOfLine(totals, line));
}
