/** Shipping and billing details: the parameters, and the resources with every field that was not given as `null`. */
import type Stripe from "stripe";
import { parameterMissing } from "./errors.ts";
import type { FormObject } from "./form-decoding.ts";
import { allowOnly, optionalClearable, optionalObject } from "./parameters.ts";

const ADDRESS_FIELDS = ["city", "country", "line1", "line2", "postal_code", "state"] as const;

function readAddress(params: FormObject, within: string): Stripe.Address {
  allowOnly(params, ADDRESS_FIELDS, within);
  const field = (name: (typeof ADDRESS_FIELDS)[number]): string | null =>
    optionalClearable(params, name) ?? null;
  return {
    city: field("city"),
    country: field("country"),
    line1: field("line1"),
    line2: field("line2"),
    postal_code: field("postal_code"),
    state: field("state"),
  };
}

/** `shipping`, which needs a name and an address. */
export function readShipping(params: FormObject): Stripe.PaymentIntent.Shipping {
  allowOnly(params, ["address", "name", "carrier", "phone", "tracking_number"], "shipping");
  const address = optionalObject(params, "address");
  const name = optionalClearable(params, "name");
  if (address === undefined) throw parameterMissing("shipping[address]");
  if (name === undefined || name === null) throw parameterMissing("shipping[name]");
  return {
    address: readAddress(address, "shipping[address]"),
    carrier: optionalClearable(params, "carrier") ?? null,
    name,
    phone: optionalClearable(params, "phone") ?? null,
    tracking_number: optionalClearable(params, "tracking_number") ?? null,
  };
}

/** `billing_details`; all of it may be absent. */
export function readBillingDetails(params: FormObject | undefined): Stripe.PaymentMethod.BillingDetails {
  if (params !== undefined)
    allowOnly(params, ["address", "email", "name", "phone", "tax_id"], "billing_details");
  const given = params ?? {};
  return {
    address: readAddress(optionalObject(given, "address") ?? {}, "billing_details[address]"),
    email: optionalClearable(given, "email") ?? null,
    name: optionalClearable(given, "name") ?? null,
    phone: optionalClearable(given, "phone") ?? null,
    tax_id: optionalClearable(given, "tax_id") ?? null,
  };
}
