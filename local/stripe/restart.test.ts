/** What the emulator still knows after it was ended or killed, as a process of its own. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type Stripe from "stripe";
import { afterEach, beforeEach, expect, it } from "vitest";
import { refusalOf, sdkFor, startReceiver, USD } from "./emulator-under-test.ts";
import type { Receiver } from "./emulator-under-test.ts";
import { DEFAULT_SECRET_KEY } from "./server.ts";

type Running = { child: ChildProcess; port: number; stripe: Stripe; ended: Promise<number | null> };

let directory: string;
let receiver: Receiver;
const running = new Set<Running>();

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "stripe-"));
  receiver = await startReceiver();
});
afterEach(async () => {
  for (const { child, ended } of running) {
    child.kill("SIGKILL");
    await ended;
  }
  running.clear();
  await receiver.close();
  await rm(directory, { recursive: true });
});

async function start(more: string[] = []): Promise<Running> {
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const args = [main, "--directory", directory, "--webhook-url", receiver.url, ...more];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
  const [line] =
    (await createInterface(child.stdout)[Symbol.asyncIterator]().next()).value?.split("\n") ?? [];
  const { ready, port } = JSON.parse(line ?? "{}") as { ready: boolean; port: number };
  expect(ready).toBe(true);
  const started = { child, port, stripe: sdkFor(port, DEFAULT_SECRET_KEY), ended };
  running.add(started);
  return started;
}

it("knows every acknowledged payment after a SIGKILL in the middle of a burst", async () => {
  const first = await start();
  const acknowledged: string[] = [];
  const burst = Array.from({ length: 8 }, async () => {
    for (;;) {
      const params = {
        ...USD,
        confirm: true,
        capture_method: "manual",
        payment_method: "pm_card_visa",
      } as const;
      acknowledged.push((await first.stripe.paymentIntents.create(params)).id);
      if (acknowledged.length === 100) first.child.kill("SIGKILL");
    }
  });
  await Promise.allSettled(burst);
  await first.ended;
  const second = await start();
  const known = new Map<string, Stripe.PaymentIntent>();
  for await (const intent of second.stripe.paymentIntents.list({ limit: 100 })) known.set(intent.id, intent);
  expect(acknowledged.filter((id) => !known.has(id))).toEqual([]);
  expect(
    [...known.values()].every(
      ({ status, latest_charge }) => status === "requires_capture" && latest_charge !== null,
    ),
  ).toBe(true);
});

it("keeps idempotency keys, refunds and events over an orderly end", async () => {
  const first = await start();
  const key = { idempotencyKey: "kept" };
  const paid = await first.stripe.paymentIntents.create(
    { ...USD, confirm: true, payment_method: "pm_card_visa" },
    key,
  );
  await first.stripe.refunds.create({ payment_intent: paid.id, amount: 100 });
  const events = (await first.stripe.events.list()).data.map(({ id }) => id);
  first.child.kill("SIGTERM");
  expect(await first.ended).toBe(0);
  const second = await start();
  const again = await second.stripe.paymentIntents.create(
    { ...USD, confirm: true, payment_method: "pm_card_visa" },
    key,
  );
  expect(again).toEqual(paid);
  expect((await second.stripe.refunds.list({ payment_intent: paid.id })).data).toMatchObject([
    { amount: 100 },
  ]);
  expect((await second.stripe.events.list()).data.map(({ id }) => id)).toEqual(events);
  expect(
    await refusalOf(second.stripe.refunds.create({ payment_intent: paid.id, amount: 119_900 })),
  ).toMatchObject({
    statusCode: 400,
  });
});

it("delivers after the restart what could not be delivered before", async () => {
  receiver.answerWith(503);
  const first = await start();
  const { id } = await first.stripe.paymentIntents.create(USD);
  await receiver.until((received) => received.length === 1);
  first.child.kill("SIGKILL");
  await first.ended;
  receiver.answerWith(200);
  const second = await start();
  const all = await receiver.until((received) => received.length >= 2);
  expect(all.at(-1)?.event.data.object).toMatchObject({ id });
  expect(all.at(-1)?.event.id).toBe(all[0]?.event.id);
  second.child.kill("SIGTERM");
  expect(await second.ended).toBe(0);
});

it("says in one sentence that a port is in use, and leaves the state of the one that has it alone", async () => {
  const first = await start();
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const args = [main, "--port", String(first.port), "--directory", directory];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  expect(code).toBe(1);
  expect(complaint.trim()).toBe(`The Stripe emulator did not start: port ${first.port} is in use.`);
  const { id } = await first.stripe.paymentIntents.create(USD);
  first.child.kill("SIGKILL");
  await first.ended;
  const second = await start();
  expect(await second.stripe.paymentIntents.retrieve(id)).toMatchObject({ id });
});
