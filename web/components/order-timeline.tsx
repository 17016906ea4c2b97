/** Where an order stands: the steps it has taken with their times, what happens now, and the steps ahead. */
import type { Child } from "hono/jsx";
import type { OrderView } from "../../src/contracts/orders.ts";
import type { OrderStatus } from "../../src/domain/order/status.ts";
import { deliveryText } from "../delivery-text.ts";
import {
  BoxIcon,
  CardIcon,
  CheckIcon,
  ClockIcon,
  CrossIcon,
  LockIcon,
  ReturnIcon,
  TruckIcon,
} from "./icons.tsx";
import { waitText } from "../wait-text.ts";
import { TimeText } from "./time-text.tsx";

const STEPS: Readonly<Record<OrderStatus, { readonly name: string; readonly Icon: typeof CheckIcon }>> = {
  reserved: { name: "Reserved for you", Icon: LockIcon },
  authorised: { name: "Payment authorised", Icon: CardIcon },
  paid: { name: "Paid", Icon: CheckIcon },
  shipped: { name: "On its way", Icon: TruckIcon },
  delivered: { name: "Delivered", Icon: BoxIcon },
  expired: { name: "Reservation ended", Icon: ClockIcon },
  cancelled: { name: "Cancelled", Icon: CrossIcon },
  refunded: { name: "Refunded", Icon: ReturnIcon },
};

/** What happens next, said under the step that the order is at. */
const NEXT: Partial<Record<OrderStatus, string>> = {
  reserved: "Next: your payment. Nothing is charged before every item is secured for you.",
  authorised: "Next: we secure every item, then your card is charged.",
  paid: "Next: we pack your parcel. You get the tracking number as soon as it leaves.",
  shipped: "Next: the carrier brings it to your door.",
};

const NEXT_WHILE_CONFIRMING =
  "Next: your bank's answer. Nothing is charged before every item is secured for you.";

/** The way a purchase takes when all goes well. */
const WAY: readonly OrderStatus[] = ["reserved", "authorised", "paid", "shipped", "delivered"];

export interface OrderTimelineProps {
  readonly order: OrderView;
  /** The shopper has just paid, and what comes of it is not known yet. */
  readonly confirming?: boolean;
}

export function OrderTimeline({ order, confirming = false }: OrderTimelineProps) {
  const next = confirming && order.status === "reserved" ? NEXT_WHILE_CONFIRMING : NEXT[order.status];
  const last = WAY.indexOf(order.status);
  const ahead = last === -1 ? [] : WAY.slice(last + 1);
  const current = order.timeline.length - 1;
  return (
    <ol class="timeline">
      {order.timeline.map(({ status, at }, index) => (
        <Step status={status} state={index === current ? "current" : "done"}>
          <span class="timeline-time">
            <TimeText at={at} />
          </span>
          {index === current && next !== undefined && <p class="timeline-note">{next + waitNote(order)}</p>}
        </Step>
      ))}
      {ahead.map((status) => (
        <Step status={status} state="ahead">
          {status === "delivered" && order.transit !== undefined && (
            <span class="timeline-time">Expected {deliveryText(order.transit, orderedAt(order))}</span>
          )}
        </Step>
      ))}
    </ol>
  );
}

/** How long the confirmation takes, where that was measured; later steps have dates of their own. */
function waitNote({ status, estimatedWaitSeconds }: OrderView): string {
  if (estimatedWaitSeconds === undefined) return "";
  const wait = waitText(estimatedWaitSeconds);
  return status === "reserved" ? ` We then confirm your order in ${wait}.` : ` This takes ${wait}.`;
}

interface StepProps {
  readonly status: OrderStatus;
  readonly state: "done" | "current" | "ahead";
  readonly children?: Child;
}

function Step({ status, state, children }: StepProps) {
  const { name, Icon } = STEPS[status];
  return (
    <li
      class="timeline-step"
      data-step={state}
      data-status={status}
      aria-current={state === "current" ? "step" : undefined}
    >
      <span class="timeline-mark">
        <Icon />
      </span>
      <span class="timeline-name">
        {name}
        {state === "ahead" && <span class="visually-hidden">, still ahead</span>}
      </span>
      {children}
    </li>
  );
}

/** Epoch ms: when it was paid, or now where that is still ahead. */
function orderedAt(order: OrderView): number {
  return Date.parse(order.timeline.find(({ status }) => status === "paid")?.at ?? order.serverTime);
}
