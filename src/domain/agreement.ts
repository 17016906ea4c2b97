/**
 * What a shopper agrees to by placing an order: which items, how many of each, and what each costs. Not their sum, which other
 * items may have too, and not a revision of the cart, which another cart may have too. A form carries it as text.
 */
import { MAX_METHODS_PER_ZONE } from "./shipping.ts";
import { MAX_LINE_QUANTITY, MAX_LINES } from "./line-limits.ts";

export interface AgreedLine {
  readonly sku: string;
  readonly quantity: number;
  readonly unitAmountMinor: number;
  /** ISO code. */
  readonly currency: string;
}

/** The lines as the page showed them. */
export type Agreement = readonly AgreedLine[];

const LINE = /^([A-Z0-9-]{3,40})\*(\d{1,2})@(\d{1,12})([A-Z]{3})$/;

export function writeAgreement(lines: Agreement): string {
  return lines
    .map(({ sku, quantity, unitAmountMinor, currency }) => `${sku}*${quantity}@${unitAmountMinor}${currency}`)
    .join(" ");
}

/** @returns null for what no page of ours has written: nothing was agreed to then */
export function readAgreement(text: string): Agreement | null {
  const lines: AgreedLine[] = [];
  for (const part of text.split(" ").slice(0, MAX_LINES + 1)) {
    const [, sku, quantity, unitAmountMinor, currency] = LINE.exec(part) ?? [];
    if (sku === undefined || currency === undefined || Number(quantity) > MAX_LINE_QUANTITY) return null;
    lines.push({ sku, quantity: Number(quantity), unitAmountMinor: Number(unitAmountMinor), currency });
  }
  return lines.length > MAX_LINES ? null : lines;
}

/** Whether these are the items that were agreed to, in any order; what they cost is another question. */
export function isOfItems(
  agreement: Agreement,
  lines: readonly Omit<AgreedLine, "unitAmountMinor">[],
): boolean {
  return (
    agreement.length === lines.length &&
    lines.every(({ sku, quantity, currency }) =>
      agreement.some(
        (agreed) => agreed.sku === sku && agreed.quantity === quantity && agreed.currency === currency,
      ),
    )
  );
}

/** Whether each of these costs what was agreed to. */
export function isAtPrices(
  agreement: Agreement,
  lines: readonly Pick<AgreedLine, "sku" | "unitAmountMinor">[],
): boolean {
  return lines.every(({ sku, unitAmountMinor }) =>
    agreement.some((agreed) => agreed.sku === sku && agreed.unitAmountMinor === unitAmountMinor),
  );
}

/** The total that a page showed for one shipping method, minor units. */
export interface AgreedTotal {
  readonly method: string;
  readonly total: number;
}

const TOTAL = /^([a-z][a-z0-9_-]{0,39})=(\d{1,12})$/;

export function writeTotals(totals: readonly AgreedTotal[]): string {
  return totals.map(({ method, total }) => `${method}=${total}`).join(" ");
}

/** The total that was agreed to with this method; null where none was. */
export function agreedTotal(text: string, method: string): number | null {
  for (const part of text.split(" ").slice(0, MAX_METHODS_PER_ZONE)) {
    const [, code, total] = TOTAL.exec(part) ?? [];
    if (code === method && total !== undefined) return Number(total);
  }
  return null;
}
