/** The card that pays for limited units: looked up after they are committed, judged before it is charged. */
import { describe, expect, it } from "vitest";
import { nextUnitStep } from "./next-step.ts";
import { AUTHORISED, CANCELED, intent, paying, SUCCEEDED, T0, TOTAL } from "./order-test-fixture.ts";
import * as payment from "./payment.ts";
import type { PaymentOperationResult } from "./payment-operation.ts";
import { LIMIT_REACHED } from "./record.ts";
import type { OrderState } from "./state.ts";

const authorised = () => payment.observeIntent(paying(), intent(AUTHORISED), null, T0);
/** Committed, and a SKU wants to know the card. */
const wanted = () => payment.unitsCommitted(authorised(), T0, true);
const identified = (state: OrderState, payer: string | null, now = T0) =>
  payment.operationDone(
    state,
    { kind: "identify", n: 1, outcome: "identified", intentId: "pi_1", payer },
    now,
  );
const known = () => identified(wanted(), "card");

describe("the card that pays", () => {
  it("is asked for before the capture, and judged by the SKUs before the capture is due", () => {
    expect(payment.operationOwed(wanted(), T0)).toMatchObject({ kind: "identify", intentId: "pi_1" });
    expect(nextUnitStep(wanted())).toBeNull();
    expect(payment.operationOwed(known(), T0)).toBeNull();
    expect(nextUnitStep(known())).toBe("judge_payer");
    const judged = payment.payerJudged(known(), T0 + 5_000);
    expect(nextUnitStep(judged)).toBeNull();
    expect(payment.operationOwed(judged, T0)).toMatchObject({ kind: "capture", amountMinor: TOTAL });
    expect(judged.obligations).toMatchObject([{ kind: "capture", nextAt: T0 + 5_000 }]);
  });

  it("is not asked for where no SKU wants to know it", () => {
    const committed = payment.unitsCommitted(authorised(), T0);
    expect(payment.operationOwed(committed, T0)).toMatchObject({ kind: "capture" });
    expect(committed).not.toHaveProperty("payer");
  });

  it("that nobody can name holds nothing up", () => {
    expect(payment.operationOwed(identified(wanted(), null), T0)).toMatchObject({ kind: "capture" });
  });

  it("is told once: a late answer, or one about another intent, changes nothing", () => {
    const judged = payment.payerJudged(known(), T0);
    expect(identified(judged, "another card")).toBe(judged);
    const other: PaymentOperationResult = {
      kind: "identify",
      n: 1,
      outcome: "identified",
      intentId: "pi_2",
      payer: "another card",
    };
    const state = wanted();
    expect(payment.operationDone(state, other, T0)).toBe(state);
  });

  it("that has paid for as many as one buyer may have ends the order: units and authorisation go back, the shopper is told why", () => {
    const over = payment.limitReached(payment.payerJudged(known(), T0), T0);
    expect(over).toMatchObject({
      status: "cancelled",
      units: "settling",
      decision: { kind: "cancel", reason: "purchase_limit" },
      notice: { kind: "order_cancelled" },
      payment: { lastError: LIMIT_REACHED },
    });
    expect(nextUnitStep(over)).toBe("settle");
    expect(payment.operationOwed(over, T0)).toMatchObject({ kind: "cancel", intentId: "pi_1" });
    expect(payment.paymentRefusal(over, T0)).toBe("order_closed");
    const ended = payment.observeIntent(over, intent(CANCELED), null, T0);
    expect(ended).toMatchObject({
      status: "cancelled",
      obligations: [],
      payment: { lastError: LIMIT_REACHED },
    });
  });

  it("charged past us meanwhile leaves the order paid, whatever the SKUs say of it", () => {
    const paid = payment.observeIntent(known(), intent(SUCCEEDED), null, T0);
    expect(paid.status).toBe("paid");
    const judged = payment.payerJudged(paid, T0);
    expect(payment.limitReached(judged, T0)).toBe(judged);
    expect(nextUnitStep(judged)).toBeNull();
  });

  it("is refused after the money was taken: it is given back", () => {
    const early = payment.observeIntent(paying(), intent(SUCCEEDED), null, T0);
    expect(payment.operationOwed(payment.limitReached(early, T0), T0)).toMatchObject({
      kind: "refund",
      amountMinor: TOTAL,
    });
  });
});
