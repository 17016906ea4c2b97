/** An order's birth: content first, then every hold confirmed, or all of it undone. */
import type { OrderState } from "./state.ts";

/** Every SKU confirmed its hold: the order is born. */
export function holdsConfirmed(state: OrderState, now: number): OrderState {
  if (state.phase !== "opening") return state;
  return {
    ...state,
    phase: "live",
    version: 1,
    updatedAt: now,
    timeline: [{ status: "reserved", at: now }],
  };
}

/** A hold had lapsed: nothing is re-taken, the holds are settled and the key is free again. */
export function holdsLost(state: OrderState, now: number): OrderState {
  if (state.phase !== "opening") return state;
  return { ...state, phase: "undoing", units: "settling", updatedAt: now };
}
