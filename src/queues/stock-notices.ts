/**
 * E-mails to those who wait for a SKU or a drop. Postgres knows who they are and in which order they asked; each is claimed
 * for as long as sending may take, and ticked off once the e-mail was taken: at least once, and twice only where the tick
 * was lost.
 */
import type { StockThing, Waiting } from "../adapters/postgres/stock-notices.ts";
import type { MailOutcome } from "../adapters/email/mailer.ts";
import type { StockNoticesDue } from "../contracts/messages.ts";
import { MAIL_PERIOD_SECONDS } from "../domain/mail-limit.ts";
import { STOCK_NOTICE_BATCH, toldAtOnce, toldIfAskedBefore } from "../domain/stock-notice.ts";
import { forEachBounded } from "./bounded-concurrency.ts";
import type { Received } from "./intake.ts";
import type { Settlement, SettlementDeps } from "./settlement.ts";

const SEND_CONCURRENCY = 5;
/** Longer than any batch takes; a shopper whose sender died is told after this. */
const LEASE_MS = 10 * 60 * 1000;
/** An address that takes no mail is tried again after this, so that those behind it have their turn first. */
const FAILED_WAIT_MS = 60 * 1000;

type Subject = Pick<StockNoticesDue, "kind" | "subject">;

export interface StockNoticeClaim {
  readonly limit: number;
  /** Epoch ms. */
  readonly askedBefore: number;
  readonly leaseMs: number;
  /** Epoch ms. */
  readonly now: number;
}

export interface StockNoticesDeps {
  /** Null: the store does not sell it any more. */
  readonly thing: (subject: Subject) => Promise<StockThing | null>;
  /** Takes the next in the line. */
  readonly claim: (subject: Subject, claim: StockNoticeClaim) => Promise<readonly Waiting[]>;
  /** Ticks off those whose turn is over. */
  readonly markSent: (ids: readonly string[], now: number) => Promise<void>;
  /** Keeps these out of the line until then (epoch ms). */
  readonly postpone: (ids: readonly string[], until: number) => Promise<void>;
  /** Renders and sends, unless the mailbox has had enough; throws when the message was not taken. */
  readonly send: (kind: StockNoticesDue["kind"], thing: StockThing, waiting: Waiting) => Promise<MailOutcome>;
  /** Puts a message into the queue, for those who come next. */
  readonly goOn: (message: StockNoticesDue) => Promise<void>;
}

/** Tells the next in the line of each thing. A message that comes twice tells others, and nobody twice. */
export async function tellThoseWaiting(
  received: readonly Received<StockNoticesDue>[],
  settlement: Settlement,
  deps: SettlementDeps & { readonly stockNotices: StockNoticesDeps },
): Promise<void> {
  for (const { message, body } of received) {
    try {
      await tellNext(body, deps);
      settlement.acknowledge(message);
    } catch (fault) {
      settlement.retry(message, fault, { notice: body.kind });
    }
  }
}

/** @throws the first fault of sending, after those who could not be told were put off */
async function tellNext(
  due: StockNoticesDue,
  { stockNotices, telemetry, clock }: SettlementDeps & { readonly stockNotices: StockNoticesDeps },
): Promise<void> {
  const thing = await stockNotices.thing(due);
  if (thing === null) return;
  const now = clock();
  const askedBefore = toldIfAskedBefore(due.kind, thing.opensAt, now);
  // What came back may be gone again: then nobody is called for nothing.
  const limit = toldAtOnce(thing.available);
  if (askedBefore === null || limit === 0) return;
  const waiting = await stockNotices.claim(due, { limit, askedBefore, leaseMs: LEASE_MS, now });
  /** By outcome: whom the mailer refuses for good has waited enough, too; whose mailbox is full keeps the place. */
  const done: Record<MailOutcome, string[]> = { sent: [], refused: [], over_limit: [] };
  const faults: unknown[] = [];
  await forEachBounded(waiting, SEND_CONCURRENCY, async (next) => {
    try {
      const outcome = await stockNotices.send(due.kind, thing, next);
      done[outcome].push(next.id);
    } catch (fault) {
      faults.push(fault);
    }
  });
  for (const outcome of ["sent", "refused"] as const) {
    const { length: count } = done[outcome];
    // The mailer has counted what it did not send.
    if (count > 0) telemetry.count("notices", { outcome, where: due.kind, count });
  }
  const over = [...done.sent, ...done.refused];
  await stockNotices.markSent(over, clock());
  // They keep their place: told once their mailbox may have the next one, where there is still something to tell.
  if (done.over_limit.length > 0)
    await stockNotices.postpone(done.over_limit, clock() + MAIL_PERIOD_SECONDS * 1000);
  if (faults.length > 0) {
    telemetry.count("notices", { outcome: "failed", where: due.kind, count: faults.length });
    const settled = new Set([...over, ...done.over_limit]);
    const failed = waiting.map(({ id }) => id).filter((id) => !settled.has(id));
    await stockNotices.postpone(failed, clock() + FAILED_WAIT_MS);
    throw faults[0];
  }
  if (waiting.length === STOCK_NOTICE_BATCH) await stockNotices.goOn(due);
}
