/** How often an order's page looks at its order. Pure. */
import { CLOSED_STATUSES, type OrderStatus } from "../../src/domain/order/status.ts";
import { backoffMs } from "../../src/domain/backoff.ts";

/**
 * @param status the order's present status
 * @param expectingSoon the shopper has just paid, or the payment is being captured
 * @param looks how often this status has been seen in a row, from 1
 * @param random in [0, 1)
 * @returns milliseconds to the next look, or null where nothing more is to be expected while the page is open
 */
export function nextLookMs(
  status: OrderStatus,
  expectingSoon: boolean,
  looks: number,
  random: number,
): number | null {
  if (CLOSED_STATUSES.includes(status)) return null;
  if (status === "paid" || status === "shipped")
    return backoffMs(looks, { baseMs: 20_000, maxMs: 300_000 }, random);
  if (expectingSoon || status === "authorised")
    return backoffMs(Math.ceil(looks / 4), { baseMs: 1000, maxMs: 10_000 }, random);
  return backoffMs(looks, { baseMs: 4000, maxMs: 20_000 }, random);
}
