import { describe, expect, it } from "vitest";
import { isPostalCodeOf, needsRegion } from "./postal-address.ts";

const GOOD: readonly (readonly [string, string])[] = [
  ["US", "62701"],
  ["US", "62701-1234"],
  ["GB", "SW1A 1AA"],
  ["GB", "sw1a1aa"],
  ["GB", "M1 1AE"],
  ["CA", "K1A 0B1"],
  ["CA", "k1a0b1"],
  ["DE", "10115"],
  ["NL", "1012 AB"],
  ["SE", "114 55"],
  ["PL", "00-950"],
  ["PT", "1000-001"],
  ["JP", "100-0001"],
  ["IE", "D02 AF30"],
  ["LU", "L-1009"],
  ["LV", "LV-1010"],
  ["SG", "018956"],
  ["AT", " 1010 "],
];

const WRONG: readonly (readonly [string, string])[] = [
  ["US", "6270"],
  ["US", "SW1A 1AA"],
  ["GB", "62701"],
  ["CA", "D1A 0B1"],
  ["DE", "1011"],
  ["AT", "10115"],
  ["NL", "1012"],
  ["JP", "1000"],
  ["SG", "12345"],
];

describe("a postal code", () => {
  it.each(GOOD)("of %s may be %s", (country, postalCode) => {
    expect(isPostalCodeOf(country, postalCode)).toBe(true);
  });

  it.each(WRONG)("of %s is not %s", (country, postalCode) => {
    expect(isPostalCodeOf(country, postalCode)).toBe(false);
  });

  it("of a country nobody knows is taken as it is", () => {
    expect(isPostalCodeOf("XX", "anything")).toBe(true);
    expect(isPostalCodeOf("constructor", "anything")).toBe(true);
  });
});

describe("a region", () => {
  it("is needed where mail does not arrive without it", () => {
    expect(["US", "CA", "AU", "JP", "DE", "GB", "XX"].filter(needsRegion)).toEqual(["US", "CA", "AU", "JP"]);
  });
});
