/** Customers, as far as a store needs them to group its payments. */
import type Stripe from "stripe";
import { readShipping } from "./addresses.ts";
import { resourceMissing } from "./errors.ts";
import { emit } from "./events.ts";
import type { FormObject } from "./form-decoding.ts";
import { newId, randomLetters } from "./identifiers.ts";
import { ok } from "./operation.ts";
import type { Answer, Operation } from "./operation.ts";
import { allowOnly, mergedMetadata, optionalClearable, optionalObject } from "./parameters.ts";

/** `POST /v1/customers` */
export function createCustomer(operation: Operation, params: FormObject): Answer {
  allowOnly(params, ["email", "name", "phone", "description", "metadata", "shipping", "expand"]);
  const shipping = optionalObject(params, "shipping");
  const customer: Stripe.Customer = {
    id: newId("cus"),
    object: "customer",
    address: null,
    balance: 0,
    created: operation.now,
    currency: null,
    default_source: null,
    delinquent: false,
    description: optionalClearable(params, "description") ?? null,
    email: optionalClearable(params, "email") ?? null,
    invoice_prefix: randomLetters(8).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    metadata: mergedMetadata(params, {}),
    name: optionalClearable(params, "name") ?? null,
    next_invoice_sequence: 1,
    phone: optionalClearable(params, "phone") ?? null,
    preferred_locales: [],
    shipping: shipping === undefined ? null : readShipping(shipping),
    tax_exempt: "none",
    test_clock: null,
  };
  operation.state.customers.put(customer.id, customer);
  emit(operation, "customer.created", customer);
  return ok(customer);
}

/** `GET /v1/customers/:id` */
export function retrieveCustomer(operation: Operation, id: string): Answer {
  const customer = operation.state.customers.get(id);
  if (customer === undefined) throw resourceMissing("customer", id, "id");
  return ok(customer);
}
