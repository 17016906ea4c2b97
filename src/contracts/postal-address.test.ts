/** One rule for addresses: the order API, the address book, and the forms that post to either. */
import { describe, expect, it } from "vitest";
import { PlaceOrderBody } from "./orders.ts";
import { AddressBody } from "./profile.ts";

const ADDRESS = {
  name: "Ada Lovelace",
  line1: "1 Main St",
  city: "Springfield",
  region: "IL",
  postalCode: "62701",
  country: "US",
};

interface Judged {
  /** The parts that are wrong. */
  readonly wrong: readonly string[];
  readonly postalCode: string | null;
}

function ordered(change: object): Judged {
  const judged = PlaceOrderBody.safeParse({
    lines: [{ sku: "PHONE-1", quantity: 1 }],
    email: "ada@example.com",
    shippingAddress: { ...ADDRESS, ...change },
    shippingMethod: "standard",
  });
  return judged.success
    ? { wrong: [], postalCode: judged.data.shippingAddress.postalCode }
    : { wrong: judged.error.issues.map(({ path }) => path.slice(1).join(".")), postalCode: null };
}

function kept(change: object): Judged {
  const judged = AddressBody.safeParse({ ...ADDRESS, ...change });
  return judged.success
    ? { wrong: [], postalCode: judged.data.postalCode }
    : { wrong: judged.error.issues.map(({ path }) => path.join(".")), postalCode: null };
}

describe.each([
  ["an order", ordered],
  ["the address book", kept],
])("an address of %s", (_, judge) => {
  it.each(["ZZ", "RU", "AQ", "us", "", "USA"])("is not in %j", (country) => {
    expect(judge({ country }).wrong).toEqual(["country"]);
  });

  it.each([
    ["US", "62701"],
    ["CA", "K1A 0B1"],
    ["AU", "2000"],
    ["JP", "100-0001"],
  ])("needs a region in %s", (country, postalCode) => {
    expect(judge({ country, postalCode, region: undefined }).wrong).toEqual(["region"]);
    expect(judge({ country, postalCode, region: "\u3164" }).wrong).toEqual(["region"]);
    expect(judge({ country, postalCode, region: "Region" }).wrong).toEqual([]);
  });

  it.each([
    ["US", "ABC"],
    ["DE", "123"],
    ["US", ""],
    ["DE", undefined],
  ])("of %s has no postal code %j", (country, postalCode) => {
    expect(judge({ country, postalCode }).wrong).toEqual(["postalCode"]);
  });

  it.each([
    ["JP", "１００－０００１", "100-0001"],
    ["JP", "〒100-0001", "100-0001"],
    ["CH", "CH-8001", "8001"],
    ["FI", "FI-00550", "00550"],
    ["AT", "A-1010", "1010"],
    ["CA", "H1A-1A1", "H1A 1A1"],
    ["US", "62701 1234", "62701-1234"],
    ["US", "62701–1234", "62701-1234"],
    ["US", "APO AE 09012", "09012"],
    ["GB", "BFPO61", "BFPO 61"],
    ["IE", "", ""],
    ["IE", undefined, ""],
  ])("of %s with the postal code %j is kept with %j", (country, postalCode, written) => {
    expect(judge({ country, postalCode })).toEqual({ wrong: [], postalCode: written });
  });

  it.each(["name", "line1", "city"])("has something to read as its %s", (part) => {
    expect(judge({ [part]: "\u200b\u3164" }).wrong).toEqual([part]);
    expect(judge({ [part]: "山田太郎" }).wrong).toEqual([]);
  });
});
