/** The end of a hold, on a store with short ones: units come back, and a payment counts only while the units are there. */
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { PlacedOrder } from "../../src/contracts/orders.ts";
import { expectLedgerToAddUp, expectMoneyToAgree, untilDecided } from "../harness/agreement.ts";
import { expectProblem } from "../harness/expect-problem.ts";
import { inParallel, range } from "../harness/in-parallel.ts";
import { ownStore } from "../harness/own-store.ts";
import type { Store } from "../harness/store.ts";

const HOLD_SECONDS = 6;
const PAYMENT_SECONDS = 6;
const GRACE_SECONDS = 4;

const running = ownStore({
  holdSeconds: HOLD_SECONDS,
  paymentSeconds: PAYMENT_SECONDS,
  graceSeconds: GRACE_SECONDS,
});
const store = (): Store => running().store;

/** Sleeps until a moment told by the store: what is tested is what happens at that time. */
const until = (timestamp: string, offsetMs: number): Promise<void> =>
  delay(Math.max(0, Date.parse(timestamp) + offsetMs - Date.now()));

describe("an order nobody pays", () => {
  it("expires, and all its units are back; the ledger adds up", async () => {
    const units = 50;
    const sku = await store().stock.skuWith(units);
    const answers = await inParallel(range(3 * units), 3 * units, () =>
      store().tryToPlace({ lines: [{ sku, quantity: 1 }] }),
    );
    const orders = answers.filter(({ status }) => status === 201).map(({ body }) => PlacedOrder.parse(body));
    for (const answer of answers.filter(({ status }) => status !== 201)) expectProblem(answer, "sold_out");
    expect(orders.length).toBeGreaterThanOrEqual(units);

    await store().stock.until(sku, { available: units, held: 0, sold: 0 });
    await inParallel(orders, 16, (order) => store().until(order, "expired"));
    await expectLedgerToAddUp(store(), sku);
    await store().rowsWhere<{ count: string }>(
      "every order expired in Postgres",
      [
        "select count(*) from orders where status = 'expired' and order_id = any($1)",
        [orders.map(({ orderId }) => orderId)],
      ],
      ([row]) => row?.count === String(orders.length),
    );
    expectProblem(await store().startPayment(orders[0]!), "hold_expired");
    // The units can be bought again.
    await store().placed({ lines: [{ sku, quantity: 1 }] });
  });

  it("expires also when a payment was begun, and the intent is ended", async () => {
    const sku = await store().stock.skuWith(2);
    const placed = await store().placed({ lines: [{ sku, quantity: 1 }] });
    const { paymentIntentId, holdExpiresAt } = await store().paymentStarted(placed);
    expect(Date.parse(holdExpiresAt)).toBeGreaterThanOrEqual(Date.parse(placed.holdExpiresAt));
    expect(await untilDecided(store(), placed)).toMatchObject({ status: "expired" });
    const { status, body } = await store().stripe.tryToConfirm(paymentIntentId, "pm_card_visa");
    expect({ status, code: body.error?.code }).toEqual({
      status: 400,
      code: "payment_intent_unexpected_state",
    });
    await store().stock.until(sku, { available: 2, held: 0, sold: 0 });
    await expectMoneyToAgree(store(), placed);
  });
});

describe("an authorisation", () => {
  it("in the last second whose webhook is lost is found by the order's own alarm, and paid", async () => {
    const sku = await store().stock.skuWith(1);
    const placed = await store().placed({ lines: [{ sku, quantity: 1 }] });
    const { paymentIntentId, holdExpiresAt } = await store().paymentStarted(placed);
    await store().stripe.faults({ webhook: { drop: 1 } });
    try {
      await until(holdExpiresAt, -1_000);
      await store().stripe.confirm(paymentIntentId, "pm_card_visa");
      expect(await untilDecided(store(), placed)).toMatchObject({ status: "paid" });
    } finally {
      await store().stripe.faults();
    }
    await expectMoneyToAgree(store(), placed);
    expect(await store().stock.figures(sku)).toMatchObject({ available: 0, held: 0, sold: 1 });
  });

  it("after the end of the hold is cancelled and never captured", async () => {
    const sku = await store().stock.skuWith(1);
    const placed = await store().placed({ lines: [{ sku, quantity: 1 }] });
    const { paymentIntentId, holdExpiresAt } = await store().paymentStarted(placed);
    // The store is away when the time is over, so that nobody has cancelled the intent yet when the card is confirmed.
    await running().killWorker();
    await until(holdExpiresAt, GRACE_SECONDS * 1_000 + 500);
    await store().stripe.confirm(paymentIntentId, "pm_card_visa");
    await running().startWorker();
    await untilDecided(store(), placed);
    const order = await expectMoneyToAgree(store(), placed);
    expect(["cancelled", "expired"]).toContain(order.status);
    expect(await store().stripe.moneyOf(placed.orderId)).toMatchObject([
      { status: "canceled", authorised: placed.totals.total, captured: 0, refunded: 0 },
    ]);
    await store().stock.until(sku, { available: 1, held: 0, sold: 0 });
  });

  it("at any moment around the end is captured or cancelled, and money and units agree", async () => {
    const offsetsMs = [-900, -600, -300, -150, -50, 0, 50, 150, 300, 600];
    const sku = await store().stock.skuWith(offsetsMs.length);
    const statuses = await inParallel(offsetsMs, offsetsMs.length, async (offsetMs) => {
      const placed = await store().placed({ lines: [{ sku, quantity: 1 }] });
      const { paymentIntentId, holdExpiresAt } = await store().paymentStarted(placed);
      await until(holdExpiresAt, offsetMs);
      await store().stripe.tryToConfirm(paymentIntentId, "pm_card_visa");
      await untilDecided(store(), placed);
      return (await expectMoneyToAgree(store(), placed)).status;
    });
    const sold = statuses.filter((status) => status === "paid").length;
    expect(sold).toBeGreaterThan(0);
    await store().stock.until(sku, { available: offsetsMs.length - sold, held: 0, sold });
    await expectLedgerToAddUp(store(), sku);
  });
});
