/** The normal form of an e-mail address. */
import { describe, expect, it } from "vitest";
import { normaliseEmail } from "./email-address.ts";

describe("an e-mail address", () => {
  it("is known however it was typed", () => {
    expect(normaliseEmail("  Ada.Lovelace@Example.COM\t")).toBe("ada.lovelace@example.com");
    expect(normaliseEmail("Zoe\u0308@example.com")).toBe(normaliseEmail("ZO\u00cb@EXAMPLE.COM"));
  });

  it("stays as it is once normalised", () => {
    for (const email of [" A@B.c ", "\u0130@example.com", "stra\u00dfe@example.com"]) {
      expect(normaliseEmail(normaliseEmail(email))).toBe(normaliseEmail(email));
    }
  });

  it("keeps addresses apart that only look alike", () => {
    expect(normaliseEmail("ada+shop@example.com")).not.toBe(normaliseEmail("ada@example.com"));
  });
});
