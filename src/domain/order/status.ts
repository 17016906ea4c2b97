/** The states an order is in, as shoppers and ops see them (design §4, "Order states"). */

export const ORDER_STATUSES = [
  "reserved",
  "authorised",
  "paid",
  "shipped",
  "delivered",
  "expired",
  "cancelled",
  "refunded",
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** States from which nothing follows but refunds and disputes. */
export const CLOSED_STATUSES: readonly OrderStatus[] = ["delivered", "expired", "cancelled", "refunded"];
