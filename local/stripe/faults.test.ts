/** Injected faults: the same ones for the same seed, and a clear refusal of what makes no sense. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { refusalOf, startEmulator, USD } from "./emulator-under-test.ts";
import type { UnderTest } from "./emulator-under-test.ts";
import { FaultInjector } from "./faults.ts";

const NOW_MS = 1_800_000_000_000;

describe("the injector", () => {
  const input = { errorRate: 0.4, webhook: { duplicate: 0.5, reorder: 0.3, drop: 0.2, delayMs: 10 } };

  function sequence(seed: number): unknown[] {
    const faults = new FaultInjector();
    faults.configure({ ...input, seed });
    return Array.from({ length: 200 }, () => [faults.nextError(), faults.nextDelivery()]);
  }

  it("draws the same faults from the same seed, and others from another", () => {
    expect(sequence(1)).toEqual(sequence(1));
    expect(sequence(1)).not.toEqual(sequence(2));
  });

  it("keeps about the rates that were asked for, half of the errors on each side of the effect", () => {
    const faults = new FaultInjector();
    faults.configure({ ...input, seed: 5 });
    const errors = Array.from({ length: 5000 }, () => faults.nextError());
    const share = (kind: string): number => errors.filter((error) => error === kind).length / errors.length;
    expect(share("before")).toBeCloseTo(0.2, 1);
    expect(share("after")).toBeCloseTo(0.2, 1);
    const plans = Array.from({ length: 5000 }, () => faults.nextDelivery());
    expect(plans.filter(({ dropped }) => dropped).length / plans.length).toBeCloseTo(0.2, 1);
    expect(plans.filter(({ copyDelaysMs }) => copyDelaysMs.length === 1).length / plans.length).toBeCloseTo(
      0.5,
      1,
    );
    expect(plans.every(({ delayMs }) => delayMs >= 10 && delayMs <= 1010)).toBe(true);
  });

  it("admits as many requests a second as the limit says", () => {
    const faults = new FaultInjector();
    faults.configure({ rateLimit: 3 });
    const admitted = (nowMs: number): number => [1, 2, 3, 4, 5].filter(() => faults.admits(nowMs)).length;
    expect([admitted(1000), admitted(1000), admitted(1334), admitted(5000)]).toEqual([3, 0, 1, 3]);
  });

  it.each([
    [[], "the body must be a JSON object"],
    [{ latency: 5 }, "unknown field latency"],
    [{ latencyMs: -1 }, "latencyMs must be a whole number from 0"],
    [{ latencyMs: 1.5 }, "latencyMs must be a whole number"],
    [{ errorRate: 1.1 }, "errorRate must be a number from 0 to 1"],
    [{ errorRate: "half" }, "errorRate must be a number"],
    [{ rateLimit: -5 }, "rateLimit must be a whole number"],
    [{ webhook: 3 }, "webhook must be a JSON object"],
    [{ webhook: { lose: 1 } }, "unknown field webhook.lose"],
    [{ webhook: { duplicate: 1.5 } }, "duplicate must be"],
    [{ webhook: { drop: 2 } }, "drop must be a number from 0 to 1"],
    [{ seed: "x" }, "seed must be a whole number"],
  ])("refuses %j and keeps what it had", (bad, reason) => {
    const faults = new FaultInjector();
    faults.configure({ latencyMs: 7 });
    const refused = faults.configure(bad);
    expect(refused.ok ? "" : refused.reason).toContain(reason);
    expect(faults.current.latencyMs).toBe(7);
  });
});

describe("the emulator with faults", () => {
  let emulator: UnderTest;

  beforeEach(async () => {
    // Time stands still, so that a slow machine is not given a new second's worth of requests.
    emulator = await startEmulator({ nowMs: () => NOW_MS });
  });
  afterEach(() => emulator.close());

  it("answers 429 beyond the rate limit, with nothing done and nothing kept for the key", async () => {
    await emulator.control("faults", { rateLimit: 1 });
    await emulator.stripe.paymentIntents.create(USD);
    const limited = await refusalOf(
      emulator.stripe.paymentIntents.create(USD, { idempotencyKey: "limited" }),
    );
    expect(limited).toMatchObject({ type: "StripeRateLimitError", statusCode: 429, code: "rate_limit" });
    await emulator.control("faults", {});
    await emulator.stripe.paymentIntents.create(USD, { idempotencyKey: "limited" });
    expect((await emulator.stripe.paymentIntents.list()).data).toHaveLength(2);
  });

  it("refuses bad faults with 400 and the reason", async () => {
    const refused = await emulator.control("faults", { errorRate: 2 });
    expect(refused).toEqual({
      status: 400,
      json: { error: { message: "errorRate must be a number from 0 to 1" } },
    });
    const response = await fetch(`${emulator.url}/_emulator/faults`, { method: "POST", body: "{" });
    expect(response.status).toBe(400);
  });

  it("is well again after a reset", async () => {
    await emulator.control("faults", { errorRate: 1, latencyMs: 20 });
    await refusalOf(emulator.stripe.paymentIntents.list());
    await emulator.control("reset", {});
    expect(await emulator.stripe.paymentIntents.list()).toMatchObject({ data: [] });
  });
});
