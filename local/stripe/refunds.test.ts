/** Refunds, and what the ledger says of them. */
import type Stripe from "stripe";
import { afterAll, beforeAll, expect, it } from "vitest";
import { refusalOf, startEmulator, USD } from "./emulator-under-test.ts";
import type { UnderTest } from "./emulator-under-test.ts";
import { idOf } from "./state.ts";

let emulator: UnderTest;
let stripe: Stripe;

beforeAll(async () => {
  emulator = await startEmulator();
  ({ stripe } = emulator);
});
afterAll(() => emulator.close());

it("gives back in parts until nothing is left", async () => {
  const { id, latest_charge } = await stripe.paymentIntents.create({
    ...USD,
    confirm: true,
    payment_method: "pm_card_visa",
  });
  const part = await stripe.refunds.create({
    payment_intent: id,
    amount: 19_900,
    reason: "requested_by_customer",
  });
  expect(part).toMatchObject({
    amount: 19_900,
    status: "succeeded",
    payment_intent: id,
    charge: latest_charge,
  });
  const tooMuch = await refusalOf(stripe.refunds.create({ payment_intent: id, amount: 100_001 }));
  expect(tooMuch.message).toBe(
    "Refund amount ($1,000.01) is greater than unrefunded amount on charge ($1,000.00)",
  );
  await stripe.refunds.create({ charge: idOf(latest_charge) ?? "", metadata: { refundId: "r1" } });
  expect(await stripe.charges.retrieve(idOf(latest_charge) ?? "")).toMatchObject({
    refunded: true,
    amount_refunded: 119_900,
  });
  expect(await refusalOf(stripe.refunds.create({ payment_intent: id }))).toMatchObject({
    code: "charge_already_refunded",
  });
  const listed = await stripe.refunds.list({ payment_intent: id });
  expect(listed.data.map((refund) => refund.amount)).toEqual([100_000, 19_900]);
  expect(await stripe.refunds.retrieve(part.id)).toMatchObject({ id: part.id });
});

it("refuses what was never captured", async () => {
  const { id } = await stripe.paymentIntents.create({
    ...USD,
    confirm: true,
    capture_method: "manual",
    payment_method: "pm_card_visa",
  });
  const refusal = await refusalOf(stripe.refunds.create({ payment_intent: id }));
  expect(refusal.message).toBe(`This PaymentIntent (${id}) does not have a successful charge to refund.`);
});

it("shows in the ledger what was authorised, captured and refunded", async () => {
  await emulator.control("reset", {});
  const manual = { ...USD, confirm: true, capture_method: "manual", payment_method: "pm_card_visa" } as const;
  const refunded = await stripe.paymentIntents.create({ ...manual, metadata: { orderId: "o1" } });
  await stripe.paymentIntents.capture(refunded.id, { amount_to_capture: 100_000 });
  await stripe.refunds.create({ payment_intent: refunded.id, amount: 1000 });
  const released = await stripe.paymentIntents.create(manual);
  await stripe.paymentIntents.cancel(released.id);
  await refusalOf(stripe.paymentIntents.create({ ...manual, payment_method: "pm_card_chargeDeclined" }));
  const { json } = await emulator.control("ledger");
  expect(json["paymentIntents"]).toMatchObject([
    {
      id: refunded.id,
      authorised: 119_900,
      captured: 100_000,
      refunded: 1000,
      status: "succeeded",
      metadata: { orderId: "o1" },
    },
    { id: released.id, authorised: 119_900, captured: 0, refunded: 0, status: "canceled" },
    { authorised: 0, captured: 0, refunded: 0, status: "requires_payment_method" },
  ]);
  expect(json["totals"]).toMatchObject({ count: 3, authorised: 239_800, captured: 100_000, refunded: 1000 });
});
