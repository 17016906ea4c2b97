/** Stripe's webhook door, and the store's health, where nothing it depends on is there. */
import Stripe from "stripe";
import { describe, expect, test } from "vitest";
import { Health } from "./openapi/schemas.ts";
import { send, testEnv } from "./store-under-test.ts";

describe("the webhook", () => {
  const event = JSON.stringify({
    id: "evt_1",
    object: "event",
    type: "payment_intent.canceled",
    created: 1_700_000_000,
    data: { object: { id: "ch_1", object: "charge", metadata: {} } },
  });

  /** A request signed as Stripe signs, at a time in epoch seconds. */
  async function deliver(
    queue: { send(message: unknown): Promise<unknown> },
    signature: string,
    body = event,
  ) {
    const env = { PAYMENTS_QUEUE: queue as unknown as Env["PAYMENTS_QUEUE"] };
    return await send("/api/webhooks/stripe", {
      method: "POST",
      body,
      headers: { "stripe-signature": signature },
      env,
    });
  }
  const signed = (secondsAgo = 0) =>
    Stripe.webhooks.generateTestHeaderStringAsync({
      payload: event,
      secret: testEnv.STRIPE_WEBHOOK_SECRET,
      timestamp: Math.floor(Date.now() / 1000) - secondsAgo,
      cryptoProvider: Stripe.createSubtleCryptoProvider(),
    });
  const refusing = { send: () => Promise.reject(new Error("queue is away")) };

  test("queues a signed event before it says 200", async () => {
    const queued: unknown[] = [];
    const response = await deliver(
      { send: (message) => Promise.resolve(queued.push(message)) },
      await signed(),
    );
    expect(response.status).toBe(200);
    expect(queued).toMatchObject([{ v: 1, type: "stripe.event", eventId: "evt_1", orderId: null }]);
  });

  test("refuses what Stripe did not sign, what was changed, and what is older than 300 s", async () => {
    const queued: unknown[] = [];
    const queue = { send: (message: unknown) => Promise.resolve(queued.push(message)) };
    for (const response of [
      await deliver(queue, ""),
      await deliver(queue, "t=1,v1=00"),
      await deliver(queue, await signed(), `${event} `),
      await deliver(queue, await signed(301)),
    ]) {
      expect([response.status, (await response.json<{ code: string }>()).code]).toEqual([
        400,
        "bad_signature",
      ]);
    }
    expect(queued).toEqual([]);
  });

  test("says 503 where the event could not be queued, so that Stripe sends it again", async () => {
    const response = await deliver(refusing, await signed());
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).not.toBeNull();
  });
});

test("health is 200 and degraded, and says what to run, where nothing is configured", async () => {
  const response = await send("/api/health", { env: { STRIPE_API_URL: "" } });
  expect(response.status).toBe(200);
  const health = Health.parse(await response.json());
  expect(health.status).toBe("degraded");
  expect(health.dependencies).toEqual({ postgres: "down", redis: "down", stripe: "down" });
  expect(health.advice).toContain("DATABASE_URL");
  expect(health.advice).toContain("npm run platform");
});
