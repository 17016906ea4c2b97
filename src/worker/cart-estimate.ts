/** What a cart will probably cost, while nobody has said yet where it goes or how. */
import type { CartView } from "../contracts/catalog.ts";
import { estimateFor, type CartEstimate } from "../domain/rates.ts";
import type { AppContext } from "./app-env.ts";
import { servicesOf } from "./compose.ts";
import { likelyCountry } from "./destination.ts";

/** Null for an empty cart, and where the store ships nothing. */
export async function cartEstimate(
  c: AppContext,
  { lines, subtotal }: CartView,
): Promise<CartEstimate | null> {
  if (lines.length === 0) return null;
  const rates = await servicesOf(c.env).catalog.rates();
  const priced = lines.map(({ quantity, unitPrice }) => ({ quantity, unitAmountMinor: unitPrice.amount }));
  return estimateFor(rates, { country: likelyCountry(c, rates) }, priced, subtotal.currency);
}
