/** "Tell me when it is back" and "tell me before it opens": what may be asked for, and when it is time to tell. Pure. */

export const STOCK_NOTICE_KINDS = ["restock", "drop"] as const;
/** `restock`: a SKU can be had again. `drop`: a product's sale is about to open. */
export type StockNoticeKind = (typeof STOCK_NOTICE_KINDS)[number];

/** Things one address may wait for at a time; more are not kept. */
export const MAX_OPEN_NOTICES_PER_ADDRESS = 20;

/** So long before a drop opens its e-mails go out. Who asks later than that is told when it opens. */
export const DROP_NOTICE_AHEAD_MS = 60 * 60 * 1000;
/** So long after the opening a drop's e-mails still make sense. */
export const DROP_NOTICE_LATE_MS = 24 * 60 * 60 * 1000;

/** People told at once for each unit that is back: everybody of a big delivery, a few where a single unit came free. */
const TOLD_PER_UNIT = 10;
/** E-mails of one message of the queue. */
export const STOCK_NOTICE_BATCH = 100;

/**
 * How many of those who wait are told now; whoever asked first comes first, and the others when units are left later.
 *
 * @param available units that can be bought; null for a drop, whose opening everyone is told of
 */
export function toldAtOnce(available: number | null): number {
  if (available === null) return STOCK_NOTICE_BATCH;
  return Math.min(STOCK_NOTICE_BATCH, Math.max(0, available) * TOLD_PER_UNIT);
}

/**
 * Who is told now, by when they asked: those who asked before the answer (epoch ms); null while it is nobody's time.
 *
 * @param opensAt when the product goes on sale (epoch ms), or null where it is on sale already
 * @param now epoch ms
 */
export function toldIfAskedBefore(kind: StockNoticeKind, opensAt: number | null, now: number): number | null {
  if (kind === "restock") return opensAt === null || opensAt <= now ? now : null;
  if (opensAt === null || now > opensAt + DROP_NOTICE_LATE_MS) return null;
  if (now >= opensAt) return now;
  const aheadAt = opensAt - DROP_NOTICE_AHEAD_MS;
  return now >= aheadAt ? aheadAt : null;
}
