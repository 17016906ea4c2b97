/** Looks for things that people wait for and that can be had now, and has those people told. */
import { MESSAGE_VERSION } from "../../contracts/messages.ts";
import type { StockNoticesDue } from "../../contracts/messages.ts";

/** A queue takes this many messages at once; the others' turn is the next minute. */
const MAX_SUBJECTS = 100;

export interface AnnounceStockDeps {
  /** What is due at `now` (epoch ms), at most `limit`; those who asked first come first. */
  readonly listDueStock: (
    limit: number,
    now: number,
  ) => Promise<readonly Pick<StockNoticesDue, "kind" | "subject">[]>;
  readonly sendNotifications: (messages: StockNoticesDue[]) => Promise<void>;
  /** Epoch ms. */
  readonly clock: () => number;
}

/**
 * A unit that is free for a moment only is mostly gone again by the time of this look: nobody is called for it.
 *
 * @returns how many things were announced
 */
export async function announceStock(deps: AnnounceStockDeps): Promise<number> {
  const due = await deps.listDueStock(MAX_SUBJECTS, deps.clock());
  if (due.length === 0) return 0;
  await deps.sendNotifications(
    due.map(({ kind, subject }) => ({ v: MESSAGE_VERSION, type: "stock_notices.due", kind, subject })),
  );
  return due.length;
}
