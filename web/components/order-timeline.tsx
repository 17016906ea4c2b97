/** Where an order stands: the steps it has taken with their times, and those ahead. */
import type { OrderView } from "../../src/contracts/orders.ts";
import type { OrderStatus } from "../../src/domain/order/status.ts";
import { TimeText } from "./time-text.tsx";

const STEP_NAMES: Readonly<Record<OrderStatus, string>> = {
  reserved: "Reserved for you",
  authorised: "Payment authorised",
  paid: "Paid",
  shipped: "On its way",
  delivered: "Delivered",
  expired: "Reservation ended",
  cancelled: "Cancelled",
  refunded: "Refunded",
};

/** The way a purchase takes when all goes well. */
const WAY: readonly OrderStatus[] = ["reserved", "authorised", "paid", "shipped", "delivered"];

export function OrderTimeline({ order }: { readonly order: OrderView }) {
  const last = WAY.indexOf(order.status);
  const ahead = last === -1 ? [] : WAY.slice(last + 1);
  return (
    <ol class="timeline">
      {order.timeline.map((step, index) => (
        <li
          class="timeline-step"
          data-step={index === order.timeline.length - 1 ? "current" : "done"}
          data-status={step.status}
          aria-current={index === order.timeline.length - 1 ? "step" : undefined}
        >
          <span class="timeline-name">{STEP_NAMES[step.status]}</span>
          <span class="timeline-time">
            <TimeText at={step.at} />
          </span>
        </li>
      ))}
      {ahead.map((status) => (
        <li class="timeline-step" data-step="ahead">
          <span class="timeline-name">{STEP_NAMES[status]}</span>
        </li>
      ))}
    </ol>
  );
}
