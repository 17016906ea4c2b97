/** Stripe slow, failing before and after the effect, and limiting: nobody pays twice, and money and units agree in the end. */
import { expect, it } from "vitest";
import { setTimeout as delay } from "node:timers/promises";
import { PaymentView } from "../../src/contracts/orders.ts";
import { expectMoneyToAgree, untilDecided } from "../harness/agreement.ts";
import { inParallel, range } from "../harness/in-parallel.ts";
import { sharedStore } from "../harness/shared-store.ts";
import type { FaultOptions } from "../harness/stripe-side.ts";
import type { Right } from "../harness/store.ts";

const store = sharedStore();
const ORDERS = 8;

it.for<[what: string, faults: FaultOptions]>([
  ["slow", { latencyMs: 1_200 }],
  [
    "failing every other time, before or after the effect",
    { errorRate: 0.5, latencyMs: 50, seed: 20_261_122 },
  ],
  ["limiting us to four calls a second", { rateLimit: 4 }],
])(
  "with Stripe %s, shoppers who keep trying pay once or not at all",
  { timeout: 240_000 },
  async ([, faults]) => {
    const sku = await store.stock.skuWith(ORDERS);
    const orders = await inParallel(range(ORDERS), 4, () => store.placed({ lines: [{ sku, quantity: 1 }] }));
    await store.stripe.faults(faults);
    await inParallel(orders, 4, async (order, index) => {
      await payPatiently(order);
      // One shopper changes her mind in the middle of it.
      if (index === 0) expect([200, 202, 409]).toContain((await store.cancel(order)).status);
    });
    await store.stripe.faults();
    store.tickCron();
    await inParallel(orders, 8, (order) => untilDecided(store, order));
    const ended = await inParallel(orders, 4, (order) => expectMoneyToAgree(store, order));
    const sold = ended.filter(({ status }) => status === "paid").length;
    expect(sold).toBeGreaterThanOrEqual(ORDERS - 1);
    expect(await store.stock.figures(sku)).toMatchObject({ available: ORDERS - sold, held: 0, sold });
  },
);

/** Tries to begin and to confirm as a page and Stripe.js do: again after a while, as long as it takes. */
async function payPatiently(order: Right): Promise<void> {
  const intentId = await patiently(async () => {
    const answer = await store.startPayment(order);
    if (answer.status === 201) return PaymentView.parse(answer.body).paymentIntentId;
    expect([429, 502, 503]).toContain(answer.status);
    expect(answer.status === 502 || answer.headers.get("retry-after") !== null).toBe(true);
    return null;
  });
  await patiently(async () => {
    const { status, body } = await store.stripe.tryToConfirm(intentId, "pm_card_visa");
    // "Unexpected state" is a confirmation that took effect though it answered 500.
    const isDone = status === 200 || body.error?.code === "payment_intent_unexpected_state";
    return isDone ? true : null;
  });
}

const TRIES = 60;
const PAUSE_MS = 300;

async function patiently<T>(attempt: () => Promise<T | null>): Promise<T> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const result = await attempt();
    if (result !== null) return result;
    await delay(PAUSE_MS);
  }
  throw new Error(`gave up after ${String(TRIES)} tries`);
}
