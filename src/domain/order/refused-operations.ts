/** What Stripe refuses for good: tried a bounded number of times, then no longer owed, kept for ops, and shown to them. */
import { backoffMs, type BackoffOptions } from "../backoff.ts";
import type { PaymentFailure } from "./record.ts";
import type { Obligation, OrderState } from "./state.ts";

/** Refusals of one operation until it is given up, over about an hour. */
export const MAX_REFUSALS = 8;
/** How soon something Stripe refused is tried again under a new number. */
const TRY_AGAIN: BackoffOptions = { baseMs: 60_000, maxMs: 1_800_000 };

/** An operation that is not tried any more. */
export interface RefusedOperation {
  readonly kind: Obligation["kind"];
  readonly intentId: string | null;
  /** Minor units; 0 where it is not about a sum. */
  readonly amountMinor: number;
  /** Stripe's last word on it. */
  readonly code: string;
  /** When it was given up, epoch ms. */
  readonly at: number;
}

/**
 * The obligation under its next number, for later; null where it was refused often enough.
 *
 * @param isPassing whether the intent is in `processing`, in which nothing can be done to it: that ends, and counts for nothing
 */
export function triedAgain(
  state: OrderState,
  owed: Obligation,
  n: number,
  isPassing: boolean,
  now: number,
): Obligation | null {
  const refusals = (owed.refusals ?? 0) + (isPassing ? 0 : 1);
  if (refusals >= MAX_REFUSALS) return null;
  // Orders that are refused together, as while Stripe has a fault, do not come back together.
  const spread = (state.openedAt % 1_000) / 1_000;
  const firstN = owed.firstN ?? owed.n;
  return { ...owed, n, firstN, refusals, nextAt: now + backoffMs(refusals, TRY_AGAIN, spread) };
}

/** The obligation has come to its end undone. A new version, so that ops are shown it. */
export function givenUp(
  state: OrderState,
  owed: Obligation,
  { code }: PaymentFailure,
  now: number,
): OrderState {
  const { kind, intentId, amountMinor } = owed;
  return {
    ...state,
    obligations: state.obligations.filter((each) => each !== owed),
    refusedOperations: [...refusedOf(state), { kind, intentId, amountMinor, code, at: now }],
    version: state.version + 1,
    updatedAt: now,
    outbox: { attempts: 0, nextAt: now },
  };
}

/** What was given up has come about all the same: ops have nothing to see to any more. */
export function resolved(
  state: OrderState,
  kind: Obligation["kind"],
  intentId: string,
  now: number,
): OrderState {
  if (!isGivenUp(state, kind, intentId)) return state;
  const rest = refusedOf(state).filter((each) => each.kind !== kind || each.intentId !== intentId);
  return {
    ...state,
    refusedOperations: rest,
    version: state.version + 1,
    updatedAt: now,
    outbox: { attempts: 0, nextAt: now },
  };
}

export function refusedOf(state: OrderState): readonly RefusedOperation[] {
  return state.refusedOperations ?? [];
}

/** Whether it was given up: Stripe is not asked for it again, whatever shows the order that it is still open. */
export function isGivenUp(state: OrderState, kind: Obligation["kind"], intentId: string | null): boolean {
  return refusedOf(state).some((each) => each.kind === kind && each.intentId === intentId);
}
