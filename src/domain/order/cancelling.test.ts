/** Canceling: a paid order that has not left is refunded and restocked by itself, once. */
import { describe, expect, it } from "vitest";
import { cancelByBuyer, cancelByStaff } from "./cancelling.ts";
import { noticesDue } from "./next-step.ts";
import { paid, reserved, T0, TOTAL } from "./order-test-fixture.ts";
import { operationOwed } from "./payment.ts";
import { refundsOf, requestRefund, returnsDue } from "./refunds.ts";
import type { OrderState } from "./state.ts";

const cancel = (state: OrderState, refundsAtOnce = true) => cancelByBuyer(state, refundsAtOnce, T0);
const staff = (state: OrderState, id = "c1", restock = true) => cancelByStaff(state, { id, restock }, T0);
const kinds = (state: OrderState) => noticesDue(state, T0).map(({ kind }) => kind);

describe("a buyer's cancellation", () => {
  it("of a paid order refunds everything and puts every unit back on sale", () => {
    const { state, outcome } = cancel(paid());
    expect(outcome).toEqual({ ok: true, refundRequested: true });
    expect(refundsOf(state)).toMatchObject([{ cause: "buyer", amountMinor: TOTAL, status: "pending" }]);
    expect(operationOwed(state, T0)).toMatchObject({ kind: "refund", amountMinor: TOTAL });
    expect(returnsDue(state)).toHaveLength(2);
    expect(cancel(state)).toEqual({ state, outcome });
  });

  it("after a part was refunded refunds the rest", () => {
    const request = { id: "a", cause: "ops", amountMinor: 1_000, restock: false } as const;
    const part = requestRefund(paid(), request, T0).state;
    expect(refundsOf(cancel(part).state).at(-1)).toMatchObject({ amountMinor: TOTAL - 1_000 });
  });

  it("where the store does not refund by itself is an open request, of which the buyer is told once", () => {
    const { state } = cancel(paid(), false);
    expect(state).toMatchObject({ refundRequested: true, status: "paid" });
    expect(refundsOf(state)).toEqual([]);
    expect(kinds(state)).toEqual(["order_confirmed", "refund_requested"]);
    expect(cancel(state, false).state).toBe(state);
  });

  it("of a disputed payment is an open request, as the bank has the money", () => {
    const dispute = {
      id: "dp",
      status: "needs_response",
      reason: "fraudulent",
      amountMinor: TOTAL,
      evidenceDueAt: null,
      isRefundable: false,
      withdrawnMinor: TOTAL,
      openedAt: T0,
    } as const;
    const { state, outcome } = cancel({ ...paid(), disputes: [dispute] });
    expect(outcome).toEqual({ ok: true, refundRequested: true });
    expect(state.refundRequested).toBe(true);
    expect(refundsOf(state)).toEqual([]);
  });

  it("of an unpaid order ends it, and of one that has left is refused", () => {
    expect(cancel(reserved()).state.status).toBe("cancelled");
    expect(cancel({ ...paid(), status: "shipped" }).outcome).toEqual({ ok: false, reason: "order_closed" });
  });
});

describe("a cancellation by staff", () => {
  it("of a paid order is one refund however often it is sent", () => {
    const { state, outcome } = staff(paid());
    expect(outcome).toMatchObject({ ok: true, refund: { id: "c1", amountMinor: TOTAL } });
    expect(staff(state).state).toBe(state);
    expect(staff(state, "c2").outcome).toMatchObject({ ok: false, reason: "exceeds_captured" });
  });

  it("can leave the units sold, to be adjusted away", () => {
    expect(returnsDue(staff(paid(), "c1", false).state)).toEqual([]);
  });

  it("of a reservation ends it and tells its buyer", () => {
    const { state, outcome } = staff(reserved());
    expect(state).toMatchObject({ status: "cancelled", units: "settling" });
    expect(kinds(state)).toEqual(["order_cancelled"]);
    expect(outcome).toEqual({ ok: true, refund: null });
    expect(staff(state, "again").state).toBe(state);
  });

  it("waits for a payment that is being taken, and leaves a delivered order alone", () => {
    expect(staff({ ...paid(), status: "authorised" }).outcome).toMatchObject({
      reason: "payment_in_progress",
    });
    expect(staff({ ...paid(), status: "delivered" }).outcome).toMatchObject({ reason: "order_closed" });
  });
});
