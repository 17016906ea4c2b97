/** What the objects' tests share: a clock that stands still, queues that can be looked into, SKUs with stock, orders with units. */
/// <reference types="@cloudflare/vitest-plugin/types" />
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import type { OrderContact } from "../contracts/messages.ts";
import { orderIdFor, parseSigningKeys } from "../adapters/signing/index.ts";
import type { SkuCommand, SkuOutcomes } from "../domain/inventory/commands.ts";
import { ASK_AFTER_MS, type Reserve } from "../domain/inventory/rules.ts";
import type { Terms } from "../domain/inventory/state.ts";
import type { NoticeKind } from "../domain/order/notice.ts";
import type { Intent, PaymentOperationResult } from "../domain/order/payment-operation.ts";
import type { Durations } from "../domain/order/state.ts";
import { orderShards } from "./order-shard/order-shards.ts";
import type { PlaceRequest } from "./order-shard/placements.ts";

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

/** Until the object has sent what it was about to send: a message waits for the writes before it. */
export async function messagesLeft(stub: DurableObjectStub): Promise<void> {
  await runInDurableObject(stub, async (_object, { storage }) => {
    await storage.sync();
    await new Promise((resolve) => setTimeout(resolve, 0));
  });
}

export const skuOf = (sku: string) => env.SKU_INVENTORY.getByName(sku);

/** One command at a SKU, as a lane would send it. */
async function runAt<Kind extends SkuCommand["kind"]>(
  sku: string,
  command: Extract<SkuCommand, { kind: Kind }>,
): Promise<SkuOutcomes[Kind]> {
  const [result] = await skuOf(sku).run([command]);
  if (result === undefined || "fault" in result) throw new Error(result?.fault ?? "no result");
  return result.outcome as SkuOutcomes[Kind];
}

/** The commands of a SKU's object, one at a time. */
export const at = (sku: string) => ({
  reserve: (command: Reserve) => runAt(sku, { kind: "reserve", ...command }),
  release: (orderId: string, attempt = 1) => runAt(sku, { kind: "release", orderId, attempt }),
  confirm: (orderId: string) => runAt(sku, { kind: "confirm", orderId, fingerprint: "content" }),
  commit: (orderId: string, payer: string | null = null) =>
    runAt(sku, { kind: "commit", orderId, fingerprint: "content", payer }),
  settle: (orderId: string) => runAt(sku, { kind: "settle", orderId }),
});

const KEYS = parseSigningKeys(env.SIGNING_KEYS, env.ORDER_EPOCHS);

/** The id of an order that nobody else places. */
export const newOrderId = () => orderIdFor(KEYS, "ada@example.com", crypto.randomUUID()).current;

/** The shard that owns the order. */
export const shardOf = (orderId: string) => {
  const shards = orderShards(env);
  return shards.shard(shards.nameOf(orderId));
};

/** One order in its shard, as the Worker, the queues and the SKUs talk about it. */
export const orderOf = (orderId: string) => {
  const shard = shardOf(orderId);
  return {
    ...orderShards(env).of(orderId),
    poke: () => shard.poke([orderId]),
    async paymentEvent(intent: Intent) {
      const [answer] = await shard.paymentEvents([{ orderId, intent }]);
      return answer?.operation ?? null;
    },
    reviewWanted: () => shard.paymentEvents([{ orderId, intent: null, isReviewWanted: true }]),
    async nextPaymentOperation() {
      const [answer] = await shard.paymentEvents([{ orderId, intent: null }]);
      return answer?.operation ?? null;
    },
    async recordPaymentOperation(result: PaymentOperationResult) {
      const [next] = await shard.recordPaymentOperations([{ orderId, result }]);
      return next ?? null;
    },
    confirmPersisted: (version: number, contactPersisted: boolean) =>
      shard.confirmPersisted([{ orderId, version, contactPersisted }]),
    async noticeContent(kind: NoticeKind, about = "") {
      const [content] = await shard.noticeContents([{ orderId, kind, about }]);
      return content ?? null;
    },
    noticeSent: (kind: NoticeKind, about = "") =>
      shard.noticesSent([{ orderId, kind, about, outcome: "sent" }]),
  };
};

/** When the order wants to be looked at, ms after {@link T0}, or null. */
export async function wakeOf(orderId: string): Promise<number | null> {
  const [row] = await rowsOf(orderId, "wake_at");
  return row?.["wake_at"] == null ? null : Number(row["wake_at"]) - T0;
}

/** The order's row. */
export function rowsOf(orderId: string, columns = "*"): Promise<Record<string, SqlStorageValue>[]> {
  return runInDurableObject(shardOf(orderId), (_object, { storage }) =>
    storage.sql.exec(`SELECT ${columns} FROM orders WHERE id = ?`, orderId).toArray(),
  );
}

/** Rings the shard's alarm, and waits until the order has taken its steps. */
export async function ring(orderId: string): Promise<void> {
  await runDurableObjectAlarm(shardOf(orderId));
  await orderOf(orderId).poke();
  await messagesLeft(shardOf(orderId));
}

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
    attempt: 1,
    fingerprint: "content",
    quantity: 1,
    buyer: "buyer",
    cart: null,
    network: null,
    askAt: Date.now() + ASK_AFTER_MS,
    expiresAt: Date.now() + DURATIONS.holdMs + DURATIONS.graceMs,
    latestExpiresAt: Date.now() + DURATIONS.holdMs + DURATIONS.graceMs + DURATIONS.windowMs,
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

/** A request for one unit of each SKU. */
export function placeRequest(
  orderId: string,
  skus: readonly string[],
  overrides: Partial<PlaceRequest> = {},
): PlaceRequest {
  return {
    orderId,
    fingerprint: "content",
    buyer: "buyer",
    accountId: null,
    cart: null,
    network: null,
    lines: skus.map((sku) => ({ sku, name: "Phone", quantity: 1 })),
    shippingMethod: "standard",
    terms: {
      shipping: { name: "Standard", amountMinor: 0, freeFromMinor: null, leastDays: 3, mostDays: 5 },
      taxRates: [],
    },
    expectedTotal: null,
    agreed: null,
    durations: DURATIONS,
    contact: CONTACT,
    isProven: true,
    ...overrides,
  };
}

export const place = (orderId: string, skus: readonly string[], overrides: Partial<PlaceRequest> = {}) =>
  shardOf(orderId).place(placeRequest(orderId, skus, overrides));

/** An order that has one unit of each SKU. */
export async function placed(
  skus: readonly string[],
  overrides: Partial<PlaceRequest> = {},
): Promise<string> {
  const orderId = newOrderId();
  const outcome = await place(orderId, skus, overrides);
  if (!outcome.ok) throw new Error(outcome.reason);
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
