/** The checkout's rules in words agree with the schema that the server judges by. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EmailAddress } from "../src/contracts/email-address.ts";
import { ShippingAddress } from "../src/contracts/postal-address.ts";
import { COUNTRIES_KNOWN } from "../src/domain/countries.ts";
import { addressWords, asLabel } from "./address-words.ts";
import { fieldProblem, TYPED_FIELDS, type TypedField } from "./checkout-rules.ts";

const GOOD = {
  name: "Ada Lovelace",
  line1: "1 Main St",
  line2: "",
  city: "Springfield",
  region: "IL",
  postalCode: "62701",
  country: "US",
};

/** Whether the schema takes this value, all others being good. */
function schemaTakes(field: TypedField, value: string): boolean {
  if (field === "email") return EmailAddress.safeParse(value).success;
  return ShippingAddress.safeParse({ ...GOOD, [field]: value }).success;
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
  "adä@example.com",
  "a&b@example.com",
  "ada@example-.com",
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
      fc.constantFrom(
        "",
        " ",
        "\u0000",
        "a\nb",
        "\ud800",
        "US",
        "us",
        "  US",
        "東京",
        "\u200b",
        "\u3164",
        "a\u2028b",
        "\u202ea",
        "６２７０１ １２３４",
      ),
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

  it("judge an address without a region or postal code as the schema does in every country", () => {
    for (const country of COUNTRIES_KNOWN) {
      const address = { ...GOOD, country, postalCode: "", region: "" };
      const judged = ShippingAddress.safeParse(address);
      const wrong = judged.success ? [] : judged.error.issues.map(({ path }) => path.join("."));
      const found = (["postalCode", "region"] as const).filter(
        (field) => fieldProblem(field, "", country) !== null,
      );
      expect([country, found]).toEqual([country, wrong]);
    }
  });

  it("say what to do with the words of the country", () => {
    expect(fieldProblem("postalCode", "", "US")).toBe("Enter the ZIP code.");
    expect(fieldProblem("postalCode", " ", "GB")).toBe("Enter the postcode.");
    expect(fieldProblem("postalCode", "62701", "GB")).toBe("Check the postcode.");
    expect(fieldProblem("postalCode", " sw1a 1aa ", "GB")).toBeNull();
    expect(fieldProblem("region", "", "US")).toBe("Enter the state.");
    expect(fieldProblem("region", "", "DE")).toBeNull();
    expect(fieldProblem("postalCode", "", "IE")).toBeNull();
    expect(fieldProblem("email", "adä@example.com", "US")).toMatch(/only letters from A to Z/);
    expect(asLabel(addressWords("JP").region)).toBe("Prefecture");
    expect(addressWords("XX")).toEqual({ postalCode: "postal code", region: "region", digitsOnly: true });
  });
});
