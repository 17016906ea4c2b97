/** What an order owes at Stripe, and how that is written down: once for each kind and intent, with a number of its own. */
import { isGivenUp } from "./refused-operations.ts";
import type { Obligation, OrderState } from "./state.ts";

/** Owes an operation, unless one of this kind is owed on the intent already. */
export function owe(
  state: OrderState,
  kind: Obligation["kind"],
  intentId: string | null,
  amountMinor: number,
  now: number,
): OrderState {
  if (state.obligations.some((owed) => owed.kind === kind && owed.intentId === intentId)) return state;
  if (isGivenUp(state, kind, intentId)) return state;
  return oweAnother(state, kind, intentId, amountMinor, now);
}

/** Owes an operation beside others of its kind: each refund is one of its own. */
export function oweAnother(
  state: OrderState,
  kind: Obligation["kind"],
  intentId: string | null,
  amountMinor: number,
  now: number,
): OrderState {
  const n = state.operationCount + 1;
  const owed: Obligation = { kind, intentId, amountMinor, n, attempts: 0, nextAt: now };
  return { ...state, operationCount: n, obligations: [...state.obligations, owed], updatedAt: now };
}

/** How soon something that Stripe's own failure left undone is tried again, ms. */
const UNDONE_RETRY_MS = 30_000;

/** Stripe failed, and has that answer to `n` stored: a further try needs a new number. It goes to the end, behind what else is owed. */
export function undone(state: OrderState, kind: Obligation["kind"], n: number, now: number): OrderState {
  const owed = state.obligations.find((each) => each.kind === kind && each.n === n);
  if (owed === undefined) return state;
  const next = state.operationCount + 1;
  const again = { ...owed, n: next, firstN: owed.firstN ?? owed.n, nextAt: now + UNDONE_RETRY_MS };
  const others = state.obligations.filter((each) => each !== owed);
  return { ...state, operationCount: next, obligations: [...others, again] };
}
