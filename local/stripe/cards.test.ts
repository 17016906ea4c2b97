/** What each test card does, by number and by token. */
import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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

function pay(card: string, expand: string[] = []): Promise<Stripe.PaymentIntent> {
  const method = card.startsWith("pm_")
    ? { payment_method: card }
    : {
        payment_method_data: {
          type: "card" as const,
          card: { number: card, exp_month: 12, exp_year: 2040, cvc: "123" },
        },
      };
  return stripe.paymentIntents.create({ ...USD, confirm: true, capture_method: "manual", expand, ...method });
}

describe("cards that are good", () => {
  it.each([
    ["4242424242424242", "visa", "4242"],
    ["5555555555554444", "mastercard", "4444"],
    ["378282246310005", "amex", "0005"],
    ["pm_card_visa", "visa", "4242"],
    ["pm_card_us", "visa", "4242"],
    ["pm_card_mastercard", "mastercard", "4444"],
    ["pm_card_amex", "amex", "0005"],
  ])("%s is authorised as %s", async (card, brand, last4) => {
    const intent = await pay(card);
    expect(intent.status).toBe("requires_capture");
    const charge = await stripe.charges.retrieve(idOf(intent.latest_charge) ?? "");
    expect(charge).toMatchObject({ paid: true, status: "succeeded", outcome: { type: "authorized" } });
    expect(charge.payment_method_details?.card).toMatchObject({ brand, last4, amount_authorized: 119_900 });
  });

  it("have one fingerprint for each number, and for each PaymentMethod; a token is another person's card each time", async () => {
    const method = await stripe.paymentMethods.create({ type: "card", card: { token: "tok_visa" } });
    const cards = ["4242424242424242", "4242424242424242", "378282246310005", method.id, method.id];
    const tokens = ["pm_card_visa", "pm_card_visa"];
    const fingerprints: (string | null | undefined)[] = [];
    for (const card of [...cards, ...tokens]) {
      const { latest_charge: charge } = await pay(card, ["latest_charge"]);
      fingerprints.push((charge as Stripe.Charge).payment_method_details?.card?.fingerprint);
    }
    expect(fingerprints.every((fingerprint) => /^\w{10,}$/.test(fingerprint ?? ""))).toBe(true);
    expect(fingerprints[0]).toBe(fingerprints[1]);
    expect(fingerprints[3]).toBe(fingerprints[4]);
    expect(new Set(fingerprints).size).toBe(5);
  });
});

describe("cards that are declined", () => {
  it.each([
    ["4000000000000002", "card_declined", "generic_decline"],
    ["pm_card_chargeDeclined", "card_declined", "generic_decline"],
    ["pm_card_visa_chargeDeclined", "card_declined", "generic_decline"],
    ["4000000000009995", "card_declined", "insufficient_funds"],
    ["pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"],
    ["pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"],
    ["4000000000000069", "expired_card", ""],
    ["pm_card_chargeDeclinedExpiredCard", "expired_card", ""],
    ["4000000000000127", "incorrect_cvc", ""],
    ["pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", ""],
    ["4000000000000119", "processing_error", ""],
    ["4111111111111111", "card_declined", "test_mode_live_card"],
  ])("%s: %s %s, and the intent stays open for another card", async (card, code, declineCode) => {
    const refusal = await refusalOf(pay(card));
    expect(refusal).toMatchObject({ type: "StripeCardError", statusCode: 402, code });
    // Only a card that is simply declined says why; the SDK shows a missing code as an empty one.
    expect(refusal.decline_code).toBe(declineCode);
    const intent = await stripe.paymentIntents.retrieve(refusal.payment_intent?.id ?? "", {
      expand: ["latest_charge"],
    });
    expect(intent).toMatchObject({
      status: "requires_payment_method",
      payment_method: null,
      last_payment_error: { code },
    });
    expect(intent.latest_charge).toMatchObject({ status: "failed", paid: false, failure_code: code });
    const second = await stripe.paymentIntents.confirm(intent.id, { payment_method: "pm_card_visa" });
    expect(second).toMatchObject({ status: "requires_capture", last_payment_error: null });
  });

  it.each([
    ["4242424242424241", {}, "incorrect_number"],
    ["4242424242424242", { exp_year: 2020 }, "invalid_expiry_year"],
    ["4242424242424242", { exp_month: 13 }, "invalid_expiry_month"],
    ["4242424242424242", { cvc: "1" }, "invalid_cvc"],
  ])("%s with %o cannot become a payment method: %s", async (number, change, code) => {
    const card = { number, exp_month: 12, exp_year: 2040, cvc: "123", ...change };
    expect(await refusalOf(stripe.paymentMethods.create({ type: "card", card }))).toMatchObject({
      statusCode: 402,
      code,
    });
  });
});

