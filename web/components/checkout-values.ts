/** The checkout form: its fields, its hidden ones, and which field an error of the contract belongs to. */
import type { FieldError } from "../../src/contracts/problem.ts";
import { addressWords, asLabel } from "../address-words.ts";
import { fieldProblem, TYPED_FIELDS, type TypedField } from "../checkout-rules.ts";

/** The values as typed; names are those of the form's fields. */
export type CheckoutValues = Readonly<Record<TypedField, string>> & {
  /** The code of a method; empty where none was chosen. */
  readonly shippingMethod: string;
};
export type CheckoutField = keyof CheckoutValues;

export const EMPTY_CHECKOUT: CheckoutValues = {
  email: "",
  name: "",
  line1: "",
  line2: "",
  city: "",
  region: "",
  postalCode: "",
  country: "US",
  shippingMethod: "",
};

/** Name of the hidden field that says which items the page showed, and at what prices (`writeAgreement`). */
export const AGREED_FIELD = "agreed";

/** Name of the hidden field that says which totals the page showed, by shipping method (`writeTotals`). */
export const TOTALS_FIELD = "totals";

/** The id of a shipping method's radio, by its place: the style sheet shows the totals of the chosen place. */
export function shippingMethodId(index: number): string {
  return `shipping-method-${String(index + 1)}`;
}

/** A field's label; some parts of an address have other names elsewhere. */
export function fieldLabel(field: CheckoutField, country: string): string {
  switch (field) {
    case "email":
      return "E-mail";
    case "name":
      return "Full name";
    case "country":
      return "Country";
    case "line1":
      return "Street and number";
    case "line2":
      return "Apartment, floor, company";
    case "city":
      return "City";
    case "postalCode":
    case "region":
      return asLabel(addressWords(country)[field]);
    case "shippingMethod":
      return "Shipping";
  }
}

/**
 * What to do about each field that the contract refused: its own messages are for programmers. Paths may be `email` or
 * `shippingAddress.city`: the last part is the field. Errors of other paths are not the shopper's to correct and are left
 * out. In the order of the form.
 */
export function fieldMessages(
  errors: readonly FieldError[],
  values: CheckoutValues,
): ReadonlyMap<CheckoutField, string> {
  const wrong = new Set(errors.map(({ path }) => path.split(/[./]/).at(-1) ?? ""));
  const messages = new Map<CheckoutField, string>(
    TYPED_FIELDS.filter((field) => wrong.has(field)).map((field) => [
      field,
      fieldProblem(field, values[field], values.country) ?? "Check this field.",
    ]),
  );
  if (wrong.has("shippingMethod")) messages.set("shippingMethod", "Choose how it is sent.");
  return messages;
}

/** Where a field is on the page: the shipping methods have one radio each, so the first stands for them. */
export function fieldId(field: CheckoutField): string {
  return field === "shippingMethod" ? shippingMethodId(0) : `field-${field}`;
}
