import { describe, expect, it } from "vitest";
import { hashPassword, verifyPassword } from "./password.ts";

describe("a password's hash", () => {
  it("knows its password, and no other", async () => {
    const stored = await hashPassword("correct horse battery staple");
    expect(await verifyPassword(stored, "correct horse battery staple")).toBe(true);
    expect(await verifyPassword(stored, "correct horse battery stapl")).toBe(false);
  });
  it("is another one each time", async () => {
    expect(await hashPassword("the same password")).not.toBe(await hashPassword("the same password"));
  });
  it("knows the password typed with composed or decomposed letters", async () => {
    expect(await verifyPassword(await hashPassword("caf\u00e9 creme"), "cafe\u0301 creme")).toBe(true);
  });
  it("is not taken for one where it is something else", async () => {
    await expect(verifyPassword("plain text", "plain text")).rejects.toThrow("unknown form");
  });
});
