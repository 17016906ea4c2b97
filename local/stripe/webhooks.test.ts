/** Webhooks as a store receives them: signed, repeated until taken, in whatever order. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { refusalOf, startEmulator, startReceiver, types, USD, verify } from "./emulator-under-test.ts";
import type { Receiver, UnderTest } from "./emulator-under-test.ts";

const FAST_RETRIES = { webhookRetryBaseMs: 5 };
const MANUAL = { ...USD, confirm: true, capture_method: "manual", payment_method: "pm_card_visa" } as const;

let receiver: Receiver;
let emulator: UnderTest;

beforeEach(async () => {
  receiver = await startReceiver();
  emulator = await startEmulator({ webhookUrl: receiver.url, ...FAST_RETRIES });
});
afterEach(async () => {
  await emulator.close();
  await receiver.close();
});

async function figures(): Promise<Record<string, unknown>> {
  return (await emulator.control("webhooks")).json;
}

describe("a webhook", () => {
  it("carries a signature that the SDK accepts, and only over what was sent", async () => {
    const intent = await emulator.stripe.paymentIntents.create({ ...USD, metadata: { orderId: "o1" } });
    await receiver.until((received) => received.length === 1);
    const [webhook] = receiver.received;
    if (webhook === undefined) throw new Error("Nothing arrived.");
    const event = await verify(emulator.stripe, webhook);
    expect(event).toMatchObject({
      object: "event",
      type: "payment_intent.created",
      api_version: "2026-10-28.endive",
      data: { object: { id: intent.id, metadata: { orderId: "o1" } } },
    });
    await expect(verify(emulator.stripe, webhook, "whsec_other")).rejects.toThrow("signature");
    const changed = { ...webhook, body: webhook.body.replace("119900", "119901") };
    await expect(verify(emulator.stripe, changed)).rejects.toThrow("signature");
  });

  it("is sent again, with backoff, until the receiver takes it", async () => {
    receiver.answerWith(500);
    await emulator.stripe.paymentIntents.create(USD);
    await receiver.until((received) => received.length === 3);
    expect((await emulator.stripe.events.list({ delivery_success: false })).data).toHaveLength(1);
    receiver.answerWith(200);
    const all = await receiver.until((received) => received.length >= 4);
    expect(new Set(all.map(({ event }) => event.id)).size).toBe(1);
    await expect.poll(figures).toMatchObject({ pending: 0, delivered: 1 });
    expect((await emulator.stripe.events.list()).data[0]?.pending_webhooks).toBe(0);
  });

  it("tells of an intent as it was when the event happened", async () => {
    const { id } = await emulator.stripe.paymentIntents.create(MANUAL);
    await emulator.stripe.paymentIntents.capture(id);
    const all = await receiver.until((received) => types(received).includes("payment_intent.succeeded"));
    const capturable = all.find(({ event }) => event.type === "payment_intent.amount_capturable_updated");
    expect(capturable?.event.data.object).toMatchObject({
      status: "requires_capture",
      amount_capturable: 119_900,
    });
  });
});

describe("events", () => {
  async function emitted(): Promise<string[]> {
    const { json } = await emulator.control("events");
    return (json["events"] as { type: string }[]).map(({ type }) => type);
  }

  it("follow one another as at Stripe: authorised, captured, refunded", async () => {
    const { id } = await emulator.stripe.paymentIntents.create(MANUAL);
    await emulator.stripe.paymentIntents.capture(id);
    await emulator.stripe.refunds.create({ payment_intent: id });
    expect(await emitted()).toEqual([
      "payment_intent.created",
      "charge.succeeded",
      "payment_intent.amount_capturable_updated",
      "charge.captured",
      "payment_intent.succeeded",
      "charge.updated",
      "refund.created",
      "charge.refunded",
      "charge.refund.updated",
      "refund.updated",
    ]);
  });

  it("tell of declines, challenges, cancellations and disputes", async () => {
    const { stripe } = emulator;
    await refusalOf(stripe.paymentIntents.create({ ...MANUAL, payment_method: "pm_card_chargeDeclined" }));
    const challenged = await stripe.paymentIntents.create({
      ...MANUAL,
      payment_method: "pm_card_threeDSecure2Required",
    });
    await stripe.paymentIntents.cancel(challenged.id);
    const released = await stripe.paymentIntents.create(MANUAL);
    await stripe.paymentIntents.cancel(released.id);
    await stripe.paymentIntents.create({ ...USD, confirm: true, payment_method: "pm_card_createDispute" });
    expect(await emitted()).toEqual([
      ...["payment_intent.created", "charge.failed", "payment_intent.payment_failed"],
      ...["payment_intent.created", "payment_intent.requires_action", "payment_intent.canceled"],
      ...["payment_intent.created", "charge.succeeded", "payment_intent.amount_capturable_updated"],
      ...["payment_intent.canceled", "charge.refunded"],
      ...["payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "charge.updated"],
      ...["charge.dispute.created", "charge.dispute.funds_withdrawn", "charge.updated"],
    ]);
  });

  it("can be listed by type, retrieved, and sent again on demand", async () => {
    await emulator.stripe.paymentIntents.create(MANUAL);
    const listed = await emulator.stripe.events.list({ types: ["charge.*"] });
    expect(listed.data.map(({ type }) => type)).toEqual(["charge.succeeded"]);
    const id = listed.data[0]?.id ?? "";
    expect(await emulator.stripe.events.retrieve(id)).toMatchObject({ id });
    await receiver.until((received) => received.length === 3);
    expect(await emulator.control(`events/${id}/redeliver`, { times: 4 })).toMatchObject({
      json: { deliveries: 4 },
    });
    const all = await receiver.until((received) => received.length === 7);
    expect(all.filter(({ event }) => event.id === id)).toHaveLength(5);
    expect((await emulator.control(`events/${id}/redeliver`, { times: 0 })).status).toBe(400);
    expect((await emulator.control("events/evt_none/redeliver", {})).status).toBe(404);
  });
});

describe("endpoints", () => {
  it("made through the API get the events they asked for, signed with their own secret", async () => {
    const other = await startReceiver();
    const { stripe } = emulator;
    const made = await stripe.webhookEndpoints.create({
      url: other.url,
      enabled_events: ["charge.succeeded"],
    });
    expect(made.secret).toMatch(/^whsec_\w{32}$/);
    expect(await stripe.webhookEndpoints.retrieve(made.id)).not.toHaveProperty("secret");
    await stripe.paymentIntents.create(MANUAL);
    const [webhook] = await other.until((received) => received.length === 1);
    if (webhook === undefined) throw new Error("Nothing arrived.");
    expect(await verify(stripe, webhook, made.secret)).toMatchObject({ type: "charge.succeeded" });
    await stripe.webhookEndpoints.update(made.id, { disabled: true });
    await stripe.paymentIntents.create(MANUAL);
    await receiver.until((received) => received.length === 6);
    expect(other.received).toHaveLength(1);
    await stripe.webhookEndpoints.del(made.id);
    expect((await stripe.webhookEndpoints.list()).data.map(({ url }) => url)).toEqual([receiver.url]);
    await other.close();
  });

  it("of the command line outlive a reset, others do not", async () => {
    await emulator.stripe.webhookEndpoints.create({ url: "http://127.0.0.1:9/none", enabled_events: ["*"] });
    await emulator.stripe.paymentIntents.create(USD);
    await emulator.control("reset", {});
    expect((await emulator.stripe.paymentIntents.list()).data).toEqual([]);
    expect((await emulator.stripe.webhookEndpoints.list()).data.map(({ url }) => url)).toEqual([
      receiver.url,
    ]);
    const seen = receiver.received.length;
    await emulator.stripe.paymentIntents.create(USD);
    await receiver.until((received) => received.length > seen);
  });
});

describe("webhooks gone astray", () => {
  it("are duplicated as often as asked", async () => {
    await emulator.control("faults", { webhook: { duplicate: 4 } });
    await emulator.stripe.paymentIntents.create(USD);
    const all = await receiver.until((received) => received.length === 5);
    expect(new Set(all.map(({ event }) => event.id)).size).toBe(1);
  });

  it("are lost for good, and still in the list of events", async () => {
    await emulator.control("faults", { webhook: { drop: 1 } });
    await emulator.stripe.paymentIntents.create(USD);
    await expect.poll(figures).toMatchObject({ pending: 0, dropped: 1 });
    await emulator.control("faults", {});
    await emulator.stripe.paymentIntents.create(MANUAL);
    const all = await receiver.until((received) => received.length === 3);
    expect(types(all).filter((type) => type === "payment_intent.created")).toHaveLength(1);
    expect((await emulator.stripe.events.list()).data).toHaveLength(4);
  });

  it("overtake one another", async () => {
    await emulator.control("faults", { webhook: { reorder: 0.5 }, seed: 3 });
    const { stripe } = emulator;
    await Promise.all(Array.from({ length: 4 }, () => stripe.paymentIntents.create(MANUAL)));
    const arrived = (await receiver.until((received) => received.length === 12)).map(({ event }) => event.id);
    const happened = (await stripe.events.list({ limit: 100 })).data.map(({ id }) => id).reverse();
    expect(arrived).not.toEqual(happened);
    expect([...arrived].sort()).toEqual([...happened].sort());
  });
});
