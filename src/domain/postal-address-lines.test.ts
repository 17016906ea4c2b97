import { describe, expect, it } from "vitest";
import { COUNTRIES_KNOWN } from "./countries.ts";
import { postalAddressLines } from "./postal-address-lines.ts";

const ADDRESS = {
  name: "Ada Lovelace",
  line1: "Street 1",
  line2: "",
  city: "Town",
  region: "Region",
  postalCode: "CODE",
};

/** Everything between the recipient and the country. */
const BY_COUNTRY: readonly (readonly [string, readonly string[]])[] = [
  ["US", ["Street 1", "Town, Region CODE", "United States"]],
  ["CA", ["Street 1", "Town Region CODE", "Canada"]],
  ["AU", ["Street 1", "Town Region CODE", "Australia"]],
  ["GB", ["Street 1", "Town", "Region", "CODE", "United Kingdom"]],
  ["IE", ["Street 1", "Town", "Region", "CODE", "Ireland"]],
  ["DE", ["Street 1", "CODE Town", "Germany"]],
  ["FR", ["Street 1", "CODE Town", "France"]],
  ["ES", ["Street 1", "CODE Town Region", "Spain"]],
  ["CH", ["Street 1", "CH-CODE Town", "Switzerland"]],
  ["HU", ["Town", "Street 1", "CODE", "Hungary"]],
  ["LV", ["Street 1", "Town, CODE", "Latvia"]],
  ["SG", ["Street 1", "Town CODE", "Singapore"]],
  ["JP", ["Street 1", "Town, Region", "CODE", "Japan"]],
];

describe("the lines of an address", () => {
  it.each(BY_COUNTRY)("are those of %s", (country, lines) => {
    expect(postalAddressLines({ ...ADDRESS, country })).toEqual(["Ada Lovelace", ...lines]);
  });

  it("in Japanese writing go from the large to the small", () => {
    const address = {
      name: "山田太郎",
      line1: "千代田1-1",
      city: "千代田区",
      region: "東京都",
      postalCode: "100-0001",
      country: "JP",
    };
    expect(postalAddressLines(address)).toEqual([
      "〒100-0001",
      "東京都千代田区",
      "千代田1-1",
      "山田太郎",
      "Japan",
    ]);
  });

  it("leave out what there is none of, without its punctuation", () => {
    const bare = { name: "Ada", line1: "1 Main St", city: "Cork", postalCode: "" };
    for (const country of COUNTRIES_KNOWN) {
      const lines = postalAddressLines({ ...bare, country });
      expect(lines).toHaveLength(4);
      expect(lines).toContain("Cork");
    }
  });

  it("name the country, and never by its code", () => {
    for (const country of COUNTRIES_KNOWN) {
      const last = postalAddressLines({ ...ADDRESS, country }).at(-1);
      expect(last).toMatch(/^[A-Z][a-z]+/);
    }
  });
});
