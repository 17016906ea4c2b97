/** What an order or a cart costs, in minor units of one currency. */
import * as z from "zod";

/** A tax in minor units. `included`: part of the prices, rather than added to them. `basisPoints`: 1900 is 19%. */
export const TaxView = z.object({
  name: z.string(),
  basisPoints: z.int().nonnegative(),
  included: z.boolean(),
  amount: z.int().nonnegative(),
});

export const OrderTotals = z.object({
  subtotal: z.int(),
  shipping: z.int(),
  /** What taxes add to the prices; included ones are in `taxes` only. */
  tax: z.int(),
  total: z.int(),
  currency: z.string().length(3),
  /** One for each rate that applies where the order goes. */
  taxes: z.array(TaxView),
});
