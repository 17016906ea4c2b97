/** Purchase limits at the sale, in the real runtime: the address and the card that pays. */
import { evictDurableObject, reset } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PaymentOperation } from "../../domain/order/payment-operation.ts";
import * as fixture from "../object-test-fixture.ts";
import { counts, fresh, orderOf, PRICE, ring, setClock, shardOf, stocked } from "../object-test-fixture.ts";
import { beginPaying, intentOf, intercept, shown } from "./order-test-fixture.ts";

beforeEach(async () => {
  await reset();
  fixture.standStill();
  for (const queue of ["LEDGER_QUEUE", "ORDERS_QUEUE", "PAYMENTS_QUEUE", "NOTIFICATIONS_QUEUE"] as const)
    fixture.watch(queue);
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** An order of one unit of each SKU, in another cart and under another address than all others. */
async function placed(...skus: string[]): Promise<string> {
  return fixture.placed(skus, { buyer: fresh("buyer"), cart: fresh("cart") });
}

const total = (skus: number) => ({ amountMinor: skus * PRICE });

async function authorise(orderId: string, skus = 1): Promise<PaymentOperation | null> {
  await beginPaying(orderId);
  return orderOf(orderId).paymentEvent(intentOf(orderId, { status: "requires_capture", ...total(skus) }));
}

/** Tells the order which card pays; answers what it wants done next. */
async function identify(orderId: string, payer: string | null): Promise<PaymentOperation | null> {
  const intentId = `pi_${orderId}`;
  return orderOf(orderId).recordPaymentOperation({
    kind: "identify",
    n: 1,
    outcome: "identified",
    intentId,
    payer,
  });
}

async function bought(sku: string, payer: string): Promise<string> {
  const orderId = await placed(sku);
  expect(await authorise(orderId)).toMatchObject({ kind: "identify", intentId: `pi_${orderId}` });
  const capture = await identify(orderId, payer);
  if (capture?.kind !== "capture") throw new Error("no capture was asked for");
  await orderOf(orderId).recordPaymentOperation(
    shown(capture, { status: "succeeded", capturedMinor: PRICE }),
  );
  expect(await orderOf(orderId).read()).toMatchObject({ status: "paid" });
  return orderId;
}

describe("a card", () => {
  it("pays for as many limited units as one buyer may have, whoever's orders they are; the next is not charged", async () => {
    const sku = await stocked(3, { purchaseLimit: 1 });
    await bought(sku, "card");
    const second = await placed(sku);
    await authorise(second);
    expect(await counts(sku)).toEqual([1, 0, 2]);
    expect(await identify(second, "card")).toMatchObject({ kind: "cancel", intentId: `pi_${second}` });
    expect(await counts(sku)).toEqual([2, 0, 1]);
    expect(await orderOf(second).read()).toMatchObject({
      status: "cancelled",
      lastPaymentError: { code: "purchase_limit" },
    });
    await bought(sku, "another card");
  });

  it("is one buyer in all orders at once: of two that are paid together, one is sold", async () => {
    const sku = await stocked(2, { purchaseLimit: 1 });
    const orders = [await placed(sku), await placed(sku)];
    for (const orderId of orders) await authorise(orderId);
    const next = await Promise.all(orders.map((orderId) => identify(orderId, "card")));
    expect(next.map((operation) => operation?.kind).sort()).toEqual(["cancel", "capture"]);
    expect(await counts(sku)).toEqual([1, 0, 1]);
  });

  it("that one SKU refuses leaves nothing of the order at another", async () => {
    const limited = await stocked(2, { purchaseLimit: 1 });
    const other = await stocked(2, { purchaseLimit: 2 });
    await bought(limited, "card");
    const both = await placed(limited, other);
    await authorise(both, 2);
    expect(await identify(both, "card")).toMatchObject({ kind: "cancel" });
    expect(await counts(limited)).toEqual([1, 0, 1]);
    expect(await counts(other)).toEqual([2, 0, 0]);
    await bought(other, "card");
    await bought(other, "card");
  });

  it("is judged again by the alarm where a SKU did not answer, and nothing is charged meanwhile", async () => {
    const sku = await stocked(1, { purchaseLimit: 1 });
    const orderId = await placed(sku);
    await authorise(orderId);
    intercept("commit", () => Promise.reject(new Error("SKU away")));
    expect(await identify(orderId, "card")).toBeNull();
    vi.restoreAllMocks();
    const { sent } = fixture.watch("PAYMENTS_QUEUE");
    await evictDurableObject(shardOf(orderId));
    setClock(3_000);
    await ring(orderId);
    await expect.poll(() => sent).toContainEqual({ v: 1, type: "payments.due", orderIds: [orderId] });
    expect(await orderOf(orderId).nextPaymentOperation()).toMatchObject({ kind: "capture" });
  });

  it("is not asked for where the units are not limited", async () => {
    const sku = await stocked(2);
    expect(await authorise(await placed(sku))).toMatchObject({ kind: "capture" });
  });
});

describe("an address", () => {
  it("that two carts hold for is sold to once: the second is not charged, without its card being asked for", async () => {
    const sku = await stocked(2, { purchaseLimit: 1 });
    const first = await fixture.placed([sku], { buyer: "ada@", cart: fresh("cart") });
    const second = await fixture.placed([sku], { buyer: "ada@", cart: fresh("cart") });
    expect(await authorise(first)).toMatchObject({ kind: "identify" });
    expect(await authorise(second)).toMatchObject({ kind: "cancel" });
    expect(await orderOf(second).read()).toMatchObject({ lastPaymentError: { code: "purchase_limit" } });
    expect(await counts(sku)).toEqual([1, 0, 1]);
  });
});
