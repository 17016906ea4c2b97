/** What a buyer is told of an order's payment. */
import { expect, test } from "vitest";
import type { OrderRecord } from "../domain/order/record.ts";
import type { OrderStatus } from "../domain/order/status.ts";
import { orderView } from "./order-view.ts";

const DECLINED = { code: "generic_decline", message: "Your card was declined." };

/** An order whose first card was refused, after these states. */
function declinedOrder(...statuses: [OrderStatus, ...OrderStatus[]]): OrderRecord {
  return {
    orderId: "a",
    fingerprint: "f",
    status: statuses.at(-1) ?? statuses[0],
    version: statuses.length,
    openedAt: 0,
    updatedAt: 0,
    holdExpiresAt: 60_000,
    lines: [],
    totals: { subtotal: 0, shipping: 0, tax: 0, total: 0, currency: "USD" },
    shippingMethod: "standard",
    shippingName: "Standard",
    transit: null,
    lastPaymentError: DECLINED,
    refundedMinor: 0,
    refundRequested: false,
    refunds: [],
    dispute: null,
    parcels: [],
    timeline: statuses.map((status, at) => ({ status, at })),
    intentId: "pi_1",
  };
}

test.each<[OrderStatus, ...OrderStatus[]][]>([[["reserved"]], [["reserved", "expired"]]])(
  "a refused card is told of while no other was authorised: %j",
  (statuses) => {
    expect(orderView(declinedOrder(...statuses), 0).lastPaymentError).toEqual(DECLINED);
  },
);

test.each<[OrderStatus, ...OrderStatus[]][]>([
  [["reserved", "authorised"]],
  [["reserved", "authorised", "paid"]],
  [["reserved", "authorised", "paid", "shipped"]],
])("a refused card is no longer told of once another was authorised: %j", (statuses) => {
  expect(orderView(declinedOrder(...statuses), 0)).not.toHaveProperty("lastPaymentError");
});
