import { describe, expect, it } from "vitest";
import { parseSigningKeys, readStockNoticeToken, stockNoticeToken } from "./index.ts";

const ID = "0b8f5a9e-1c2d-4e3f-8a4b-5c6d7e8f9a0b";
const former = parseSigningKeys("v1:a-secret-of-the-tests-that-is-long-enough", "1:v1:n2:4");
const rotated = parseSigningKeys(
  "v2:another-secret-of-the-tests-long-enough,v1:a-secret-of-the-tests-that-is-long-enough",
  "1:v1:n2:4",
);

describe("the token that ends e-mails about stock", () => {
  it("gives its notice's id back, also after a rotation of keys", () => {
    expect(readStockNoticeToken(former, stockNoticeToken(former, ID))).toBe(ID);
    expect(readStockNoticeToken(rotated, stockNoticeToken(former, ID))).toBe(ID);
  });

  it("is worth nothing where a character differs, or another key signed it", () => {
    const token = stockNoticeToken(former, ID);
    const last = token.endsWith("0") ? "1" : "0";
    expect(readStockNoticeToken(former, token.slice(0, -1) + last)).toBeNull();
    expect(readStockNoticeToken(former, token.replace("0b8f", "0b80"))).toBeNull();
    expect(readStockNoticeToken(former, stockNoticeToken(rotated, ID))).toBeNull();
    expect(readStockNoticeToken(former, "")).toBeNull();
  });

  it("is made of ids only", () => {
    expect(() => stockNoticeToken(former, "ada@example.com")).toThrow(RangeError);
  });
});
