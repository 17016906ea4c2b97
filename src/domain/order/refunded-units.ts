/** What of an order's lines has been refunded, or is about to be. */
import type { Refund } from "./refunds.ts";
import type { OrderState } from "./state.ts";

/** The refunds that count: all but those that failed. */
export const countedRefunds = (state: OrderState): readonly Refund[] =>
  (state.refunds ?? []).filter(({ status }) => status !== "failed");

/** What of a line has gone back or is about to: units, and what was given for them. */
export function goneBack(state: OrderState, sku: string): { quantity: number; amountMinor: number } {
  const sum = { quantity: 0, amountMinor: 0 };
  for (const line of countedRefunds(state).flatMap(({ lines }) => lines)) {
    if (line.sku !== sku) continue;
    sum.quantity += line.quantity;
    sum.amountMinor += line.amountMinor;
  }
  return sum;
}
