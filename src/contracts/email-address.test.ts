/** One shape of addresses wherever one is typed. */
import { describe, expect, it } from "vitest";
import { AccountEmailBody, ChangeEmailBody, SignInBody, SignUpBody } from "./accounts.ts";
import { OrderLookupBody, PlaceOrderBody } from "./orders.ts";
import { StockNoticeForm } from "./stock-notices.ts";

const PLACES = [
  ["an order", PlaceOrderBody.shape.email],
  ["the lookup of an order", OrderLookupBody.shape.email],
  ["a stock notice", StockNoticeForm.shape.email],
  ["sign-up", SignUpBody.shape.email],
  ["sign-in", SignInBody.shape.email],
  ["a link by email", AccountEmailBody.shape.email],
  ["a change of address", ChangeEmailBody.shape.newEmail],
] as const;

describe.each(PLACES)("the address of %s", (_, schema) => {
  it.each([
    ["anna@xn--80a1acny.xn--p1ai", "anna@xn--80a1acny.xn--p1ai"],
    ["anna@почта.рф", "anna@xn--80a1acny.xn--p1ai"],
    ["a&b@example.com", "a&b@example.com"],
    ["a/b=@example.com", "a/b=@example.com"],
    [" ada@EXAMPLE.com ", "ada@example.com"],
  ])("may be %s", (typed, mailed) => {
    expect(schema.parse(typed)).toBe(mailed);
  });

  it.each([
    ["a@example-.com", "must be an email address"],
    ["ada", "must be an email address"],
    ["анна@почта.рф", "must have only ASCII characters before the @"],
    [`${"a".repeat(250)}@example.com`, "must have at most 254 characters"],
  ])("is not %s: it %s", (typed, message) => {
    expect(schema.safeParse(typed).error?.issues.map((issue) => issue.message)).toEqual([message]);
  });
});

it("an account's address is kept in its normal form", () => {
  expect(SignUpBody.shape.email.parse("Ada@Example.com")).toBe("ada@example.com");
  expect(PlaceOrderBody.shape.email.parse("Ada@Example.com")).toBe("Ada@example.com");
});
