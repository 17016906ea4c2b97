/**
 * What the checkout's fields may hold and what is said where they do not: the order's schema again, in words for people, small
 * enough for the browser, and postal codes as the country writes them (src/domain/postal-address.ts). The server judges by the
 * schema and the same rule; a test holds the two to the same answers. Pure.
 */
import { isPostalCodeOf } from "../src/domain/postal-address.ts";
import { addressWords } from "./address-words.ts";

/** The fields that are typed or chosen, from top to bottom. */
export const TYPED_FIELDS = [
  "email",
  "name",
  "country",
  "line1",
  "line2",
  "postalCode",
  "city",
  "region",
] as const;
export type TypedField = (typeof TYPED_FIELDS)[number];

interface Rule {
  /** In UTF-16 units, as `maxlength` counts. */
  readonly max: number;
  readonly optional?: true;
}

export const FIELD_RULES: Readonly<Record<TypedField, Rule>> = {
  email: { max: 254 },
  name: { max: 200 },
  country: { max: 2 },
  line1: { max: 200 },
  line2: { max: 200, optional: true },
  postalCode: { max: 20 },
  city: { max: 100 },
  region: { max: 100, optional: true },
};

/** The schema's own pattern (zod's `email`). */
const EMAIL =
  /^(?!\.)(?!.*\.\.)([A-Za-z0-9_'+\-.]*)[A-Za-z0-9_+-]@([A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}$/;
const COUNTRY = /^[A-Z]{2}$/;
const NOT_ON_A_LINE = /[\p{Cc}\p{Cs}]/u;

/**
 * What is wrong with a field, as an advice to who typed it; null where nothing is.
 *
 * @param country the country chosen, which names the parts of the address
 */
export function fieldProblem(field: TypedField, value: string, country: string): string | null {
  const text = value.trim();
  const { max, optional } = FIELD_RULES[field];
  if (text === "") return optional === true ? null : advice(field, country);
  if (text.length > max) return `This is too long: ${max} characters at most.`;
  if (field === "email") return EMAIL.test(text) ? null : advice(field, country);
  if (field === "country") return COUNTRY.test(value) ? null : advice(field, country);
  if (NOT_ON_A_LINE.test(text)) return "Some of these characters cannot be printed on a label.";
  return field === "postalCode" && !isPostalCodeOf(country, text)
    ? `Check the ${addressWords(country).postalCode}.`
    : null;
}

function advice(field: TypedField, country: string): string {
  switch (field) {
    case "email":
      return "Enter an e-mail address, like ada@example.com.";
    case "name":
      return "Enter the name of who receives the parcel.";
    case "country":
      return "Choose a country.";
    case "line1":
      return "Enter the street and number.";
    case "city":
      return "Enter the city.";
    case "postalCode":
      return `Enter the ${addressWords(country).postalCode}.`;
    case "line2":
    case "region":
      return "Leave this empty or enter it again.";
  }
}
