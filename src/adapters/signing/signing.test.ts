/** Signing: what the ids promise, by example and by property. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { shardOf } from "../../domain/order/epochs.ts";
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
const SECOND_FROM = "2026-11-01T00:00:00Z";
const DAY_MS = 86_400_000;
const FIRST_EPOCH = "1:v1:n2:4";
const BOTH_EPOCHS = `1:v1:n2:4,2:v2:n2:8@${SECOND_FROM}`;
const before = parseSigningKeys(`v1:${OLD}`, FIRST_EPOCH);
const rotated = parseSigningKeys(`v2:${NEW},v1:${OLD}`, BOTH_EPOCHS);
const ended = parseSigningKeys(`v2:${NEW}`, "2:v2:n2:8");
const ALPHABET = Array.from("0123456789abcdefghjkmnpqrstvwxyz");
const idempotencyKey = fc.stringMatching(/^[\x21-\x7e]{1,255}$/);
const email = fc.emailAddress();

describe("SIGNING_KEYS", () => {
  test.each([
    ["", "empty"],
    ["secret", "must look like"],
    [`v12:${OLD}`, "must look like"],
    ["v1:short", "shorter than"],
    [`v1:${OLD},v1:${NEW}`, "share a version"],
    [`v2:${NEW}`, "names the key v1"],
  ])("%s is refused with a reason that does not show the secret", (text, reason) => {
    let message = "";
    try {
      parseSigningKeys(text, FIRST_EPOCH);
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

  test("ids fall to every shard about equally often", () => {
    const counts = [0, 0, 0, 0];
    for (let key = 0; key < 2_000; key++) {
      const shard = shardOf(before.epochs, orderIdFor(before, "a@example.com", `key-${key}`).current);
      counts[shard] = (counts[shard] ?? 0) + 1;
    }
    for (const count of counts) expect(count).toBeGreaterThan(400);
  });

  test("a new epoch is bridged for 24 hours, from both sides", () => {
    const from = Date.parse(SECOND_FROM);
    const first = orderIdFor(before, "a@example.com", "key").current;
    const second = orderIdFor(ended, "a@example.com", "key").current;
    const at = (now: number) => orderIdFor(rotated, "a@example.com", "key", now);
    expect(orderIdFor(before, "a@example.com", "key")).toEqual({ current: first, former: null, next: null });
    expect(at(from - 1)).toEqual({ current: first, former: null, next: second });
    expect(at(from)).toEqual({ current: second, former: first, next: null });
    expect(at(from + DAY_MS - 1).former).toBe(first);
    expect(at(from + DAY_MS).former).toBeNull();
    expect(isOrderId(rotated, first)).toBe(true);
    expect(isOrderId(ended, first)).toBe(false);
  });
});

describe("order ids when the rule of normalization changes", () => {
  const former = parseSigningKeys(`v1:${OLD}`, "1:v1:n1:4");
  const changed = parseSigningKeys(`v1:${OLD}`, `1:v1:n1:4,2:v1:n2:4@${SECOND_FROM}`);

  test("are new with the epoch that brings it, and the one before is looked for", () => {
    const old = orderIdFor(former, "Ada@example.com", "key").current;
    const ids = orderIdFor(changed, "Ada@example.com", "key", Date.parse(SECOND_FROM));
    expect(ids.former).toBe(old);
    expect(ids.current).not.toBe(old);
  });

  test("of a domain in letters of other scripts is that of its A-labels", () => {
    const unicode = orderIdFor(before, "anna@почта.рф", "key").current;
    expect(orderIdFor(before, "Anna@xn--80a1acny.xn--p1ai", "key").current).toBe(unicode);
    expect(orderIdFor(former, "anna@почта.рф", "key").current).not.toBe(
      orderIdFor(former, "anna@xn--80a1acny.xn--p1ai", "key").current,
    );
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
