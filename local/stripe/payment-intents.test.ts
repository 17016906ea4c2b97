/** The states of a PaymentIntent, through the official SDK. */
import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { refusalOf, sdkFor, startEmulator, USD } from "./emulator-under-test.ts";
import type { UnderTest } from "./emulator-under-test.ts";
import { idOf } from "./state.ts";
import { DEFAULT_PUBLISHABLE_KEY } from "./server.ts";

let emulator: UnderTest;
let stripe: Stripe;

beforeAll(async () => {
  emulator = await startEmulator();
  ({ stripe } = emulator);
});
afterAll(() => emulator.close());

async function authorised(): Promise<Stripe.PaymentIntent> {
  return stripe.paymentIntents.create({
    ...USD,
    capture_method: "manual",
    confirm: true,
    payment_method: "pm_card_visa",
  });
}

describe("a payment captured by hand", () => {
  it("waits for a payment method, then for its capture, then has succeeded", async () => {
    const created = await stripe.paymentIntents.create({
      ...USD,
      capture_method: "manual",
      automatic_payment_methods: { enabled: true },
      metadata: { orderId: "order-1" },
      receipt_email: "ada@example.com",
      shipping: { name: "Ada", address: { line1: "1 Main St", country: "US" } },
    });
    expect(created).toMatchObject({
      status: "requires_payment_method",
      metadata: { orderId: "order-1" },
      amount: 119_900,
    });
    expect(created.client_secret).toMatch(new RegExp(`^${created.id}_secret_\\w+$`));
    const confirmed = await stripe.paymentIntents.confirm(created.id, {
      payment_method: "pm_card_mastercard",
      expand: ["latest_charge"],
    });
    expect(confirmed).toMatchObject({
      status: "requires_capture",
      amount_capturable: 119_900,
      amount_received: 0,
    });
    expect(confirmed.latest_charge).toMatchObject({
      captured: false,
      payment_method_details: { card: { brand: "mastercard", last4: "4444", funding: "credit" } },
    });
    const captured = await stripe.paymentIntents.capture(created.id);
    expect(captured).toMatchObject({ status: "succeeded", amount_capturable: 0, amount_received: 119_900 });
  });

  it("can be captured in part, once, and never for more than was authorised", async () => {
    const { id } = await authorised();
    const tooMuch = await refusalOf(stripe.paymentIntents.capture(id, { amount_to_capture: 119_901 }));
    expect(tooMuch).toMatchObject({ statusCode: 400, code: "amount_too_large", param: "amount_to_capture" });
    const captured = await stripe.paymentIntents.capture(id, { amount_to_capture: 100_000 });
    expect(captured).toMatchObject({ status: "succeeded", amount: 119_900, amount_received: 100_000 });
    const again = await refusalOf(stripe.paymentIntents.capture(id));
    expect(again).toMatchObject({ statusCode: 400, code: "payment_intent_unexpected_state" });
    expect(again.payment_intent).toMatchObject({ id, status: "succeeded" });
  });

  it("gives the authorisation back when it is canceled", async () => {
    const { id, latest_charge } = await authorised();
    const canceled = await stripe.paymentIntents.cancel(id, { cancellation_reason: "abandoned" });
    expect(canceled).toMatchObject({
      status: "canceled",
      amount_capturable: 0,
      cancellation_reason: "abandoned",
    });
    expect(await stripe.charges.retrieve(idOf(latest_charge) ?? "")).toMatchObject({
      captured: false,
      refunded: true,
    });
    expect(await refusalOf(stripe.paymentIntents.capture(id))).toMatchObject({
      code: "payment_intent_unexpected_state",
    });
    expect(await refusalOf(stripe.paymentIntents.cancel(id))).toMatchObject({
      code: "payment_intent_unexpected_state",
    });
  });
});

describe("a payment captured at once", () => {
  it("succeeds on confirmation and cannot be canceled or confirmed any more", async () => {
    const paid = await stripe.paymentIntents.create({
      ...USD,
      confirm: true,
      payment_method: "pm_card_amex",
    });
    expect(paid).toMatchObject({ status: "succeeded", amount_received: 119_900 });
    expect(await refusalOf(stripe.paymentIntents.cancel(paid.id))).toMatchObject({
      code: "payment_intent_unexpected_state",
    });
    const confirmed = await refusalOf(
      stripe.paymentIntents.confirm(paid.id, { payment_method: "pm_card_visa" }),
    );
    expect(confirmed.message).toContain("has already succeeded");
  });

  it("asks for confirmation when it has a payment method, and refuses one without", async () => {
    const bare = await stripe.paymentIntents.create(USD);
    expect(await refusalOf(stripe.paymentIntents.confirm(bare.id))).toMatchObject({
      code: "payment_intent_unexpected_state",
    });
    const updated = await stripe.paymentIntents.update(bare.id, {
      payment_method: "pm_card_visa",
      amount: 5000,
    });
    expect(updated).toMatchObject({ status: "requires_confirmation", amount: 5000 });
    expect(await stripe.paymentIntents.confirm(bare.id)).toMatchObject({
      status: "succeeded",
      amount_received: 5000,
    });
    expect(await refusalOf(stripe.paymentIntents.update(bare.id, { amount: 1 }))).toMatchObject({
      code: "payment_intent_unexpected_state",
    });
    const noted = await stripe.paymentIntents.update(bare.id, { metadata: { a: "1", b: "2" } });
    expect(noted.metadata).toEqual({ a: "1", b: "2" });
    expect((await stripe.paymentIntents.update(bare.id, { metadata: { a: "" } })).metadata).toEqual({
      b: "2",
    });
  });
});

