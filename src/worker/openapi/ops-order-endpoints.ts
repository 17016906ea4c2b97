/** The endpoints by which staff act on one order. */
import { BODY_PROBLEMS, OPS_PROBLEMS, path, type Endpoint } from "./endpoint.ts";

const ORDER = path("id", "The order's id.");

export const OPS_ORDER_ENDPOINTS = {
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
} as const satisfies Record<string, Endpoint>;
