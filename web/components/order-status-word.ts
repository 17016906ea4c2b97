/** Where an order stands, in a word or two, for lists; an order's own page says more (order-headline.ts). */
import type { OrderStatus } from "../../src/domain/order/status.ts";

const WORDS: Readonly<Record<OrderStatus, string>> = {
  reserved: "To be paid",
  authorised: "Being paid",
  paid: "Paid",
  shipped: "On its way",
  delivered: "Delivered",
  expired: "Not paid in time",
  cancelled: "Cancelled",
  refunded: "Refunded",
};

export function orderStatusWord(status: OrderStatus): string {
  return WORDS[status];
}
