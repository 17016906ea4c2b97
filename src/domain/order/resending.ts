/** An order's copy in Postgres is lost: what was confirmed is to be sent again. */
import type { OrderState } from "./state.ts";

/** @param hasContact whether the order still has its contact: one whose person has left it sends none */
export function resendWanted(state: OrderState, hasContact: boolean, now: number): OrderState {
  return {
    ...state,
    confirmedVersion: 0,
    contactPersisted: hasContact ? false : state.contactPersisted,
    outbox: { attempts: 0, nextAt: now },
  };
}
