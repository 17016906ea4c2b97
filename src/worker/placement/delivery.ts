/** Shipping and taxes of a request, by the merchant's rates as this place has them. */
import type { Catalog } from "../../adapters/catalog/catalog.ts";
import type { PlaceOrderBody } from "../../contracts/orders.ts";
import type { FieldError } from "../../contracts/problem.ts";
import type { OrderTerms } from "../../domain/pricing.ts";
import { termsOf, type RateRefusal } from "../../domain/rates.ts";
import type { PlacementRefusal } from "./refusal.ts";
import type { RequestedLine } from "./requested-lines.ts";

export type Delivery =
  | { readonly ok: true; readonly terms: OrderTerms }
  /** What to answer where there is no order of this request yet. */
  | { readonly ok: false; readonly refusal: PlacementRefusal };

/** @throws CatalogUnavailable when no copy of the rates can be had */
export async function deliveryOf(
  catalog: Pick<Catalog, "rates">,
  { shippingAddress, shippingMethod }: PlaceOrderBody,
  lines: readonly RequestedLine[],
): Promise<Delivery> {
  const currency = lines[0]?.terms.currency ?? "";
  const outcome = termsOf(await catalog.rates(), shippingAddress, shippingMethod, currency);
  if (outcome.ok) return outcome;
  return {
    ok: false,
    refusal: {
      ok: false,
      code: "validation_failed",
      detail: "This order cannot be sent as asked.",
      errors: [ERRORS[outcome.reason]],
    },
  };
}

const ERRORS: Readonly<Record<RateRefusal, FieldError>> = {
  country_not_served: {
    path: "shippingAddress.country",
    message: "must be a country this store ships to",
  },
  method_not_offered: { path: "shippingMethod", message: "must be one that is offered for this address" },
  region_unknown: {
    path: "shippingAddress.region",
    message: "must be a state or province of the country",
  },
};