describe("cards that want a challenge", () => {
  const withReturn = { return_url: "https://shop.example/orders/1?x=y" };

  async function challenged(card: string): Promise<{ intent: Stripe.PaymentIntent; url: string }> {
    const intent = await stripe.paymentIntents.create({
      ...USD,
      confirm: true,
      capture_method: "manual",
      payment_method: card,
      ...withReturn,
    });
    expect(intent).toMatchObject({ status: "requires_action", next_action: { type: "redirect_to_url" } });
    return { intent, url: intent.next_action?.redirect_to_url?.url ?? "" };
  }

  function answer(url: string, outcome: string): Promise<Response> {
    return fetch(url, { method: "POST", body: new URLSearchParams({ outcome }), redirect: "manual" });
  }

  it.each(["pm_card_authenticationRequired", "pm_card_threeDSecure2Required"])(
    "%s is authorised once the buyer has passed, who goes back to the shop",
    async (card) => {
      const { intent, url } = await challenged(card);
      const page = await fetch(url);
      expect(await page.text()).toContain("Complete");
      const answered = await answer(url, "complete");
      expect(answered.status).toBe(303);
      const target = new URL(answered.headers.get("location") ?? "");
      expect(Object.fromEntries(target.searchParams)).toEqual({
        x: "y",
        payment_intent: intent.id,
        payment_intent_client_secret: intent.client_secret,
        redirect_status: "succeeded",
      });
      const after = await stripe.paymentIntents.retrieve(intent.id, { expand: ["latest_charge"] });
      expect(after).toMatchObject({ status: "requires_capture", next_action: null });
      expect(after.latest_charge).toMatchObject({
        payment_method_details: { card: { three_d_secure: { result: "authenticated" } } },
      });
    },
  );

  it("reopens the intent where the buyer fails, and a second answer changes nothing", async () => {
    const { intent, url } = await challenged("pm_card_threeDSecure2Required");
    const answered = await answer(url, "fail");
    expect(answered.headers.get("location")).toContain("redirect_status=failed");
    await answer(url, "complete");
    expect(await stripe.paymentIntents.retrieve(intent.id)).toMatchObject({
      status: "requires_payment_method",
      last_payment_error: { code: "payment_intent_authentication_failure" },
    });
  });

  it("is declined after the challenge where the bank says so", async () => {
    const { intent, url } = await challenged("pm_card_threeDSecureRequiredChargeDeclined");
    await answer(url, "complete");
    expect(await stripe.paymentIntents.retrieve(intent.id)).toMatchObject({
      status: "requires_payment_method",
      last_payment_error: { code: "card_declined" },
    });
  });

  it("shows the challenge to nobody without the client secret", async () => {
    const { url } = await challenged("pm_card_threeDSecure2Required");
    const forged = url.replace(/client_secret=\w+/, "client_secret=guess");
    expect((await fetch(forged)).status).toBe(404);
    expect((await answer(forged, "complete")).status).toBe(404);
  });

  it("is left to Stripe.js where there is no return address, and declined where the buyer is away", async () => {
    expect(await pay("4000002760003184")).toMatchObject({ next_action: { type: "use_stripe_sdk" } });
    expect(await pay("4000000000003220")).toMatchObject({ status: "requires_action" });
    const away = stripe.paymentIntents.create({
      ...USD,
      confirm: true,
      off_session: true,
      payment_method: "pm_card_authenticationRequired",
    });
    expect(await refusalOf(away)).toMatchObject({ statusCode: 402, code: "authentication_required" });
  });
});

describe("cards that dispute", () => {
  it.each(["4000000000000259", "pm_card_createDispute"])("%s is disputed once captured", async (card) => {
    const intent = await pay(card);
    expect((await stripe.disputes.list({ payment_intent: intent.id })).data).toEqual([]);
    await stripe.paymentIntents.capture(intent.id);
    const [dispute] = (await stripe.disputes.list({ payment_intent: intent.id })).data;
    expect(dispute).toMatchObject({ amount: 119_900, reason: "fraudulent", status: "needs_response" });
    expect(await stripe.disputes.retrieve(dispute?.id ?? "", { expand: ["charge"] })).toMatchObject({
      charge: { disputed: true },
    });
    expect(await refusalOf(stripe.refunds.create({ payment_intent: intent.id }))).toMatchObject({
      code: "charge_disputed",
    });
  });
});