describe("refused parameters", () => {
  it.each([
    ["no amount", { currency: "usd" }, { code: "parameter_missing", param: "amount" }],
    ["no currency", { amount: 1000 }, { code: "parameter_missing", param: "currency" }],
    ["a fraction", { amount: 10.5, currency: "usd" }, { code: "parameter_invalid_integer", param: "amount" }],
    [
      "a negative amount",
      { amount: -1, currency: "usd" },
      { code: "parameter_invalid_integer", param: "amount" },
    ],
    ["less than the minimum", { amount: 49, currency: "usd" }, { code: "amount_too_small", param: "amount" }],
    [
      "more than eight digits",
      { amount: 100_000_000, currency: "usd" },
      { code: "amount_too_large", param: "amount" },
    ],
    ["a currency that is none", { amount: 1000, currency: "xyz" }, { param: "currency" }],
    ["an unknown parameter", { ...USD, colour: "red" }, { code: "parameter_unknown", param: "colour" }],
    [
      "an unknown customer",
      { ...USD, customer: "cus_none" },
      { code: "resource_missing", param: "customer" },
    ],
    [
      "an unknown card",
      { ...USD, payment_method: "pm_none" },
      { code: "resource_missing", param: "payment_method" },
    ],
    [
      "another payment method",
      { ...USD, payment_method_types: ["klarna"] },
      { param: "payment_method_types" },
    ],
  ])("%s", async (_name, params, expected) => {
    const refusal = await refusalOf(stripe.paymentIntents.create(params as Stripe.PaymentIntentCreateParams));
    expect(refusal).toMatchObject({ type: "StripeInvalidRequestError", statusCode: 400, ...expected });
  });

  it("leave nothing behind", async () => {
    const before = (await stripe.events.list({ limit: 1 })).data[0]?.id;
    await refusalOf(
      stripe.paymentIntents.create({ ...USD, payment_method: "pm_card_visa", expand: ["colour"] }),
    );
    expect((await stripe.events.list({ limit: 1 })).data[0]?.id).toBe(before);
  });
});

describe("keys", () => {
  it("must be there, be right, and be secret where a secret one is needed", async () => {
    expect(await refusalOf(sdkFor(emulator.port, "sk_test_wrong").paymentIntents.list())).toMatchObject({
      statusCode: 401,
    });
    const publishable = sdkFor(emulator.port, DEFAULT_PUBLISHABLE_KEY);
    expect(await refusalOf(publishable.paymentIntents.create(USD))).toMatchObject({
      statusCode: 401,
      code: "secret_key_required",
    });
    const none = await fetch(`${emulator.url}/v1/payment_intents`);
    expect(none.status).toBe(401);
  });

  it("that are publishable confirm and read an intent with its client secret only, and see a part of it", async () => {
    const created = await stripe.paymentIntents.create({ ...USD, metadata: { orderId: "secret" } });
    const publishable = sdkFor(emulator.port, DEFAULT_PUBLISHABLE_KEY);
    expect(await refusalOf(publishable.paymentIntents.retrieve(created.id))).toMatchObject({
      param: "client_secret",
    });
    const secret = { client_secret: created.client_secret ?? "" };
    const seen = await publishable.paymentIntents.retrieve(created.id, secret);
    expect(seen.status).toBe("requires_payment_method");
    expect(seen).not.toHaveProperty("metadata");
    const data = {
      type: "card",
      card: { number: "4242424242424242", exp_month: 12, exp_year: 40, cvc: "123" },
    };
    const params = { ...secret, payment_method_data: data } as unknown as Stripe.PaymentIntentConfirmParams;
    expect(await publishable.paymentIntents.confirm(created.id, params)).toMatchObject({
      status: "succeeded",
    });
  });
});

describe("what Stripe has and the emulator has not", () => {
  it("answers 404 with Stripe's words", async () => {
    const refusal = await refusalOf(stripe.subscriptions.list());
    expect(refusal).toMatchObject({ statusCode: 404, type: "StripeInvalidRequestError" });
    expect(refusal.message).toContain("Unrecognized request URL (GET: /v1/subscriptions)");
    expect(await refusalOf(stripe.paymentIntents.retrieve("pi_none"))).toMatchObject({
      statusCode: 404,
      code: "resource_missing",
    });
  });
});
