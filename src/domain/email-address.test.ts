/** Which e-mail addresses are taken, as they are mailed to and as they are known. */
import { describe, expect, it } from "vitest";
import { emailFault, mailableEmail, normalisationOf, normaliseEmail } from "./email-address.ts";

/** What `<input type="email">` takes. */
const TAKEN = [
  "ada@example.com",
  "a.b+c_d-e@mail.example.co.uk",
  "a&b@example.com",
  "a/b=@example.com",
  "!#$%&'*+/=?^_`{|}~-@example.com",
  ".ada..l.@example.com",
  "anna@xn--80a1acny.xn--p1ai",
  "ada@example",
  "ada@1and1.com",
  `ada@${"a".repeat(63)}.com`,
  `${"a".repeat(242)}@example.com`,
];

describe("an e-mail address", () => {
  it.each(TAKEN)("may be %s, and is mailed to as it is", (email) => {
    expect([mailableEmail(` ${email}\t`), emailFault(email)]).toEqual([email, null]);
  });

  it.each([
    ["anna@почта.рф", "anna@xn--80a1acny.xn--p1ai"],
    ["zoe@EXÄMPLE.com", "zoe@xn--exmple-cua.com"],
    ["zoe@exa\u0308mple.com", "zoe@xn--exmple-cua.com"],
    ["taro@例え。テスト", "taro@xn--r8jz45g.xn--zckzah"],
    ["taro@ｅｘａｍｐｌｅ．com", "taro@example.com"],
    ["ada@Example.COM", "ada@example.com"],
    ["\u202aada@example.com\u202c", "ada@example.com"],
    ["ada@example.com\u200b", "ada@example.com"],
  ])("%s is mailed to as %s", (typed, mailed) => {
    expect([mailableEmail(typed), emailFault(mailed)]).toEqual([mailed, null]);
  });

  it.each([
    "",
    "ada",
    "@example.com",
    "ada@",
    "ada@@example.com",
    "a b@example.com",
    "ada@exa mple.com",
    "a@example-.com",
    "a@-example.com",
    "a@exämple-.com",
    "a@-exämple.com",
    "a@example..com",
    "a@exämple..com",
    "a@example.com.",
    "a@.com",
    "a@exam_ple.com",
    "a@exäm_ple.com",
    "a@exämple.com/path",
    "a@exämple.com:25",
    "a@ex%C3%A4mple.com",
    "a@１.２",
    "a@[127.0.0.1]",
    '"ada"@example.com',
    "ada@example.com\nBcc: eve@example.com",
    "Ada <ada@example.com>",
    `ada@${"a".repeat(64)}.com`,
  ])("is not %j", (typed) => {
    expect(emailFault(mailableEmail(typed))).toBe("malformed");
  });

  it("with other letters before the @ is told apart, as mail cannot be delivered to it", () => {
    expect(emailFault(mailableEmail("анна@почта.рф"))).toBe("local_part");
    expect(emailFault(mailableEmail("zoë@example.com"))).toBe("local_part");
  });

  it("is bounded as it is mailed to", () => {
    expect(emailFault(`${"a".repeat(243)}@example.com`)).toBe("too_long");
    expect(emailFault(mailableEmail(`${"a".repeat(240)}@ä.com`))).toBeNull();
    expect(emailFault(mailableEmail(`${"a".repeat(244)}@ä.com`))).toBe("too_long");
  });
});

describe("the normal form of an address", () => {
  it("is the same however it was typed", () => {
    expect(normaliseEmail("  Ada.Lovelace@Example.COM\t")).toBe("ada.lovelace@example.com");
    expect(normaliseEmail("Anna@ПОЧТА.рф")).toBe(normaliseEmail("anna@xn--80a1acny.xn--p1ai"));
    expect(normaliseEmail("Zoe\u0308@example.com")).toBe(normaliseEmail("ZO\u00cb@EXAMPLE.COM"));
  });

  it("stays as it is once normalised", () => {
    for (const email of [" A@B.c ", "\u0130@example.com", "stra\u00dfe@stra\u00dfe.de", "part of one"]) {
      expect(normaliseEmail(normaliseEmail(email))).toBe(normaliseEmail(email));
    }
  });

  it("keeps addresses apart that only look alike", () => {
    expect(normaliseEmail("ada+shop@example.com")).not.toBe(normaliseEmail("ada@example.com"));
  });
});

it("every rule of normalization is found by its version", () => {
  expect([1, 2].map((version) => normalisationOf(version).version)).toEqual([1, 2]);
  expect(() => normalisationOf(3)).toThrow("no normalisation 3");
});
