/** What an order costs: subtotal, shipping, tax, total, in minor units of one currency. */

export const SHIPPING_METHODS = ["standard", "express"] as const;
export type ShippingMethod = (typeof SHIPPING_METHODS)[number];

/** Flat shipping prices in minor units. Standard is free; express is a flat rate per order. */
export const SHIPPING_AMOUNT_MINOR: Readonly<Record<ShippingMethod, number>> = { standard: 0, express: 1900 };

export interface PricedLine {
  readonly quantity: number;
  readonly unitAmountMinor: number;
}

export interface Totals {
  readonly subtotal: number;
  readonly shipping: number;
  readonly tax: number;
  readonly total: number;
  readonly currency: string;
}

/**
 * Totals of an order. Prices in the catalog are final prices: tax is included in them, so the tax line is zero.
 *
 * @throws RangeError when a sum leaves the safe integers (bad data, never a shopper's input: quantities are bounded).
 */
export function totalsOf(
  lines: readonly PricedLine[],
  shippingMethod: ShippingMethod,
  currency: string,
): Totals {
  let subtotal = 0;
  for (const line of lines) subtotal += line.quantity * line.unitAmountMinor;
  const shipping = SHIPPING_AMOUNT_MINOR[shippingMethod];
  const total = subtotal + shipping;
  if (!Number.isSafeInteger(total) || subtotal < 0) throw new RangeError(`total out of range: ${total}`);
  return { subtotal, shipping, tax: 0, total, currency };
}
