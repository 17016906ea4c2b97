/** Refunds at Stripe, against the emulator: one refund for one operation, whatever became of its answers. */
import type Stripe from "stripe";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  startEmulator,
  startReceiver,
  USD,
  type UnderTest,
} from "../../../local/stripe/emulator-under-test.ts";
import type { PaymentOperation, RefundIntent } from "../../domain/order/payment-operation.ts";
import { performPaymentOperation } from "./operations.ts";
import { listUndelivered } from "./webhooks.ts";

let emulator: UnderTest;
let stripe: Stripe;
beforeAll(async () => {
  emulator = await startEmulator();
  ({ stripe } = emulator);
});
afterAll(() => emulator.close());
beforeEach(() => emulator.control("faults", {}));

const perform = (operation: PaymentOperation) => performPaymentOperation(stripe, operation, (card) => card);

async function captured(card = "pm_card_visa"): Promise<string> {
  const { id } = await stripe.paymentIntents.create({
    ...USD,
    confirm: true,
    payment_method: card,
    metadata: { order_id: "order-1" },
  });
  return id;
}
const refundOf = (intentId: string, over: Partial<RefundIntent> = {}): RefundIntent => ({
  kind: "refund",
  orderId: `order-of-${intentId}`,
  n: 3,
  firstN: 3,
  intentId,
  amountMinor: 1_000,
  ...over,
});
const refundsAt = async (intentId: string) =>
  (await stripe.refunds.list({ payment_intent: intentId })).data.length;
const review = (intentId: string) => perform({ kind: "review", orderId: "order-1", n: 0, intentId });

describe("a refund at Stripe", () => {
  it("repeated under its number is one refund", async () => {
    const operation = refundOf(await captured());
    expect(await perform(operation)).toMatchObject({
      outcome: "refunded",
      refund: {
        amountMinor: 1_000,
        status: "succeeded",
        operationId: `order-of-${operation.intentId}:refund:3`,
      },
    });
    expect(await perform(operation)).toMatchObject({ outcome: "refunded" });
    expect(await refundsAt(operation.intentId)).toBe(1);
  });

  it("answered 500 is looked up before anything is tried anew: after many failures there is one", async () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const first = refundOf(await captured());
      await emulator.control("faults", { errorRate: 0.6, seed });
      let n = first.n;
      for (let attempt = 0; attempt < 60; attempt++) {
        try {
          const result = await perform({ ...first, n });
          if (result.outcome === "refunded") break;
          n += 1;
        } catch {
          // Looking failed, too: the same number again.
        }
      }
      await emulator.control("faults", {});
      expect(await refundsAt(first.intentId)).toBe(1);
    }
  });

  it("beyond what is left, of a disputed payment, and of an unknown one are refused for good", async () => {
    const intentId = await captured();
    expect(await perform(refundOf(intentId, { amountMinor: 119_901 }))).toMatchObject({ outcome: "refused" });
    const whole = refundOf(intentId, { amountMinor: 119_900, n: 4, firstN: 4 });
    expect(await perform(whole)).toMatchObject({ outcome: "refunded" });
    expect(await perform(refundOf(intentId, { n: 5, firstN: 5 }))).toMatchObject({
      outcome: "refused",
      failure: { code: "charge_already_refunded" },
    });
    expect(await perform(refundOf(await captured("pm_card_createDispute")))).toMatchObject({
      outcome: "refused",
      failure: { code: "charge_disputed" },
    });
    expect(await perform(refundOf("pi_nobody"))).toMatchObject({
      outcome: "refused",
      failure: { code: "resource_missing" },
    });
  });

  it("is pending, succeeds or fails later, and a review shows it as it stands", async () => {
    const pending = await captured("pm_card_pendingRefund");
    expect(await perform(refundOf(pending))).toMatchObject({ refund: { status: "pending" } });
    const [refund] = (await stripe.refunds.list({ payment_intent: pending })).data;
    await emulator.control(`refunds/${refund?.id ?? ""}/succeeded`, {});
    expect(await review(pending)).toMatchObject({ shown: { refunds: [{ status: "succeeded" }] } });
    await emulator.control(`refunds/${refund?.id ?? ""}/failed`, {});
    expect(await review(pending)).toMatchObject({
      shown: { refunds: [{ status: "failed", failure: "expired_or_canceled_card" }] },
    });
  });

  it("made at the dashboard names no operation", async () => {
    const intentId = await captured();
    await stripe.refunds.create({ payment_intent: intentId, amount: 5 });
    expect(await review(intentId)).toMatchObject({
      shown: { refunds: [{ amountMinor: 5, operationId: null }], disputes: [], fraudWarning: null },
    });
  });
});

describe("a review", () => {
  it("shows a dispute with its deadline, what it withdrew and gave back", async () => {
    const intentId = await captured("pm_card_createDispute");
    const before = await review(intentId);
    expect(before).toMatchObject({
      shown: {
        disputes: [
          {
            status: "needs_response",
            reason: "fraudulent",
            amountMinor: 119_900,
            withdrawnMinor: 119_900,
            isRefundable: false,
            evidenceDueAt: expect.any(Number) as number,
          },
        ],
      },
    });
    const [dispute] = (await stripe.disputes.list({ payment_intent: intentId })).data;
    await emulator.control(`disputes/${dispute?.id ?? ""}/won`, {});
    expect(await review(intentId)).toMatchObject({
      shown: { disputes: [{ status: "won", withdrawnMinor: 0 }] },
    });
  });

  it("shows an inquiry, by which no money moved, and an early fraud warning", async () => {
    expect(await review(await captured("pm_card_createDisputeInquiry"))).toMatchObject({
      shown: { disputes: [{ status: "warning_needs_response", isRefundable: true, withdrawnMinor: 0 }] },
    });
    expect(await review(await captured("pm_card_createIssuerFraudRecord"))).toMatchObject({
      shown: { fraudWarning: { type: "made_with_stolen_card", isActionable: true } },
    });
  });

  it("of an intent that Stripe does not know shows nothing", async () => {
    expect(await review("pi_nobody")).toMatchObject({ shown: null });
  });
});

describe("events that Stripe could not deliver", () => {
  it("are listed until they were taken, those of the types the store listens to", async () => {
    const receiver = await startReceiver();
    const types = ["refund.updated", "charge.succeeded"] as const;
    await stripe.webhookEndpoints.create({ url: receiver.url, enabled_events: [...types] });
    await emulator.control("faults", { webhook: { drop: 1 } });
    const intentId = await captured();
    await stripe.refunds.create({ payment_intent: intentId, amount: 7 });
    const missed = await listUndelivered(stripe, { limit: 10 });
    expect(missed).toMatchObject([{ eventType: "refund.updated", aboutIntentId: intentId, orderId: null }]);
    await receiver.close();
  });
});
