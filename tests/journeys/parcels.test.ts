/** From the packing table to the buyer: parcels that leave and arrive, shown on the order's page and told by email. */
import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { waitFor } from "../../local/process/wait-for.ts";
import type { OpsOrderDetail } from "../../src/contracts/ops-orders.ts";
import type { PlacedOrder } from "../../src/contracts/orders.ts";
import { expectProblem } from "../harness/expect-problem.ts";
import { sharedStore } from "../harness/shared-store.ts";
import { EVENTUALLY_MS, expectStatus, newEmail, type Answer } from "../harness/store.ts";

const store = sharedStore();

interface Paid {
  readonly placed: PlacedOrder;
  readonly skus: readonly [string, string];
  readonly email: string;
}

async function paid(): Promise<Paid> {
  const skus = [await store.stock.skuWith(5), await store.stock.skuWith(5)] as const;
  const email = newEmail();
  const placed = await store.placed({ lines: skus.map((sku) => ({ sku, quantity: 1 })), email });
  await store.pay(placed);
  await store.until(placed, "paid");
  return { placed, skus, email };
}

const ship = (orderId: string, body: object = {}): Promise<Answer> =>
  store.ops("POST", `/api/ops/orders/${orderId}/shipments`, {
    id: randomUUID(),
    carrier: "ups",
    trackingNumber: "1Z 999",
    ...body,
  });
const deliver = (orderId: string, body: object = {}): Promise<Answer> =>
  store.ops("POST", `/api/ops/orders/${orderId}/deliveries`, { id: randomUUID(), ...body });

const mailed = (email: string, start: string) =>
  waitFor(async () => (await store.mailTo(email)).some((subject) => subject.startsWith(start)), {
    what: `an email "${start}…"`,
    timeoutMs: EVENTUALLY_MS,
  });

describe("an order that leaves in two parcels", () => {
  it("is shipped with the first, shows both, and is delivered with the last", async () => {
    const { placed, skus, email } = await paid();
    const { orderId } = placed;
    const id = randomUUID();
    const first = { id, lines: [{ sku: skus[0], quantity: 1 }] };
    const shipment = { id, carrier: "UPS", trackingNumber: "1Z 999", lines: first.lines };
    const url = "https://www.ups.com/track?tracknum=1Z999";
    for (let time = 0; time < 2; time++)
      expect(expectStatus(await ship(orderId, first), 200)).toMatchObject({
        shipment: { ...shipment, url },
        status: "shipped",
      });
    expectProblem(await ship(orderId, { lines: first.lines }), "exceeds_unshipped");
    expectProblem(await ship(orderId, { id, carrier: "DHL" }), "validation_failed");
    await mailed(email, "Part of your Holdfast order");

    expectStatus(await ship(orderId, { carrier: "Bike", trackingNumber: "B-7" }), 200);
    const shipped = await store.order(placed);
    expect(shipped).toMatchObject({
      status: "shipped",
      tracking: { carrier: "Bike", trackingNumber: "B-7" },
      parcels: [
        { carrier: "UPS", url, lines: first.lines },
        { carrier: "Bike", lines: [{ sku: skus[1], quantity: 1 }] },
      ],
    });

    expect(expectStatus(await deliver(orderId, { shipmentId: id }), 200)).toMatchObject({
      status: "shipped",
    });
    expect(expectStatus(await deliver(orderId), 200)).toMatchObject({ status: "delivered" });
    expectProblem(await deliver(orderId), "not_shipped");
    expect((await store.order(placed)).status).toBe("delivered");
    await store.rowsWhere(
      "both parcels in Postgres",
      [
        "select 1 from orders join order_parcels using (order_id) where order_id = $1 and status = 'delivered' and delivered_at is not null",
        [orderId],
      ],
      (rows) => rows.length === 2,
    );
    const actions = await store.rows<{ action: string }>(
      "select distinct action from audit_log where subject = $1 order by action",
      [orderId],
    );
    expect(actions).toEqual([{ action: "order.deliver" }, { action: "order.ship" }]);

    // Staff see all of it in one place. The log, which outlives the person, has no tracking number.
    const seen = expectStatus(await store.ops("GET", `/api/ops/orders/${orderId}`), 200) as OpsOrderDetail;
    expect(seen).toMatchObject({
      orderId,
      status: "delivered",
      email,
      shippingAddress: { country: "US" },
      totals: { total: placed.totals.total },
      payments: [{ amount: placed.totals.total, captured: placed.totals.total, refunded: 0 }],
      refunds: [],
      parcels: [{ id }, { carrier: "Bike" }],
      disputes: [],
    });
    expect(seen.storedVersion).toBe(seen.version);
    expect(seen.emails.map(({ kind }) => kind)).toContain("order_shipped");
    expect(seen.audit[0]).toMatchObject({ action: "order.deliver", details: { phase: "done" } });
    expect(JSON.stringify(seen.audit)).not.toContain("1Z 999");
  });
});

describe("an order that is not to be shipped", () => {
  it("because it is not paid, is refunded, or is none is refused", async () => {
    const unpaid = await store.placed({ lines: [{ sku: await store.stock.plenty(), quantity: 1 }] });
    expectProblem(await ship(unpaid.orderId), "not_paid");
    expectProblem(await deliver(unpaid.orderId), "not_shipped");
    expectProblem(await ship("not-an-order"), "not_found");
    expectProblem(await store.ops("GET", "/api/ops/orders/not-an-order"), "not_found");
    const { placed } = await paid();
    expectStatus(await store.cancel(placed), 202);
    await store.until(placed, "refunded");
    expectProblem(await ship(placed.orderId), "order_closed");
    expectProblem(await ship(placed.orderId, { trackingNumber: "<b>" }), "validation_failed");
  });
});
