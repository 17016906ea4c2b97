/** What becomes of the person in an order once their account was deleted. */
import { cancelByShopper } from "./payment.ts";
import type { OrderState } from "./state.ts";

/**
 * A parcel that was paid for is delivered all the same: its order keeps the address for so long at most, ms, counted from the
 * order's last change.
 */
export const PARCEL_PATIENCE_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * Takes the person out of the order: contact, account, and what was still to be told. A reservation ends with it. What is paid
 * for and not delivered waits, and so does a payment that is being taken.
 *
 * @returns whether the person is out of it; where not, ask again later
 */
export function erasePerson(state: OrderState, now: number): { state: OrderState; erased: boolean } {
  const ended = state.status === "reserved" ? cancelByShopper(state, now).state : state;
  const isUnderWay =
    ended.status === "authorised" ||
    ((ended.status === "paid" || ended.status === "shipped") && now < ended.updatedAt + PARCEL_PATIENCE_MS);
  if (isUnderWay) return { state: ended, erased: false };
  return {
    state: { ...ended, accountId: null, contactErased: true, notice: null, notices: [] },
    erased: true,
  };
}
