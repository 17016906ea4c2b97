/** Selling needs neither Postgres nor Redis: what was sold without them is there when they are back. */
import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { waitFor } from "../../local/process/wait-for.ts";
import { expectLedgerToAddUp, expectMoneyToAgree } from "../harness/agreement.ts";
import { ownStore } from "../harness/own-store.ts";
import { EVENTUALLY_MS, newEmail, type Placement, type Store } from "../harness/store.ts";
import type { PlacedOrder } from "../../src/contracts/orders.ts";

const running = ownStore();
const store = (): Store => running().store;

interface Dependencies {
  readonly status: string;
  readonly dependencies: Record<"postgres" | "redis" | "stripe", "up" | "down">;
}

const healthWhere = (what: string, holds: (health: Dependencies) => boolean): Promise<Dependencies> =>
  waitFor(
    async () => {
      const { body } = await store().request("GET", "/api/health");
      const health = body as Dependencies;
      return holds(health) && health;
    },
    { what: `health to say ${what}`, timeoutMs: EVENTUALLY_MS },
  );

/** One shopper's whole way: place, retry, pay, follow; a second one cancels; a third only reserves. */
async function shop(
  sku: string,
): Promise<{ paid: PlacedOrder; cancelled: PlacedOrder; reserved: PlacedOrder }> {
  const placement: Placement = { lines: [{ sku, quantity: 1 }], email: newEmail(), key: randomUUID() };
  const paid = await store().placed(placement);
  expect(await store().placed(placement)).toMatchObject({ orderId: paid.orderId });
  await store().pay(paid);
  const cancelled = await store().placed({ lines: [{ sku, quantity: 1 }] });
  expect(await store().cancel(cancelled)).toMatchObject({ status: 200, body: { status: "cancelled" } });
  const reserved = await store().placed({ lines: [{ sku, quantity: 1 }] });
  await store().until(paid, "paid");
  await expectMoneyToAgree(store(), paid);
  return { paid, cancelled, reserved };
}

async function expectInPostgres(sku: string, orders: Awaited<ReturnType<typeof shop>>[]): Promise<void> {
  for (const [status, order] of orders.flatMap((each) => Object.entries(each))) {
    const { version } = await store().order(order);
    await store().rowsWhere<{ status: string; version: number }>(
      `the ${status} order's last state in Postgres`,
      [
        `select status, version from orders join order_contacts using (order_id) where order_id = $1`,
        [order.orderId],
      ],
      ([row]) => row?.status === status && row.version === version,
    );
  }
  await expectLedgerToAddUp(store(), sku);
}

describe("without Postgres", () => {
  it("placing, paying, cancelling and following go on; afterwards it holds every order in its last state", async () => {
    const sku = await store().stock.skuWith(20);
    await running().stopPart("postgresReplica");
    await running().stopPart("postgres");
    await healthWhere("that Postgres is down", ({ dependencies }) => dependencies.postgres === "down");
    const first = await shop(sku);

    // Also for a Worker that starts while Postgres is away, and remembers nothing.
    await running().killWorker();
    await running().startWorker();
    const second = await shop(sku);
    expect(await store().order(first.paid)).toMatchObject({ status: "paid" });

    await running().startPart("postgres");
    await running().startPart("postgresReplica");
    await healthWhere("that all is well", ({ status }) => status === "ok");
    await expectInPostgres(sku, [first, second]);
  });
});

describe("without Redis", () => {
  it("placing, paying, cancelling and following go on, and reach Postgres", async () => {
    const sku = await store().stock.skuWith(20);
    await running().stopPart("redis");
    await healthWhere("that Redis is down", ({ dependencies }) => dependencies.redis === "down");
    const orders = [await shop(sku)];
    const page = await store().request("GET", `/api/availability?sku=${sku}`);
    expect(page.status).toBe(200);
    await running().startPart("redis");
    await healthWhere("that all is well", ({ status }) => status === "ok");
    await expectInPostgres(sku, orders);
  });
});
