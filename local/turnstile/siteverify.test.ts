/** The stand-in's siteverify answers as Cloudflare's does: once, for five minutes, under the right secret. */
import { describe, expect, it } from "vitest";
import { DUMMY_TOKEN } from "./keys.ts";
import { TokenBook } from "./siteverify.ts";

const NOW = Date.parse("2026-11-22T17:00:00Z");
const details = {
  siteKey: "site",
  hostname: "shop.example",
  action: "place_order",
  cData: null,
  passedAt: NOW,
};
const asked = (response: string, more: { secret?: string; idempotencyKey?: string } = {}) => ({
  secret: "secret",
  idempotencyKey: null,
  response,
  ...more,
});

describe("siteverify of the stand-in", () => {
  it("takes a token once, and says where and what for it was made", () => {
    const book = new TokenBook("site", "secret");
    const token = book.issue(details);
    expect(book.verify(asked(token), NOW)).toMatchObject({
      success: true,
      hostname: "shop.example",
      action: "place_order",
      challenge_ts: "2026-11-22T17:00:00.000Z",
    });
    expect(book.verify(asked(token), NOW)).toMatchObject({
      success: false,
      "error-codes": ["timeout-or-duplicate"],
    });
  });

  it("answers a question repeated under its idempotency key the same, and another key's as used", () => {
    const book = new TokenBook("site", "secret");
    const token = book.issue(details);
    const mine = asked(token, { idempotencyKey: "a" });
    expect([book.verify(mine, NOW).success, book.verify(mine, NOW).success]).toEqual([true, true]);
    expect(book.verify(asked(token, { idempotencyKey: "b" }), NOW).success).toBe(false);
  });

  it("refuses a token after five minutes, and one it never made", () => {
    const book = new TokenBook("site", "secret");
    const token = book.issue(details);
    expect(book.verify(asked(token), NOW + 300_001)["error-codes"]).toEqual(["timeout-or-duplicate"]);
    expect(book.verify(asked("mine"), NOW)["error-codes"]).toEqual(["invalid-input-response"]);
    expect(book.verify(asked(DUMMY_TOKEN), NOW)["error-codes"]).toEqual(["invalid-input-response"]);
  });

  it("answers under Cloudflare's test secrets what they are for, and refuses unknown ones", () => {
    const book = new TokenBook("site", "secret");
    const under = (secret: string) => book.verify(asked(DUMMY_TOKEN, { secret }), NOW);
    expect(under("1x0000000000000000000000000000000AA").success).toBe(true);
    expect(under("2x0000000000000000000000000000000AA")["error-codes"]).toEqual(["invalid-input-response"]);
    expect(under("3x0000000000000000000000000000000AA")["error-codes"]).toEqual(["timeout-or-duplicate"]);
    expect(under("another")["error-codes"]).toEqual(["invalid-input-secret"]);
    expect(under("")["error-codes"]).toEqual(["missing-input-secret"]);
  });
});
