/** Signing: what the ids promise, by example and by property. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EMAIL_NORMALISATIONS } from "../../domain/email-address.ts";
import {
  accountBuyerKeyFor,
  guestKeyFor,
  idempotencyKeyFor,
  isOrderId,
  newCartId,
  orderIdFor,
  orderToken,
  parseSigningKeys,
  payerKeyFor,
  readCartId,
  accountCartId,
  cartTag,
  isAccountCartId,
  signCartId,
  verifyOrderToken,
} from "./index.ts";

const OLD = "old-secret-old-secret-old-secret-old";
const NEW = "new-secret-new-secret-new-secret-new";
const DAY_MS = 86_400_000;
/** When the rule of normalisation changed last, and a time at which nobody looks for orders under the one before. */
const CHANGED_AT = EMAIL_NORMALISATIONS[0].from;
const SETTLED = CHANGED_AT + 3 * DAY_MS;
const RETIRED_AT = new Date(SETTLED).toISOString();
const before = parseSigningKeys(`v1:${OLD}`);
const announced = parseSigningKeys(`v1:${OLD},v2:${NEW}`);
const rotated = parseSigningKeys(`v2:${NEW},v1:${OLD}@${RETIRED_AT}`);
const ended = parseSigningKeys(`v2:${NEW}`);
const ALPHABET = Array.from("0123456789abcdefghjkmnpqrstvwxyz");
const idempotencyKey = fc.stringMatching(/^[\x21-\x7e]{1,255}$/);
const email = fc.emailAddress();

describe("SIGNING_KEYS", () => {
  test.each([
    ["", "empty"],
    ["secret", "must look like"],
    [`v12:${OLD}`, "must look like"],
    ["v1:short", "shorter than"],
    [`v1:${OLD}@${RETIRED_AT}`, "must not be retired"],
    [`v1:${OLD},v1:${NEW}`, "share a version"],
    [`v2:${NEW},v1:${OLD}@yesterday`, "not a date"],
    [`v2:${NEW},v1:${OLD}@${RETIRED_AT}@x`, "must not contain"],
  ])("%s is refused with a reason that does not show the secret", (text, reason) => {
    let message = "";
    try {
      parseSigningKeys(text);
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain(reason);
    expect(message).not.toContain(OLD);
  });
});

describe("order ids", () => {
  test("the same e-mail and key meet the same order, however the address is written", () => {
    fc.assert(
      fc.property(email, idempotencyKey, (address, key) => {
        const id = orderIdFor(before, address, key).current;
        expect(orderIdFor(before, `  ${address.toUpperCase()} `, key).current).toBe(id);
        expect(id).toMatch(/^1[0-9a-z]{34}$/);
        expect(isOrderId(before, id)).toBe(true);
      }),
    );
  });

  test("another e-mail or another key is another order, also where the two run together", () => {
    const id = orderIdFor(before, "a@example.com", "key").current;
    expect(orderIdFor(before, "b@example.com", "key").current).not.toBe(id);
    expect(orderIdFor(before, "a@example.com", "key2").current).not.toBe(id);
    expect(orderIdFor(before, "a@example.comk", "ey").current).not.toBe(id);
  });

  test("an id changed in any one character is not ours", () => {
    const id = orderIdFor(before, "a@example.com", "key").current;
    fc.assert(
      fc.property(fc.nat(id.length - 1), fc.constantFrom(...ALPHABET), (at, char) => {
        const changed = id.slice(0, at) + char + id.slice(at + 1);
        expect(isOrderId(before, changed)).toBe(changed === id);
      }),
    );
  });

  test("any other text is not an id and opens nothing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        expect(isOrderId(before, text)).toBe(false);
        expect(verifyOrderToken(before, text, text)).toBe(false);
      }),
    );
  });

  test("a rotation is bridged for 24 hours, from both sides", () => {
    const retiredAt = Date.parse(RETIRED_AT);
    const old = orderIdFor(before, "a@example.com", "key").current;
    const next = orderIdFor(ended, "a@example.com", "key").current;
    expect(orderIdFor(before, "a@example.com", "key", SETTLED).former).toEqual([]);
    expect(orderIdFor(announced, "a@example.com", "key", SETTLED)).toEqual({ current: old, former: [next] });
    expect(orderIdFor(rotated, "a@example.com", "key", retiredAt + DAY_MS - 1)).toEqual({
      current: next,
      former: [old],
    });
    expect(orderIdFor(rotated, "a@example.com", "key", retiredAt + DAY_MS).former).toEqual([]);
    expect(isOrderId(rotated, old)).toBe(true);
    expect(isOrderId(ended, old)).toBe(false);
  });
});

