/**
 * What a line's units and the shipping cost their buyer, taxes in them, so that parts that go back add up to exactly what was
 * paid. The units of a line share its part along one running sum, rounded half up: no cent is lost between two of them.
 */
import { paidForLine } from "../pricing.ts";
import { sumOf } from "../tax.ts";
import type { OrderRecord } from "./record.ts";

export interface PaidParts {
  /** Of each line, in the order of the lines, minor units. */
  readonly lines: readonly number[];
  readonly shipping: number;
}

/** What each line cost with the taxes that were added to it; what remains of the total is the shipping with its own. */
export function paidParts({ lines, totals }: Pick<OrderRecord, "lines" | "totals">): PaidParts {
  const paid = lines.map((line) => paidForLine(totals, line));
  return { lines: paid, shipping: totals.total - sumOf(paid) };
}

/**
 * What the next units of a line bring back: the share of all units that have then gone back, without what was given for earlier ones.
 *
 * @param paidMinor what the whole line cost
 * @param before units of it that have gone back already, and what was given for them
 */
export function unitsRefund(
  paidMinor: number,
  quantity: number,
  before: { readonly quantity: number; readonly amountMinor: number },
  units: number,
): number {
  return Math.max(0, shareOf(paidMinor, before.quantity + units, quantity) - before.amountMinor);
}

/** `amount * part / whole`, rounded half up, exact however large; nothing of nothing. */
function shareOf(amount: number, part: number, whole: number): number {
  if (whole === 0) return 0;
  const twice = 2n * BigInt(amount) * BigInt(part) + BigInt(whole);
  return Number(twice / (2n * BigInt(whole)));
}
