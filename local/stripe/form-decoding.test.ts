/** Stripe's form encoding, also when somebody means harm. */
import { describe, expect, it } from "vitest";
import { decodeForm } from "./form-decoding.ts";

describe("decodeForm", () => {
  it.each([
    ["", {}],
    ["a=1&b=x+y%26", { a: "1", b: "x y&" }],
    ["a[b][c]=1&a[d]=2", { a: { b: { c: "1" }, d: "2" } }],
    ["list[]=x&list[]=y", { list: ["x", "y"] }],
    ["list[0]=x&list[1]=y", { list: ["x", "y"] }],
    ["items[0][sku]=x&items[1][sku]=y", { items: [{ sku: "x" }, { sku: "y" }] }],
    ["metadata[some key]=v", { metadata: { "some key": "v" } }],
    ["a=1&a=2", { a: "2" }],
  ])("reads %s", (text, expected) => {
    expect(JSON.parse(JSON.stringify(decodeForm(text)))).toEqual(expected);
  });

  it("takes __proto__ for a name like any other", () => {
    const decoded = decodeForm("__proto__[polluted]=1&constructor[prototype][polluted]=1");
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(Object.keys(decoded)).toEqual(["__proto__", "constructor"]);
  });

  it.each(["a[b=1", "[a]=1", "a]b=1&c[=2", "a=1&a[b]=2", "a[b]=1&a=2", "a[b][c][d][e][f][g]=1"])(
    "refuses %s",
    (text) => {
      expect(() => decodeForm(text)).toThrow();
    },
  );

  it("refuses more pairs than any request needs", () => {
    expect(() => decodeForm(Array.from({ length: 1001 }, (_, index) => `p${index}=1`).join("&"))).toThrow(
      "1000",
    );
  });
});
