/** When a challenge is asked for, what siteverify's answer is worth, and how long a wait counts. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isDuringDrop,
  judgeVerification,
  judgeWait,
  MAX_TOKEN_AGE_MS,
  MAX_WAIT_AGE_MS,
  type Verification,
} from "./challenge.ts";

const NOW = Date.parse("2026-11-22T17:00:00Z");
const EXPECTED = { hostname: "shop.example", action: "place_order" } as const;
const PASSED: Verification = {
  success: true,
  hostname: "shop.example",
  action: "place_order",
  passedAt: NOW - 1000,
  errorCodes: [],
};
const refused = (...errorCodes: string[]): Verification => ({
  success: false,
  hostname: null,
  action: null,
  passedAt: null,
  errorCodes,
});

describe("a drop", () => {
  it("is challenged from a minute before its opening until a day after it", () => {
    const day = 24 * 60 * 60 * 1000;
    const at = (offsetMs: number) => isDuringDrop(NOW, NOW + offsetMs);
    expect([at(-60_001), at(-60_000), at(0), at(day - 1), at(day)]).toEqual([false, true, true, true, false]);
  });

  it("is none where nothing ever opened", () => {
    expect(isDuringDrop(null, NOW)).toBe(false);
  });
});

describe("what siteverify says", () => {
  it("is good when success, place, purpose and age are right", () => {
    expect(judgeVerification(PASSED, EXPECTED, NOW)).toEqual({ ok: true });
  });

  it.each([
    ["solved on another site", { hostname: "elsewhere.example" }, "foreign_host"],
    ["solved below our name", { hostname: "www.shop.example" }, "foreign_host"],
    ["without a place", { hostname: null }, "foreign_host"],
    ["made for another purpose", { action: "sign_up" }, "foreign_action"],
    ["without a purpose", { action: null }, "foreign_action"],
    ["solved too long ago", { passedAt: NOW - MAX_TOKEN_AGE_MS - 1 }, "too_old"],
    ["of the future", { passedAt: NOW + 60_001 }, "too_old"],
    ["without a time", { passedAt: null }, "too_old"],
  ] as const)("is refused of a token %s, whatever its success", (_, part, reason) => {
    expect(judgeVerification({ ...PASSED, ...part }, EXPECTED, NOW)).toEqual({ ok: false, reason });
  });

  it("is refused when the token was used before, or is none", () => {
    expect(judgeVerification(refused("timeout-or-duplicate"), EXPECTED, NOW)).toEqual({
      ok: false,
      reason: "used_or_expired",
    });
    for (const code of ["invalid-input-response", "missing-input-response", "a code of tomorrow"]) {
      const verdict = judgeVerification(refused(code), EXPECTED, NOW);
      expect(verdict).toEqual({ ok: false, reason: "not_a_token" });
    }
  });

  it("says nothing of the token where our own request was at fault", () => {
    for (const code of ["invalid-input-secret", "missing-input-secret", "bad-request", "internal-error"]) {
      const verdict = judgeVerification(refused(code), EXPECTED, NOW);
      expect(verdict).toEqual({ ok: false, reason: "unjudged", errorCodes: [code] });
    }
  });

  it("is never good without its success", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (errorCodes) => {
        expect(judgeVerification({ ...PASSED, success: false, errorCodes }, EXPECTED, NOW).ok).toBe(false);
      }),
    );
  });
});

describe("a wait", () => {
  it("counts once it is long enough, and not for ever", () => {
    expect(judgeWait(NOW, 30_000, NOW + 10_000)).toEqual({
      ok: false,
      reason: "too_soon",
      remainingMs: 20_000,
    });
    expect(judgeWait(NOW, 30_000, NOW + 30_000)).toEqual({ ok: true });
    expect(judgeWait(NOW, 30_000, NOW + MAX_WAIT_AGE_MS)).toEqual({ ok: true });
    expect(judgeWait(NOW, 30_000, NOW + MAX_WAIT_AGE_MS + 1)).toEqual({ ok: false, reason: "too_late" });
  });

  it("that was begun in the future has not been waited", () => {
    expect(judgeWait(NOW + 5_000, 30_000, NOW)).toMatchObject({ ok: false, reason: "too_soon" });
  });
});
