/**
 * What the checkout's fields may hold and what is said where they do not: the order's schema again, in words for people, small
 * enough for the browser, by the same rules of the domain. A test holds the two to the same answers. Pure.
 */
import { isCountryKnown } from "../src/domain/countries.ts";
import { MAX_EMAIL_LENGTH } from "../src/domain/email-address.ts";
import { isOneLine, readableText } from "../src/domain/plain-text.ts";
import { needsRegion } from "../src/domain/postal-address.ts";
import { needsPostalCode, writtenPostalCode } from "../src/domain/postal-code.ts";
import { addressWords } from "./address-words.ts";
import { emailProblem } from "./email-words.ts";

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
  /** In every country, or in some: see `isOptional`. */
  readonly optional?: true | "in-part";
}

export const FIELD_RULES: Readonly<Record<TypedField, Rule>> = {
  email: { max: MAX_EMAIL_LENGTH },
  name: { max: 200 },
  country: { max: 2 },
  line1: { max: 200 },
  line2: { max: 200, optional: true },
  postalCode: { max: 20, optional: "in-part" },
  city: { max: 100 },
  region: { max: 100, optional: "in-part" },
};

/**
 * What is wrong with a field, as an advice to who typed it; null where nothing is.
 *
 * @param country the country chosen, which names the parts of the address
 */
export function fieldProblem(field: TypedField, value: string, country: string): string | null {
  const { max } = FIELD_RULES[field];
  if (field === "email") return emailProblem(value);
  if (field === "country") return isCountryKnown(value) ? null : "Choose a country.";
  const text = readableText(value);
  if (text === "") return isOptional(field, country) ? null : advice(field, country);
  if (text.length > max) return `This is too long: ${max} characters at most.`;
  if (!isOneLine(text)) return "Some of these characters can't be printed on a label.";
  const isWrongCode =
    field === "postalCode" && isCountryKnown(country) && writtenPostalCode(country, text) === null;
  return isWrongCode ? `Check the ${addressWords(country).postalCode}.` : null;
}

/** Whether a field may stay empty in an address of the country. */
function isOptional(field: TypedField, country: string): boolean {
  const { optional = false } = FIELD_RULES[field];
  if (optional !== "in-part") return optional;
  // Without a country it is that which has to be chosen first.
  if (!isCountryKnown(country)) return true;
  return field === "region" ? !needsRegion(country) : !needsPostalCode(country);
}

function advice(field: Exclude<TypedField, "email" | "country">, country: string): string {
  switch (field) {
    case "name":
      return "Enter the name of who receives the parcel.";
    case "line1":
      return "Enter the street and number.";
    case "city":
      return "Enter the city.";
    case "postalCode":
    case "region":
      return `Enter the ${addressWords(country)[field]}.`;
    case "line2":
      return "Leave this empty or enter it again.";
  }
}
