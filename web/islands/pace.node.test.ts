import { describe, expect, it } from "vitest";
import { nextLookMs } from "./order-pace.ts";
import { paymentAnswer } from "./payment-answers.ts";
import { MAX_WAIT_MS, nextTryMs, retryAfterMs } from "./retry-after.ts";

describe("Retry-After", () => {
  it("is understood in seconds and as a date", () => {
    expect(retryAfterMs("3", null)).toBe(3000);
    const at = (second: number) => new Date(Date.UTC(2026, 10, 30, 8, 0, second)).toUTCString();
    expect(retryAfterMs(at(5), at(2))).toBe(3000);
  });

  it("is a date by the sender's clock, and none where the sender does not say what time it is there", () => {
    expect(retryAfterMs(new Date().toUTCString(), null)).toBeNull();
    expect(retryAfterMs(new Date().toUTCString(), "now")).toBeNull();
  });

  it("is bounded, and ignored where it makes no sense", () => {
    expect(retryAfterMs("86400", null)).toBe(MAX_WAIT_MS);
    expect(retryAfterMs("-4", null)).toBe(0);
    expect(retryAfterMs("soon", "soon")).toBeNull();
    expect(retryAfterMs(null, null)).toBeNull();
  });

  it("is never undercut, and spread so that a crowd does not return together", () => {
    expect(nextTryMs(1, 4000, 0)).toBe(4000);
    expect(nextTryMs(1, 4000, 0.999)).toBeGreaterThan(4900);
  });
});

describe("following an order", () => {
  it("looks often while a payment is being confirmed, and ever more seldom", () => {
    expect(nextLookMs("reserved", true, 1, 0.99)).toBeLessThanOrEqual(1000);
    expect(nextLookMs("authorised", false, 40, 0.99)).toBeLessThanOrEqual(10_000);
    expect(nextLookMs("authorised", false, 40, 0)).toBeGreaterThan(4000);
  });

  it("stops where nothing more is to be expected", () => {
    for (const status of ["expired", "cancelled", "refunded", "delivered"] as const)
      expect(nextLookMs(status, true, 1, 0.5)).toBeNull();
  });
});

describe("the payment page", () => {
  it("goes to the order when it was decided meanwhile", () => {
    expect(paymentAnswer(409, null, 1, 0)).toEqual({ do: "leave" });
  });

  it("waits in line as long as it is asked to", () => {
    expect(paymentAnswer(429, 7000, 3, 0)).toMatchObject({
      do: "wait",
      waitMs: 7000,
      title: "You are in the queue",
    });
  });

  it("tries again by itself without a connection, but not for ever", () => {
    expect(paymentAnswer(0, null, 1, 0.5).do).toBe("wait");
    expect(paymentAnswer(503, null, 20, 0.5).do).toBe("stop");
  });

  it("does not repeat what cannot succeed", () => {
    expect(paymentAnswer(404, null, 1, 0).do).toBe("stop");
    expect(paymentAnswer(422, null, 1, 0).do).toBe("stop");
  });
});
