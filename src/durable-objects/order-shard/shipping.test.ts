/** Parcels in the order's object: concurrent requests, what Postgres and the buyer are told. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { newOrderId, orderOf, placed, ring, standStill, stocked, watch } from "../object-test-fixture.ts";
import { pay } from "./order-test-fixture.ts";

beforeEach(() => {
  standStill();
  watch("LEDGER_QUEUE");
  watch("PAYMENTS_QUEUE");
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const PARCEL = { carrier: "UPS", trackingNumber: "1Z999" };

it("an order shipped fifty times at once leaves once, and its buyer and Postgres are told", async () => {
  const { sent: toPostgres } = watch("ORDERS_QUEUE");
  const { sent: toBuyers } = watch("NOTIFICATIONS_QUEUE");
  const orderId = await placed([await stocked(1)]);
  await pay(orderId);
  await orderOf(orderId).noticeSent("order_confirmed");
  const paid = await orderOf(orderId).read();
  await orderOf(orderId).confirmPersisted(paid?.version ?? 0, true);
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) => orderOf(orderId).ship({ id: `p${index}`, ...PARCEL })),
  );
  expect(answers.filter((answer) => answer?.ok)).toHaveLength(1);
  const [parcel] = (await orderOf(orderId).read())?.parcels ?? [];
  if (parcel === undefined) throw new Error("nothing left");
  await ring(orderId);
  await vi.waitFor(() => {
    const notices = [{ orderId, kind: "order_shipped", about: parcel.id }];
    expect(toBuyers).toContainEqual(expect.objectContaining({ notices }));
    expect(JSON.stringify(toPostgres)).toContain(`"status":"shipped"`);
    expect(JSON.stringify(toPostgres)).toContain(`"trackingNumber":"1Z999"`);
  });
  expect(await orderOf(orderId).noticeContent("order_shipped", parcel.id)).toMatchObject({
    to: "ada@example.com",
    record: { status: "shipped", parcels: [{ id: parcel.id }] },
  });
  await orderOf(orderId).deliver({ id: "d" });
  expect(await orderOf(orderId).read()).toMatchObject({ status: "delivered" });
  expect(await orderOf(orderId).noticeContent("order_delivered", "d")).not.toBeNull();
});

it("no command of a parcel finds an order that is not there", async () => {
  const order = orderOf(newOrderId());
  expect(await order.ship({ id: "p", ...PARCEL })).toBeNull();
  expect(await order.deliver({ id: "d" })).toBeNull();
});