describe("order ids when the rule of normalisation changes", () => {
  const idAt = (now: number, keys = before) => orderIdFor(keys, "Ada@example.com", "key", now);
  const old = idAt(CHANGED_AT - 1).current;
  const next = idAt(SETTLED).current;

  test("are new from one moment on, and each version looks for the other's", () => {
    expect(old).not.toBe(next);
    expect(idAt(CHANGED_AT - 1)).toEqual({ current: old, former: [next] });
    expect(idAt(CHANGED_AT)).toEqual({ current: next, former: [old] });
    expect(idAt(CHANGED_AT + DAY_MS - 1)).toEqual({ current: next, former: [old] });
    expect(idAt(CHANGED_AT + DAY_MS)).toEqual({ current: next, former: [] });
  });

  test("are looked for under both keys as well where those change at the same time", () => {
    const { current, former } = idAt(CHANGED_AT, announced);
    const all = [before, ended].flatMap((keys) => [idAt(CHANGED_AT - 1, keys), idAt(SETTLED, keys)]);
    expect(current).toBe(next);
    expect([current, ...former].sort()).toEqual(all.map((ids) => ids.current).sort());
  });

  test("of a domain in letters of other scripts is that of its A-labels", () => {
    const unicode = orderIdFor(before, "anna@почта.рф", "key", SETTLED).current;
    expect(orderIdFor(before, "Anna@xn--80a1acny.xn--p1ai", "key", SETTLED).current).toBe(unicode);
  });

  test("leave the buyer the same, so purchase limits hold", () => {
    for (const { normalise } of EMAIL_NORMALISATIONS)
      expect(guestKeyFor(before, normalise("Ada@example.com"))).toBe(guestKeyFor(before, "Ada@example.com"));
  });
});

describe("order tokens", () => {
  const id = orderIdFor(before, "a@example.com", "key").current;

  test("a token opens its own order only, and stays the same across a rotation", () => {
    const token = orderToken(before, id);
    expect(orderToken(rotated, id)).toBe(token);
    expect(verifyOrderToken(rotated, id, token)).toBe(true);
    expect(verifyOrderToken(ended, id, token)).toBe(false);
    const other = orderIdFor(before, "b@example.com", "key").current;
    expect(verifyOrderToken(before, other, token)).toBe(false);
    expect(() => orderToken(before, "invented")).toThrow(RangeError);
  });

  test("any other text is not the token", () => {
    const token = orderToken(before, id);
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => {
        expect(verifyOrderToken(before, id, text)).toBe(text === token);
      }),
    );
  });
});

test("an account, its address and a card are three buyers, though they were all called the same", () => {
  const name = "ada@example.com";
  const buyers = [guestKeyFor, accountBuyerKeyFor, payerKeyFor].map((keyFor) => keyFor(before, name));
  expect(new Set(buyers).size).toBe(3);
  expect([guestKeyFor, accountBuyerKeyFor, payerKeyFor].map((keyFor) => keyFor(rotated, name))).toEqual(
    buyers,
  );
});

test("a buyer is the same across a rotation, so purchase limits hold", () => {
  const key = guestKeyFor(before, "A@example.com ");
  expect(guestKeyFor(rotated, "a@example.com")).toBe(key);
  expect(guestKeyFor(before, "b@example.com")).not.toBe(key);
});

describe("cart cookies", () => {
  test("a signed cart id reads back under every listed key", () => {
    const id = newCartId();
    expect(id).toMatch(/^[0-9a-z]{26}$/);
    expect(readCartId(rotated, signCartId(before, id))).toBe(id);
    expect(readCartId(ended, signCartId(before, id))).toBeNull();
  });

  test("a cookie changed in any one character reads as none", () => {
    const cookie = signCartId(before, newCartId());
    fc.assert(
      fc.property(fc.nat(cookie.length - 1), fc.constantFrom(...ALPHABET, "."), (at, char) => {
        const changed = cookie.slice(0, at) + char + cookie.slice(at + 1);
        expect(readCartId(before, changed) !== null).toBe(changed === cookie);
      }),
    );
  });

  test("an account's cart has one id across a rotation, and no cookie leads to it", () => {
    const id = accountCartId(before, "ada");
    expect(accountCartId(rotated, "ada")).toBe(id);
    expect(accountCartId(before, "eve")).not.toBe(id);
    expect([isAccountCartId(id), isAccountCartId(newCartId())]).toEqual([true, false]);
    expect(readCartId(before, signCartId(before, id))).toBeNull();
  });

  test("a cart's tag tells it from others", () => {
    const id = newCartId();
    expect(cartTag(id)).toBe(cartTag(id));
    expect(cartTag(id)).not.toBe(cartTag(newCartId()));
    expect(cartTag(id)).toMatch(/^[0-9a-z]{16}$/);
  });

  test("the page's idempotency key follows cart and revision and is a valid one", () => {
    const id = newCartId();
    expect(idempotencyKeyFor(id, 3)).toBe(idempotencyKeyFor(id, 3));
    expect(idempotencyKeyFor(id, 4)).not.toBe(idempotencyKeyFor(id, 3));
    expect(idempotencyKeyFor(id, 3, 1)).not.toBe(idempotencyKeyFor(id, 3));
    expect(idempotencyKeyFor(id, 3)).toMatch(/^[\x21-\x7e]{1,255}$/);
  });
});
