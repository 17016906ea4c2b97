/** Stripe's events: a nudge that may be lost, repeated, late, early or forged, and never the only way. */
import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { waitFor } from "../../local/process/wait-for.ts";
import { expectLedgerToAddUp, expectMoneyToAgree, untilDecided } from "../harness/agreement.ts";
import { expectProblem } from "../harness/expect-problem.ts";
import { sharedStore } from "../harness/shared-store.ts";
import { EVENTUALLY_MS, type Answer } from "../harness/store.ts";
import type { PlacedOrder } from "../../src/contracts/orders.ts";

const store = sharedStore();

const placeOne = async (): Promise<PlacedOrder> => placeOf(await store.stock.plenty());

/** Of a SKU that nobody else has touched, with three units: for tests that look at its figures. */
const placeOneOfThree = async (): Promise<PlacedOrder> => placeOf(await store.stock.skuWith(3));

const placeOf = (sku: string): Promise<PlacedOrder> => store.placed({ lines: [{ sku, quantity: 1 }] });

describe("a webhook", () => {
  it("that is lost is made good by the cron's net", async () => {
    const placed = await placeOne();
    await store.stripe.faults({ webhook: { drop: 1 } });
    const intentId = await store.pay(placed);
    await store.stripe.untilDelivered(intentId);
    expect(await store.order(placed)).toMatchObject({ status: "reserved" });
    store.tickCron();
    await store.until(placed, "paid");
    await expectMoneyToAgree(store, placed);
  });

  it("delivered five times and out of order makes one paid order and one capture", async () => {
    const placed = await placeOneOfThree();
    await store.stripe.faults({ webhook: { duplicate: 4, reorder: 1 }, seed: 11 });
    const intentId = await store.pay(placed, "pm_card_chargeDeclined");
    await store.pay(placed);
    const paid = await store.until(placed, "paid");
    await store.stripe.untilDelivered(intentId);
    await store.stripe.faults();

    // Once more, the newest first: the old refusal and the authorisation arrive after the capture.
    const events = await store.stripe.deliveredEventsOf(intentId);
    expect(events.length).toBeGreaterThanOrEqual(2);
    for (const { id } of events.toReversed()) await store.stripe.redeliver(id);
    await store.stripe.untilDelivered(intentId);
    await store.rowsWhere<{ count: string }>(
      "every event once in the inbox",
      ["select count(*) from stripe_events where order_id = $1", [placed.orderId]],
      ([row]) => row?.count === String(events.length),
    );

    expect(await store.order(placed)).toMatchObject({ status: "paid", version: paid.version });
    await expectMoneyToAgree(store, placed);
    const captures = (await store.stripe.eventsOf(intentId)).filter(
      ({ type }) => type === "payment_intent.succeeded",
    );
    expect(captures).toHaveLength(1);
    expect(await store.stock.figures(placed.lines[0]!.sku)).toMatchObject({ available: 2, held: 0, sold: 1 });
  });

  it("that is late, after the order was cancelled and settled, sells nothing and keeps no money", async () => {
    const placed = await placeOneOfThree();
    await store.stripe.faults({ webhook: { drop: 1 } });
    const intentId = await store.pay(placed);
    await store.stripe.faults();
    expect(await store.cancel(placed)).toMatchObject({ status: 200, body: { status: "cancelled" } });
    for (const { id } of await store.stripe.eventsOf(intentId)) await store.stripe.redeliver(id);
    await store.stripe.untilDelivered(intentId);
    expect(await untilDecided(store, placed)).toMatchObject({ status: "cancelled" });
    await expectMoneyToAgree(store, placed);
    const { sku } = placed.lines[0]!;
    expect(await store.stock.figures(sku)).toMatchObject({ available: 3, held: 0, sold: 0 });
    await expectLedgerToAddUp(store, sku);
  });

  it("that is early, before the store knows its intent, pays the order", async () => {
    const placed = await placeOne();
    // Stripe creates the intent, and loses its answer; the shopper's browser never learns of it from us.
    const intentId = await createdButUnanswered(placed);
    await store.stripe.confirm(intentId, "pm_card_visa");
    await store.until(placed, "paid");
    await expectMoneyToAgree(store, placed);
  });

  it("about an intent that is not the order's ends that intent, and the order stays payable", async () => {
    const placed = await placeOne();
    const { paymentIntentId } = await store.paymentStarted(placed);
    const stray = await foreignIntent(placed);
    await store.stripe.confirm(stray, "pm_card_visa");
    await waitFor(
      async () =>
        (await store.stripe.moneyOf(placed.orderId)).find(({ id }) => id === stray)?.status === "canceled",
      { what: "the stray intent to be cancelled", timeoutMs: EVENTUALLY_MS },
    );
    expect(await store.order(placed)).toMatchObject({ status: "reserved" });
    await store.stripe.confirm(paymentIntentId, "pm_card_visa");
    await store.until(placed, "paid");
    await expectMoneyToAgree(store, placed);
  });
});

describe("a forged webhook", () => {
  it.for([
    ["with a signature of another secret", (body: string) => sign(body, "whsec_of_somebody_else")],
    [
      "with a body that was changed after it was signed",
      (body: string) => sign(body.replace("evt_", "evt_x")),
    ],
    ["that is replayed after the tolerance", (body: string) => sign(body, undefined, 301)],
    ["without a signature", () => ""],
    ["with a malformed signature", () => "t=now,v1=zz"],
  ] as const)("%s is refused and changes nothing", async ([, signatureOf]) => {
    const placed = await placeOne();
    await store.stripe.faults({ webhook: { drop: 1 } });
    const intentId = await store.pay(placed);
    const event = await authorisationOf(intentId);
    expectProblem(await send(event, signatureOf(event)), "bad_signature");
    expect(await store.order(placed)).toMatchObject({ status: "reserved" });
    // The same event in earnest is taken: it was the signature that was refused.
    expect(await send(event, sign(event))).toMatchObject({ status: 200 });
    await store.until(placed, "paid");
  });
});

function send(body: string, signature: string): Promise<Answer> {
  const headers = { "content-type": "application/json", "stripe-signature": signature };
  return store.request("POST", "/api/webhooks/stripe", { headers, body });
}

function sign(body: string, secret = store.endpoints.webhookSecret, ageSeconds = 0): string {
  const at = Math.floor(Date.now() / 1000) - ageSeconds;
  const digest = createHmac("sha256", secret)
    .update(`${String(at)}.${body}`)
    .digest("hex");
  return `t=${String(at)},v1=${digest}`;
}

async function authorisationOf(intentId: string): Promise<string> {
  const events = await store.stripe.eventsOf(intentId);
  const authorisation = events.find(({ type }) => type === "payment_intent.amount_capturable_updated");
  return JSON.stringify(await store.stripe.event(authorisation!.id));
}

/** An intent that carries an order's id, as our own creation would, but under an operation the order never began. */
async function foreignIntent(order: PlacedOrder): Promise<string> {
  return await store.stripe.createIntent({
    amount: String(order.totals.total),
    currency: "usd",
    capture_method: "manual",
    "metadata[order_id]": order.orderId,
    "metadata[operation_id]": `${order.orderId}:create:99`,
  });
}

/** Begins to pay while Stripe fails after the effect. Answers the intent's id, which only Stripe knows. */
async function createdButUnanswered(order: PlacedOrder): Promise<string> {
  for (let seed = 1; ; seed += 1) {
    await store.stripe.faults({ errorRate: 1, seed });
    await store.startPayment(order);
    await store.stripe.faults();
    const [intent] = await store.stripe.moneyOf(order.orderId);
    if (intent !== undefined) return intent.id;
  }
}
