/** What the objects' tests share: a clock that stands, queues that can be looked into, SKUs with stock, orders with units. */
/// <reference types="@cloudflare/vitest-plugin/types" />
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import type { OrderContact } from "../contracts/messages.ts";
import type { Confirm, Reserve } from "../domain/inventory/rules.ts";
import type { Terms } from "../domain/inventory/state.ts";
import type { Durations, OpenOrder } from "../domain/order/state.ts";

/** Far ahead, so that no alarm set by this clock rings by itself: a test rings it. */
export const T0 = Date.UTC(2040, 0, 1);
export const DURATIONS: Durations = { holdMs: 1_800_000, windowMs: 600_000, graceMs: 120_000 };
export const PRICE = 119_900;

export function standStill(): void {
  vi.useFakeTimers({ toFake: ["Date"], now: T0 });
}

/** @param ms after {@link T0} */
export function setClock(ms: number): void {
  vi.setSystemTime(T0 + ms);
}

/** Names are never used twice: objects outlive a test. */
export function fresh(prefix: string): string {
  return `${prefix}-${crypto.randomUUID()}`;
}

/** The messages sent to a queue from now on; none reaches it. */
export function watch(queue: "ORDERS_QUEUE" | "PAYMENTS_QUEUE" | "LEDGER_QUEUE" | "NOTIFICATIONS_QUEUE") {
  const sent: unknown[] = [];
  const spy = vi.spyOn(env[queue], "send").mockImplementation((message) => {
    sent.push(message);
    return Promise.resolve({} as QueueSendResponse);
  });
  return { sent, spy };
}

export const skuOf = (sku: string) => env.SKU_INVENTORY.getByName(sku);
export const orderOf = (orderId: string) => env.ORDER.getByName(orderId);

export async function stocked(quantity: number, overrides: Partial<Terms> = {}): Promise<string> {
  const sku = fresh("sku");
  const terms: Terms = {
    version: 1,
    unitAmountMinor: PRICE,
    currency: "USD",
    purchaseLimit: null,
    opensAt: null,
    ...overrides,
  };
  await skuOf(sku).configure({ terms, initialStock: { id: "initial", quantity } });
  return sku;
}

export function reserveCommand(orderId: string, overrides: Partial<Reserve> = {}): Reserve {
  return {
    orderId,
    attemptId: "attempt-1",
    fingerprint: "content",
    quantity: 1,
    buyer: "buyer",
    cart: null,
    tentativeMs: 60_000,
    ...overrides,
  };
}

export function confirmCommand(orderId: string, overrides: Partial<Confirm> = {}): Confirm {
  const expiresAt = T0 + DURATIONS.holdMs + DURATIONS.graceMs;
  const latestExpiresAt = expiresAt + DURATIONS.windowMs;
  return {
    orderId,
    quantity: 1,
    unitAmountMinor: PRICE,
    currency: "USD",
    expiresAt,
    latestExpiresAt,
    ...overrides,
  };
}

export const CONTACT: OrderContact = {
  email: "ada@example.com",
  shippingAddress: {
    name: "Ada",
    line1: "1 Main St",
    city: "Springfield",
    postalCode: "62701",
    country: "US",
  },
};

export function contentOf(orderId: string, skus: readonly string[]): OpenOrder {
  const subtotal = skus.length * PRICE;
  return {
    orderId,
    fingerprint: "content",
    buyer: "buyer",
    lines: skus.map((sku) => ({ sku, name: "Phone", quantity: 1, unitAmountMinor: PRICE })),
    totals: { subtotal, shipping: 0, tax: 0, total: subtotal, currency: "USD" },
    shippingMethod: "standard",
  };
}

/** Holds one unit of each SKU and opens the order, as a placement does. */
export async function place(orderId: string, skus: readonly string[], durations: Durations = DURATIONS) {
  const held = await Promise.all(skus.map((sku) => skuOf(sku).reserve(reserveCommand(orderId))));
  if (!held.every(({ ok }) => ok)) throw new Error("not held");
  return orderOf(orderId).open(contentOf(orderId, skus), CONTACT, durations);
}

/** An order that has one unit of each SKU. */
export async function placed(skus: readonly string[]): Promise<string> {
  const orderId = fresh("order");
  const opened = await place(orderId, skus);
  if (!opened.ok) throw new Error(opened.reason);
  return orderId;
}

/** `[available, held, sold]` */
export async function counts(sku: string): Promise<number[]> {
  const figures = await skuOf(sku).peek();
  return figures === null ? [] : [figures.available, figures.held, figures.sold];
}

/** When the object's alarm rings, ms after {@link T0}, or null. */
export async function alarmOf(stub: DurableObjectStub): Promise<number | null> {
  const at = await runInDurableObject(stub, (_object, { storage }) => storage.getAlarm());
  return at === null ? null : at - T0;
}

/** The tables in the object's storage that are not the platform's own. */
export async function tablesOf(stub: DurableObjectStub): Promise<string[]> {
  return runInDurableObject(stub, (_object, { storage }) =>
    storage.sql
      .exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'")
      .toArray()
      .map(({ name }) => name)
      .filter((name) => !name.startsWith("_cf_") && !name.startsWith("sqlite_")),
  );
}

/** What the object keeps by key. */
export async function keysOf(stub: DurableObjectStub): Promise<string[]> {
  return runInDurableObject(stub, (_object, { storage }) => [...storage.kv.list()].map(([key]) => key));
}
