import { describe, expect, it } from "vitest";
import type { OrderStatus } from "../../domain/order/status.ts";
import { ConfirmationPace } from "./confirmation-pace.ts";

const START = Date.UTC(2026, 10, 30);
const SECOND = 1_000;
const order = (orderId: string, status: OrderStatus = "authorised") => ({ orderId, status });
const RESERVED = order("other", "reserved");

/** One that was authorized at a moment, and paid so much later. */
function confirmed(pace: ConfirmationPace, orderId: string, at: number, waitMs: number): void {
  pace.moved({ status: "reserved" }, order(orderId), at);
  pace.moved({ status: "authorised" }, order(orderId, "paid"), at + waitMs);
}

describe("the wait for a confirmation", () => {
  it("is not known before one was measured", () => {
    const pace = new ConfirmationPace();
    expect(pace.estimateMs(RESERVED, START)).toBeNull();
    pace.moved({ status: "reserved" }, order("a"), START);
    expect(pace.estimateMs(RESERVED, START + 9 * SECOND)).toBeNull();
  });

  it("is what three of four orders took lately", () => {
    const pace = new ConfirmationPace();
    for (const [index, seconds] of [1, 9, 2, 3, 4].entries())
      confirmed(pace, `order-${String(index)}`, START, seconds * SECOND);
    expect(pace.estimateMs(RESERVED, START + 10 * SECOND)).toBe(4 * SECOND);
  });

  it("gets shorter for an order that has waited, and is never less than nothing", () => {
    const pace = new ConfirmationPace();
    confirmed(pace, "first", START - 60 * SECOND, 4 * SECOND);
    const waiting = order("second");
    pace.moved(RESERVED, waiting, START);
    expect(pace.estimateMs(waiting, START + SECOND)).toBe(3 * SECOND);
    expect(pace.estimateMs(waiting, START + 9 * SECOND)).toBe(0);
  });

  it("is no less than the longest waiting order has waited: a queue at a halt is seen before anything leaves it", () => {
    const pace = new ConfirmationPace();
    confirmed(pace, "first", START, SECOND);
    pace.moved({ status: "reserved" }, order("stuck"), START + 2 * SECOND);
    expect(pace.estimateMs(RESERVED, START + 62 * SECOND)).toBe(60 * SECOND);
    pace.moved({ status: "authorised" }, order("stuck", "cancelled"), START + 63 * SECOND);
    expect(pace.estimateMs(RESERVED, START + 64 * SECOND)).toBe(SECOND);
  });

  it("forgets what was measured a quarter of an hour ago", () => {
    const pace = new ConfirmationPace();
    confirmed(pace, "first", START, SECOND);
    expect(pace.estimateMs(RESERVED, START + 15 * 60 * SECOND)).toBe(SECOND);
    expect(pace.estimateMs(RESERVED, START + 16 * 60 * SECOND)).toBeNull();
  });

  it("is none for an order that waits for nothing of ours", () => {
    const pace = new ConfirmationPace();
    confirmed(pace, "first", START, SECOND);
    for (const status of ["paid", "shipped", "delivered", "expired", "cancelled", "refunded"] as const)
      expect(pace.estimateMs(order("first", status), START + 2 * SECOND)).toBeNull();
  });
});
