/** The endpoints by which staff act on one order. */
import { BODY_PROBLEMS, OPS_PROBLEMS, path, type Endpoint } from "./endpoint.ts";

const ORDER = path("id", "The order's id.");

export const OPS_ORDER_ENDPOINTS = {
  getOrderForStaff: {
    method: "get",
    path: "/api/ops/orders/{id}",
    tag: "Ops",
    summary: "All that is known of one order, to pack it and to answer a call.",
    security: "ops",
    parameters: [ORDER],
    responses: { 200: { description: "The order.", schema: "OpsOrderDetail" } },
    problems: [...OPS_PROBLEMS, "not_found"],
  },
  refundOrder: {
    method: "post",
    path: "/api/ops/orders/{id}/refunds",
    tag: "Ops",
    summary:
      "Refunds the rest of an order, lines of it or an amount; idempotent by `id`. What is pending counts as refunded.",
    security: "ops",
    parameters: [ORDER],
    body: "RefundBody",
    responses: { 202: { description: "The refund, as it stands.", schema: "RefundAnswer" } },
    problems: [
      ...OPS_PROBLEMS,
      ...BODY_PROBLEMS,
      "not_found",
      "exceeds_captured",
      "disputed",
      "payment_in_progress",
      "too_many_refunds",
    ],
  },
  cancelOrderByStaff: {
    method: "post",
    path: "/api/ops/orders/{id}/cancel",
    tag: "Ops",
    summary:
      "Cancels an order that has not left: a reservation ends, a paid one is refunded; idempotent by `id`.",
    security: "ops",
    parameters: [ORDER],
    body: "CancellationBody",
    responses: { 202: { description: "Canceled, with its refund.", schema: "CancellationAnswer" } },
    problems: [
      ...OPS_PROBLEMS,
      ...BODY_PROBLEMS,
      "not_found",
      "exceeds_captured",
      "disputed",
      "payment_in_progress",
      "order_closed",
      "too_many_refunds",
    ],
  },
  shipOrder: {
    method: "post",
    path: "/api/ops/orders/{id}/shipments",
    tag: "Ops",
    summary: "A parcel has left, with lines of the order or all that is left; idempotent by `id`.",
    security: "ops",
    parameters: [ORDER],
    body: "ShipmentBody",
    responses: { 200: { description: "The parcel, and the order's status.", schema: "ShipmentAnswer" } },
    problems: [
      ...OPS_PROBLEMS,
      ...BODY_PROBLEMS,
      "not_found",
      "not_paid",
      "order_closed",
      "exceeds_unshipped",
      "too_many_parcels",
    ],
  },
  deliverOrder: {
    method: "post",
    path: "/api/ops/orders/{id}/deliveries",
    tag: "Ops",
    summary: "A parcel has arrived, or all that are on their way; idempotent by `id`.",
    security: "ops",
    parameters: [ORDER],
    body: "DeliveryBody",
    responses: { 200: { description: "The parcels, and the order's status.", schema: "DeliveryAnswer" } },
    problems: [...OPS_PROBLEMS, ...BODY_PROBLEMS, "not_found", "not_shipped"],
  },
} as const satisfies Record<string, Endpoint>;
