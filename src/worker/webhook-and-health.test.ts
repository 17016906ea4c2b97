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
      headers: {
        "stripe-signature": signature,
        "content-length": String(new TextEncoder().encode(body).byteLength),
      },
      env,
    });
  }
  const signed = (secondsAgo = 0, payload = event) =>
    Stripe.webhooks.generateTestHeaderStringAsync({
      payload,
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

  test.each(["", "null", "[]", "not JSON", "{}", '{"id":"evt_1","type":"a","created":1,"data":null}'])(
    "refuses what is signed and no event, and asks for no other try: %s",
    async (body) => {
      const response = await deliver(refusing, await signed(0, body), body);
      expect(response.status).toBe(400);
      expect((await response.json<{ code: string }>()).code).toMatch(/^bad_(request|signature)$/);
    },
  );

  test("takes a signed event with U+FFFD in it: it is a character that a cardholder's name may have", async () => {
    const queued: unknown[] = [];
    const queue = { send: (message: unknown) => Promise.resolve(queued.push(message)) };
    const object = {
      id: "pi_1",
      object: "payment_intent",
      metadata: { order_id: "1abc" },
      name: "Ann\uFFFD",
    };
    const event = { id: "evt_3", object: "event", type: "payment_intent.canceled", created: 1_700_000_000 };
    const body = JSON.stringify({ ...event, data: { object } });
    expect((await deliver(queue, await signed(0, body), body)).status).toBe(200);
    expect(queued).toMatchObject([{ eventId: "evt_3" }]);
  });

  test("queues an event that shows less of its intent than we read, for the order to ask Stripe", async () => {
    const queued: unknown[] = [];
    const metadata = { order_id: "1abc" };
    for (const object of [
      { id: "pi_1", object: "payment_intent", metadata },
      {
        id: "pi_1",
        object: "payment_intent",
        currency: "usd",
        amount: "1900",
        status: "succeeded",
        metadata,
      },
    ]) {
      const body = JSON.stringify({
        id: "evt_2",
        object: "event",
        type: "payment_intent.succeeded",
        created: 1_700_000_000,
        data: { object },
      });
      const queue = { send: (message: unknown) => Promise.resolve(queued.push(message)) };
      expect((await deliver(queue, await signed(0, body), body)).status).toBe(200);
    }
    expect(queued).toMatchObject([
      { orderId: "1abc", intent: null },
      { orderId: "1abc", intent: null },
    ]);
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
  expect(health.challenge).toBe("off");
  expect(health.advice).toContain("DATABASE_URL");
  expect(health.advice).toContain("npm run platform");
});
