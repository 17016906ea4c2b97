/** The checkout form: its fields, its hidden ones, and which field an error of the contract belongs to. */
import type { FieldError } from "../../src/contracts/problem.ts";
import type { ShippingMethod } from "../../src/domain/pricing.ts";

/** The values as typed; names are those of the form's fields. */
export interface CheckoutValues {
  readonly email: string;
  readonly name: string;
  readonly line1: string;
  readonly line2: string;
  readonly city: string;
  readonly region: string;
  readonly postalCode: string;
  readonly country: string;
  readonly shippingMethod: ShippingMethod;
}

export const EMPTY_CHECKOUT: CheckoutValues = {
  email: "",
  name: "",
  line1: "",
  line2: "",
  city: "",
  region: "",
  postalCode: "",
  country: "US",
  shippingMethod: "standard",
};

/** Names of the hidden fields. The subtotal is what was shown; the total expected is that plus the chosen method's shipping. */
export const HIDDEN_FIELDS = {
  idempotencyKey: "idempotencyKey",
  expectedSubtotal: "expectedSubtotal",
} as const;

/** The fields as the form shows them, from top to bottom. */
const FIELDS: readonly (keyof CheckoutValues)[] = [
  "email",
  "name",
  "line1",
  "line2",
  "postalCode",
  "city",
  "region",
  "country",
  "shippingMethod",
];

/** The fields' labels. */
export const FIELD_LABELS: Readonly<Record<keyof CheckoutValues, string>> = {
  email: "E-mail",
  name: "Full name",
  line1: "Street and number",
  line2: "Apartment, floor, company",
  city: "City",
  region: "State or region",
  postalCode: "Postal code",
  country: "Country",
  shippingMethod: "Shipping",
};

/** What to do, by field: the contract's own messages are for programmers. */
const MESSAGES: Readonly<Record<keyof CheckoutValues, string>> = {
  email: "Enter an e-mail address, like ada@example.com.",
  name: "Enter the name of who receives the parcel.",
  line1: "Enter the street and number.",
  line2: "This line is too long.",
  city: "Enter the city.",
  region: "This is too long.",
  postalCode: "Enter the postal code.",
  country: "Choose a country.",
  shippingMethod: "Choose how it is sent.",
};

/**
 * Errors by field name. Paths may be `email` or `shippingAddress.city`: the last part is the field.
 * Errors of other paths are not the shopper's to correct and are left out. In the order of the form.
 */
export function fieldMessages(errors: readonly FieldError[]): ReadonlyMap<keyof CheckoutValues, string> {
  const wrong = new Set(errors.map(({ path }) => path.split(/[./]/).at(-1) ?? ""));
  return new Map(FIELDS.filter((field) => wrong.has(field)).map((field) => [field, MESSAGES[field]]));
}

/** Where a field is on the page: the shipping methods have one radio each, so the first stands for them. */
export function fieldId(field: keyof CheckoutValues): string {
  return field === "shippingMethod" ? "shipping-standard" : `field-${field}`;
}
