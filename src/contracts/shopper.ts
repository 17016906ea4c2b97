/** What is a shopper's own on pages that everybody shares: it arrives apart. */
import * as z from "zod";
import { Sku } from "./catalog.ts";

export const Shopper = z.object({
  /** Units in the cart. */
  cartCount: z.int().nonnegative(),
  /** How the shopper is greeted; null for a guest. */
  name: z.string().nullable(),
  /** SKUs on the wish list. */
  wishlist: z.array(Sku),
});
export type Shopper = z.infer<typeof Shopper>;
