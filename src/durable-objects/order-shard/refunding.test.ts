/** Refunds in the order's object: concurrent requests, what is owed at Stripe, units that go back on sale once. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PaymentOperationResult } from "../../domain/order/payment-operation.ts";
import type { RefundRequest } from "../../domain/order/refunds.ts";
import {
  counts,
  orderOf,
  placed,
  PRICE,
  ring,
  setClock,
  skuOf,
  standStill,
  stocked,
  watch,
} from "../object-test-fixture.ts";
import { interceptAfter, pay } from "./order-test-fixture.ts";

beforeEach(() => {
  standStill();
  watch("ORDERS_QUEUE");
  watch("LEDGER_QUEUE");
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const wish = (id: string, over: Partial<RefundRequest> = {}): RefundRequest => ({
  id,
  cause: "ops",
  restock: false,
  ...over,
});

async function paidOrder(skus: readonly string[]): Promise<string> {
  watch("PAYMENTS_QUEUE");
  watch("NOTIFICATIONS_QUEUE");
  const orderId = await placed(skus);
  await pay(orderId);
  return orderId;
}

/** Stripe makes what the order owes first. */
async function refundAtStripe(orderId: string): Promise<void> {
  const owed = await orderOf(orderId).nextPaymentOperation();
  if (owed?.kind !== "refund") throw new Error("no refund is owed");
  const { n, firstN, amountMinor } = owed;
  const refund = {
    stripeId: `re_${orderId}_${firstN}`,
    amountMinor,
    status: "succeeded",
    operationId: `${orderId}:refund:${firstN}`,
    failure: null,
    createdAt: Date.now(),
  } as const;
  const result: PaymentOperationResult = { kind: "refund", n, outcome: "refunded", refund };
  await orderOf(orderId).recordPaymentOperation(result);
}

describe("refunds of one order", () => {
  it("asked for fifty at once never exceed what was captured", async () => {
    const orderId = await paidOrder([await stocked(1)]);
    const amountMinor = Math.ceil(PRICE / 7);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        orderOf(orderId).requestRefund(wish(`r${index}`, { amountMinor })),
      ),
    );
    expect(answers.filter((answer) => answer?.ok)).toHaveLength(6);
    const refused = answers.filter((answer) => answer?.ok === false);
    expect(new Set(refused.map((answer) => answer.reason))).toEqual(new Set(["exceeds_captured"]));
  });

  it("asked for fifty times under one id is one refund", async () => {
    const sku = await stocked(1);
    const orderId = await paidOrder([sku]);
    const { sent } = watch("PAYMENTS_QUEUE");
    await Promise.all(
      Array.from({ length: 50 }, () => orderOf(orderId).requestRefund(wish("same", { restock: true }))),
    );
    await ring(orderId);
    expect(sent).toContainEqual(expect.objectContaining({ type: "payments.due", orderIds: [orderId] }));
    await refundAtStripe(orderId);
    expect(await orderOf(orderId).read()).toMatchObject({
      status: "refunded",
      refundedMinor: PRICE,
      refunds: [{ id: "same", amountMinor: PRICE, status: "succeeded" }],
    });
    expect(await orderOf(orderId).nextPaymentOperation()).toBeNull();
    expect(await counts(sku)).toEqual([1, 0, 0]);
  });

  it("return their units once, though a SKU's answer is lost", async () => {
    const sku = await stocked(3);
    const orderId = await paidOrder([sku]);
    let isLost = true;
    const sent = interceptAfter("return", () => {
      if (!isLost) return Promise.resolve();
      isLost = false;
      return Promise.reject(new Error("the answer was lost"));
    });
    await orderOf(orderId).requestRefund(wish("a", { restock: true }));
    let minutes = 0;
    await vi.waitFor(async () => {
      minutes += 1;
      setClock(minutes * 60_000);
      await ring(orderId);
      expect(sent).toHaveLength(2);
    });
    // A SKU that did it twice would have four.
    expect(await counts(sku)).toEqual([3, 0, 0]);
  });

  it("leave units of an order that was settled meanwhile where they are, and come to an end", async () => {
    const sku = await stocked(1);
    const orderId = await paidOrder([sku]);
    await skuOf(sku).run([{ kind: "return", id: "by hand", orderId, quantity: 1 }]);
    await orderOf(orderId).requestRefund(wish("a", { restock: true }));
    await ring(orderId);
    await refundAtStripe(orderId);
    expect(await orderOf(orderId).read()).toMatchObject({ status: "refunded" });
    expect(await counts(sku)).toEqual([1, 0, 0]);
  });

  it("are told to the buyer, each once, with the address that the order still has", async () => {
    const orderId = await paidOrder([await stocked(1)]);
    await orderOf(orderId).noticeSent("order_confirmed");
    const { sent } = watch("NOTIFICATIONS_QUEUE");
    await orderOf(orderId).requestRefund(wish("a", { amountMinor: 500 }));
    await refundAtStripe(orderId);
    const notice = { orderId, kind: "order_refunded", about: "a" };
    await vi.waitFor(() => {
      expect(sent).toContainEqual(expect.objectContaining({ notices: [notice] }));
    });
    expect(await orderOf(orderId).noticeContent("order_refunded", "a")).toMatchObject({
      to: "ada@example.com",
      record: { refunds: [{ id: "a", amountMinor: 500 }] },
    });
    await orderOf(orderId).noticeSent("order_refunded", "a");
    expect(await orderOf(orderId).noticeContent("order_refunded", "a")).toBeNull();
  });

  it("made at Stripe's dashboard are read there once an event says so", async () => {
    const orderId = await paidOrder([await stocked(1)]);
    const [answer] = await orderOf(orderId).reviewWanted();
    expect(answer?.operation).toMatchObject({ kind: "review", intentId: `pi_${orderId}` });
    const refund = {
      stripeId: "re_dash",
      amountMinor: PRICE,
      status: "succeeded",
      operationId: null,
      failure: null,
      createdAt: 1,
    } as const;
    const shown = { refunds: [refund], disputes: [], fraudWarning: null };
    await orderOf(orderId).recordPaymentOperation({ kind: "review", n: 0, outcome: "reviewed", shown });
    expect(await orderOf(orderId).read()).toMatchObject({ status: "refunded", refundedMinor: PRICE });
  });
});
