/** Idempotency keys, through the official SDK and by hand where headers matter. */
import type Stripe from "stripe";
import { afterEach, beforeEach, expect, it } from "vitest";
import { refusalOf, startEmulator, USD } from "./emulator-under-test.ts";
import type { UnderTest } from "./emulator-under-test.ts";
import { DEFAULT_SECRET_KEY } from "./server.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

let emulator: UnderTest;
let stripe: Stripe;
let nowMs: number;
/** How long the latency of injected faults takes. */
let latency: Promise<undefined>;

beforeEach(async () => {
  nowMs = Date.now();
  latency = Promise.resolve(undefined);
  emulator = await startEmulator({ nowMs: () => nowMs, sleep: () => latency });
  ({ stripe } = emulator);
});
afterEach(() => emulator.close());

async function intents(): Promise<number> {
  return (await stripe.paymentIntents.list({ limit: 100 })).data.length;
}

it("replays the answer of the first request, and says so", async () => {
  const first = await stripe.paymentIntents.create(USD, { idempotencyKey: "order:create:1" });
  const second = await stripe.paymentIntents.create(USD, { idempotencyKey: "order:create:1" });
  expect(second).toEqual(first);
  expect(first.lastResponse.headers["idempotent-replayed"]).toBeUndefined();
  expect(second.lastResponse.headers["idempotent-replayed"]).toBe("true");
  expect(second.lastResponse.headers["original-request"]).toBe(first.lastResponse.requestId);
  expect(second.lastResponse.idempotencyKey).toBe("order:create:1");
  expect(await intents()).toBe(1);
});

it("replays a decline without charging again", async () => {
  const pay = (): Promise<unknown> =>
    stripe.paymentIntents.create(
      { ...USD, confirm: true, payment_method: "pm_card_chargeDeclined" },
      { idempotencyKey: "declined" },
    );
  const [first, second] = [await refusalOf(pay()), await refusalOf(pay())];
  expect(second).toMatchObject({ statusCode: 402, code: "card_declined" });
  expect(second.payment_intent?.id).toBe(first.payment_intent?.id);
  expect((await stripe.charges.list()).data).toHaveLength(1);
});

it("refuses other parameters and another endpoint under the same key", async () => {
  const { id } = await stripe.paymentIntents.create(USD, { idempotencyKey: "k" });
  const changed = await refusalOf(
    stripe.paymentIntents.create({ ...USD, amount: 5000 }, { idempotencyKey: "k" }),
  );
  expect(changed).toMatchObject({ type: "StripeIdempotencyError", statusCode: 400 });
  const elsewhere = await refusalOf(stripe.paymentIntents.cancel(id, {}, { idempotencyKey: "k" }));
  expect(elsewhere).toMatchObject({ type: "StripeIdempotencyError", statusCode: 400 });
  expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({ status: "requires_payment_method" });
});

it("does not remember parameters that were refused before anything was executed", async () => {
  await refusalOf(stripe.paymentIntents.create({ ...USD, amount: 1 }, { idempotencyKey: "typo" }));
  expect(await stripe.paymentIntents.create(USD, { idempotencyKey: "typo" })).toMatchObject({
    amount: 119_900,
  });
});

it("answers 409 to a request that comes while another uses the key, and has one effect", async () => {
  const slow = Promise.withResolvers<undefined>();
  latency = slow.promise;
  await emulator.control("faults", { latencyMs: 1 });
  const requests = [
    stripe.paymentIntents.create(USD, { idempotencyKey: "same" }),
    stripe.paymentIntents.create(USD, { idempotencyKey: "same" }),
  ];
  // One of them waits until the other has its answer, which can only be a refusal.
  await Promise.race(requests).catch(() => undefined);
  slow.resolve(undefined);
  const both = await Promise.allSettled(requests);
  expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  const refused = both.find((result) => result.status === "rejected");
  expect(refused?.reason).toMatchObject({
    statusCode: 409,
    code: "idempotency_key_in_use",
    headers: { "stripe-should-retry": "true" },
  });
  await emulator.control("faults", {});
  expect(await intents()).toBe(1);
});

it("replays an injected 500, whether the effect took place or not", async () => {
  await emulator.control("faults", { errorRate: 1, seed: 7 });
  const keys = Array.from({ length: 20 }, (_, index) => `key-${index}`);
  for (const idempotencyKey of keys) {
    const refusal = await refusalOf(stripe.paymentIntents.create(USD, { idempotencyKey }));
    expect(refusal).toMatchObject({ statusCode: 500, headers: { "stripe-should-retry": "false" } });
  }
  await emulator.control("faults", {});
  const effects = await intents();
  expect(effects).toBeGreaterThan(0);
  expect(effects).toBeLessThan(keys.length);
  for (const idempotencyKey of keys) {
    const refusal = await refusalOf(stripe.paymentIntents.create(USD, { idempotencyKey }));
    expect(refusal).toMatchObject({ statusCode: 500, headers: { "idempotent-replayed": "true" } });
  }
  expect(await intents()).toBe(effects);
});

it("forgets a key after a day", async () => {
  await stripe.paymentIntents.create(USD, { idempotencyKey: "daily" });
  nowMs += DAY_MS - 1;
  await stripe.paymentIntents.create(USD, { idempotencyKey: "daily" });
  expect(await intents()).toBe(1);
  nowMs += 1;
  await stripe.paymentIntents.create(USD, { idempotencyKey: "daily" });
  expect(await intents()).toBe(2);
});

it("takes the same parameters in another order for the same", async () => {
  const send = async (body: string): Promise<unknown> => {
    const headers = { Authorization: `Bearer ${DEFAULT_SECRET_KEY}`, "Idempotency-Key": "order" };
    const response = await fetch(`${emulator.url}/v1/payment_intents`, { method: "POST", headers, body });
    expect(response.status).toBe(200);
    return response.json();
  };
  expect(await send("currency=usd&amount=5000")).toEqual(await send("amount=5000&currency=usd"));
});

it("refuses a key that is too long", async () => {
  expect(
    await refusalOf(stripe.paymentIntents.create(USD, { idempotencyKey: "k".repeat(256) })),
  ).toMatchObject({
    statusCode: 400,
  });
});
