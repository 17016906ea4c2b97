/**
 * What an order keeps in its shard once nobody works on it any more: what a late repetition of the request, a late refund, or its own
 * page needs. The person leaves it; contact and address are in Postgres.
 */
import { returnsDue } from "./refunds.ts";
import { CLOSED_STATUSES } from "./status.ts";
import { deadlineOf, hasNotice, isUnconfirmed, type OrderState } from "./state.ts";

/** How long after its last change a closed order is compacted, ms. A delivered one can be returned until then. */
export const COMPACT_AFTER_MS = 30 * 24 * 60 * 60 * 1000;

/** What a compact order does without, and reads as. Fields that are not named here are kept, those of a later build included. */
const LEFT_OUT = {
  buyer: "",
  accountId: null,
  durations: { holdMs: 0, windowMs: 0, graceMs: 0 },
  payBy: null,
  stepRetry: null,
  obligations: [],
  contactPersisted: true,
  contactErased: true,
  outbox: { attempts: 0, nextAt: 0 },
  notice: null,
  notices: [],
} satisfies Partial<OrderState>;

/** A row's content: an order's whole state, or a compact one's without what it reads as anyway. */
export type StoredOrder = Omit<OrderState, keyof typeof LEFT_OUT | "confirmedVersion"> & Partial<OrderState>;

/** Closed, with nothing owed, nothing to be told, its units where they stay, and all of it in Postgres. */
function isAtRest(state: OrderState): boolean {
  return (
    CLOSED_STATUSES.includes(state.status) &&
    (state.units === "settled" || state.units === "committed") &&
    state.obligations.length === 0 &&
    state.review == null &&
    returnsDue(state).length === 0 &&
    !hasNotice(state) &&
    !isUnconfirmed(state)
  );
}

/** When the order is to be compacted, epoch ms; null where that was done, or something is still to happen. */
export function compactsAt(state: OrderState): number | null {
  return state.isCompact !== true && isAtRest(state) ? state.updatedAt + COMPACT_AFTER_MS : null;
}

/** The order without its person, its secrets, and what only an open order needs. Its contact is to be erased with it. */
export function compacted(state: OrderState): OrderState {
  // The deadline is told with every snapshot, and stays what it was.
  const holdExpiresAt = deadlineOf(state);
  const payment = state.payment === null ? null : { ...state.payment, clientSecret: null };
  const kept: OrderState = { ...state, ...LEFT_OUT, holdExpiresAt, payment, isCompact: true };
  return without(kept, ["payer"]) as OrderState;
}

/** What is written of a state. A compact order to which something happens is written in full until it is at rest again. */
export function storedForm(state: OrderState): StoredOrder {
  if (state.isCompact !== true || !isAtRest(state)) return state;
  return without(state, [...Object.keys(LEFT_OUT), "confirmedVersion"]) as StoredOrder;
}

/** The state that was written. */
export function stateOf(stored: StoredOrder): OrderState {
  if (stored.isCompact !== true) return stored as OrderState;
  return { ...LEFT_OUT, confirmedVersion: stored.version, ...stored };
}

function without(state: OrderState, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(state).filter(([name]) => !names.includes(name)));
}
