/** The schedule of deliveries: how often, how long, and what a new dispatcher finds of it. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { startReceiver } from "./emulator-under-test.ts";
import type { Receiver } from "./emulator-under-test.ts";
import { emit } from "./events.ts";
import { FaultInjector } from "./faults.ts";
import { EmulatorState } from "./state.ts";
import { WebhookDispatcher } from "./webhook-delivery.ts";
import { configureEndpoint } from "./webhook-endpoints.ts";

const NOW_MS = 1_800_000_000_000;
const RETRY_BASE_MS = 4;

let receiver: Receiver;
let state: EmulatorState;

beforeEach(async () => {
  receiver = await startReceiver();
  state = new EmulatorState();
  configureEndpoint(state, { url: receiver.url, secret: "whsec_test", events: ["*"] }, NOW_MS / 1000);
});
afterEach(() => receiver.close());

function dispatcher(maxAttempts: number): WebhookDispatcher {
  const options = {
    state,
    faults: new FaultInjector(),
    nowMs: () => NOW_MS,
    retryBaseMs: RETRY_BASE_MS,
    maxAttempts,
  };
  return new WebhookDispatcher(options);
}

async function emitOne(): Promise<void> {
  const operation = {
    state,
    now: NOW_MS / 1000,
    requestId: null,
    idempotencyKey: null,
    origin: "http://127.0.0.1",
  };
  emit(operation, "payment_intent.created", { id: "pi_1" });
  await state.commit();
}

it("gives a receiver up that refuses every attempt, and tries no more often than it should", async () => {
  const delivery = dispatcher(3);
  receiver.answerWith(500);
  await emitOne();
  delivery.resume();
  await expect.poll(() => delivery.figures).toMatchObject({ pending: 0, abandoned: 1, failedAttempts: 3 });
  expect(receiver.received).toHaveLength(3);
  await delivery.stop();
});

it("doubles the wait after each failure", async () => {
  const delivery = dispatcher(10);
  receiver.answerWith(500);
  await emitOne();
  const waits = new Map<number, number>();
  const put = vi.spyOn(state.deliveries, "put").mockImplementation((id, value) => {
    waits.set(value.failedAttempts, value.dueMs - NOW_MS);
    state.deliveries.restore(id, value);
  });
  delivery.resume();
  await receiver.until((received) => received.length === 5);
  await delivery.stop();
  put.mockRestore();
  expect([1, 2, 3, 4].map((attempt) => waits.get(attempt))).toEqual([4, 8, 16, 32]);
});

it("goes on counting where an earlier run stopped, and not before the next attempt is due", async () => {
  receiver.answerWith(500);
  await emitOne();
  for (const scheduled of [...state.deliveries.values()]) {
    state.deliveries.put(scheduled.id, { ...scheduled, failedAttempts: 2, dueMs: NOW_MS + RETRY_BASE_MS });
  }
  const delivery = dispatcher(3);
  delivery.resume();
  expect(delivery.figures).toMatchObject({ pending: 1, inFlight: 0 });
  await expect.poll(() => delivery.figures).toMatchObject({ pending: 0, abandoned: 1 });
  expect(receiver.received).toHaveLength(1);
  await delivery.stop();
});
