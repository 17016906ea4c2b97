/** The checkout's rules in words agree with the schema that the server judges by. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PlaceOrderBody, ShippingAddress } from "../src/contracts/orders.ts";
import { isPostalCodeOf } from "../src/domain/postal-address.ts";
import { addressWords, asLabel } from "./address-words.ts";
import { fieldProblem, TYPED_FIELDS, type TypedField } from "./checkout-rules.ts";

const GOOD = {
  name: "Ada Lovelace",
  line1: "1 Main St",
  line2: "",
  city: "Springfield",
  region: "",
  postalCode: "62701",
  country: "US",
};

/** Whether the schema takes this value, all others being good. */
function schemaTakes(field: TypedField, value: string): boolean {
  if (field === "email") return PlaceOrderBody.shape.email.safeParse(value).success;
  const fits = field !== "postalCode" || isPostalCodeOf("US", value);
  return fits && ShippingAddress.safeParse({ ...GOOD, [field]: value }).success;
}

const EMAILS = [
  "ada@example.com",
  " ada@example.com ",
  "ada@example",
  "ada",
  "a@b.c",
  "ada.l+shop@mail.example.co.uk",
  ".ada@example.com",
  "ada..l@example.com",
  "ada@-example.com",
  `${"a".repeat(243)}@example.com`,
  `${"a".repeat(242)}@example.com`,
  "ada@exämple.com",
];

describe("the checkout's rules", () => {
  it("judge e-mail addresses as the schema does", () => {
    for (const email of EMAILS)
      expect([email, fieldProblem("email", email, "US") === null]).toEqual([
        email,
        schemaTakes("email", email),
      ]);
    fc.assert(
      fc.property(fc.oneof(fc.emailAddress(), fc.string({ maxLength: 40 })), (email) => {
        expect(fieldProblem("email", email, "US") === null).toBe(schemaTakes("email", email));
      }),
    );
  });

  it("judge every other field as the schema does, at its bounds and with characters nobody can print", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 30 }),
      fc.integer({ min: 0, max: 210 }).map((length) => "x".repeat(length)),
      fc.constantFrom("", " ", "\u0000", "a\nb", "\ud800", "US", "us", "  US", "東京"),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...TYPED_FIELDS.filter((field) => field !== "email")),
        text,
        (field, value) => {
          expect(fieldProblem(field, value, "US") === null).toBe(schemaTakes(field, value));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("say what to do with the words of the country", () => {
    expect(fieldProblem("postalCode", "", "US")).toBe("Enter the ZIP code.");
    expect(fieldProblem("postalCode", " ", "GB")).toBe("Enter the postcode.");
    expect(fieldProblem("postalCode", "62701", "GB")).toBe("Check the postcode.");
    expect(fieldProblem("postalCode", " sw1a 1aa ", "GB")).toBeNull();
    expect(asLabel(addressWords("JP").region)).toBe("Prefecture");
    expect(addressWords("XX")).toEqual({ postalCode: "postal code", region: "region", digitsOnly: true });
  });
});
