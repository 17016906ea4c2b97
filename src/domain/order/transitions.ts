/** The whole transition table of an order (design §4, "Order states"), and the one function that moves along it. */
import { isSameNotice, type FirstNoticeKind, type LaterNoticeKind } from "./notice.ts";
import { SNAPSHOT_DELAY_MS, type OrderState } from "./state.ts";
import type { OrderStatus } from "./status.ts";

export type OrderEvent =
  | "payment_failed"
  | "authorised"
  | "due"
  | "cancelled"
  | "unit_lost"
  | "limit_reached"
  | "captured"
  | "capture_refused"
  | "refund_requested"
  | "shipped"
  | "delivered"
  | "refunded"
  | "refund_failed";

/** The status before this one: a refund that failed afterwards leaves the order where it was. */
const FORMER = "former";

export const TRANSITIONS: Readonly<
  Record<OrderStatus, Partial<Record<OrderEvent, OrderStatus | typeof FORMER>>>
> = {
  reserved: {
    payment_failed: "reserved",
    authorised: "authorised",
    due: "expired",
    cancelled: "cancelled",
    unit_lost: "cancelled",
  },
  authorised: {
    captured: "paid",
    unit_lost: "cancelled",
    limit_reached: "cancelled",
    capture_refused: "cancelled",
  },
  paid: { refund_requested: "paid", shipped: "shipped", refunded: "refunded" },
  shipped: { delivered: "delivered", refunded: "refunded" },
  delivered: { refunded: "refunded" },
  expired: {},
  cancelled: {},
  refunded: { refund_failed: FORMER },
};

/** The e-mail an event makes due. */
const NOTICE_OF_EVENT: Partial<Record<OrderEvent, FirstNoticeKind>> = {
  captured: "order_confirmed",
  unit_lost: "order_cancelled",
  limit_reached: "order_cancelled",
  capture_refused: "order_cancelled",
};

/**
 * Moves the order along an event: a new version, and a timeline entry where the status changes.
 *
 * @throws Error when the table has no such move; callers ask first what the status allows.
 */
export function move(state: OrderState, event: OrderEvent, now: number): OrderState {
  const to = TRANSITIONS[state.status][event];
  const status = to === FORMER ? state.timeline.at(-2)?.status : to;
  if (status === undefined)
    throw new Error(`order ${state.orderId}: no move from ${state.status} by ${event}`);
  const kind = NOTICE_OF_EVENT[event];
  return {
    ...changed({ ...state, status }, now),
    timeline: status === state.status ? state.timeline : [...state.timeline, { status, at: now }],
    notice: kind === undefined ? state.notice : { kind, attempts: 0, nextAt: now },
  };
}

/** A change that others may see: a new version, to be told. */
export function changed(state: OrderState, now: number): OrderState {
  return {
    ...state,
    version: state.version + 1,
    updatedAt: now,
    outbox: outboxAfter(state, state.status, now),
  };
}

/** E-mails that wait at most; past that the oldest is left out. */
const MAX_NOTICES = 20;

/**
 * The order with an e-mail due; one whose person was erased has nobody to tell.
 *
 * @param about what of the order it tells of (a refund's id, a parcel's): each is told once
 */
export function withNotice(state: OrderState, kind: LaterNoticeKind, about: string, now: number): OrderState {
  if (state.contactErased) return state;
  const due = { kind, about, attempts: 0, nextAt: now };
  const others = (state.notices ?? []).filter((notice) => !isSameNotice(notice, due));
  return { ...state, notices: [...others, due].slice(-MAX_NOTICES) };
}

/** A purchase that is settled is told at once; an open one waits a moment, for it is about to change again. */
function outboxAfter({ outbox }: OrderState, status: OrderStatus, now: number): OrderState["outbox"] {
  const inFlight = outbox.attempts > 0;
  if (inFlight) return outbox;
  const open = status === "reserved" || status === "authorised";
  return { attempts: 0, nextAt: open ? Math.max(outbox.nextAt, now + SNAPSHOT_DELAY_MS) : now };
}
