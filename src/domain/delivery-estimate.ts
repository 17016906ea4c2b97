/**
 * When an order that is placed now will arrive: business days after the next dispatch, in UTC. Holidays of the places parcels
 * pass through are not known, so the answer is a range, and business days are Monday to Friday. Pure.
 */
import type { ShippingMethod } from "./shipping.ts";

/** Orders placed before this hour (UTC) of a business day are handed over the same day. */
export const DISPATCH_CUT_OFF_HOUR = 18;

/** Business days on the way, from the day of dispatch on. */
export type TransitDays = Pick<ShippingMethod, "leastDays" | "mostDays">;

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
/** 1970-01-01, day 0 of the epoch, was a Thursday. */
const EPOCH_WEEKDAY = 4;

export interface DeliveryEstimate {
  /** Midnight UTC of the first and of the last day it may arrive (epoch ms). */
  readonly from: number;
  readonly to: number;
}

/** @param orderedAt when the order is placed (epoch ms); for a drop, when it opens */
export function deliveryEstimate({ leastDays, mostDays }: TransitDays, orderedAt: number): DeliveryEstimate {
  const dispatch = dispatchDay(orderedAt);
  return {
    from: businessDaysAfter(dispatch, leastDays) * DAY_MS,
    to: businessDaysAfter(dispatch, mostDays) * DAY_MS,
  };
}

/** The next moment (epoch ms) from which an order arrives later: the next cut-off of a business day. */
export function deliveryChangesAt(now: number): number {
  return dispatchDay(now) * DAY_MS + DISPATCH_CUT_OFF_HOUR * HOUR_MS;
}

/** The day, counted from the epoch, on which an order placed at this moment leaves. */
function dispatchDay(orderedAt: number): number {
  let day = Math.floor(orderedAt / DAY_MS);
  if (orderedAt - day * DAY_MS >= DISPATCH_CUT_OFF_HOUR * HOUR_MS) day += 1;
  while (!isBusinessDay(day)) day += 1;
  return day;
}

function businessDaysAfter(start: number, count: number): number {
  let day = start;
  for (let left = count; left > 0;) {
    day += 1;
    if (isBusinessDay(day)) left -= 1;
  }
  return day;
}

function isBusinessDay(day: number): boolean {
  const weekday = (day + EPOCH_WEEKDAY) % 7;
  return weekday !== 0 && weekday !== 6;
}
