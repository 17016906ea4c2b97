/**
 * notifications: e-mails to shoppers; those about stock are in stock-notices.ts, links to orders in order-links.ts. Of an
 * order, its shard says what is to be told and is told when it was: at least once. The shard asks again for what is still
 * to be told, with its own backoff, so a message about orders is done by being read.
 * The record of sent notices suppresses repeats where it can be reached, and holds nothing up where it cannot.
 */
import type { MailOutcome } from "../adapters/email/mailer.ts";
import { NotificationMessage } from "../contracts/messages.ts";
import type { NoticeKind, OrderLinkDue, StockNoticesDue } from "../contracts/messages.ts";
import type {
  NoticeContent,
  OrderNotice,
  OrderShardStub,
  SettledNotice,
} from "../durable-objects/order-shard/shard-calls.ts";
import { concurrencyLimit } from "./bounded-concurrency.ts";
import { byShard } from "./by-shard.ts";
import { receive, type Received } from "./intake.ts";
import type { QueueBatch } from "./message-batch.ts";
import { sendOrderLinks, type OrderLinksDeps } from "./order-links.ts";
import { Settlement } from "./settlement.ts";
import type { SettlementDeps } from "./settlement.ts";
import { tellThoseWaiting, type StockNoticesDeps } from "./stock-notices.ts";
import { Tally } from "./tally.ts";
import { within } from "./time-limit.ts";

const SEND_CONCURRENCY = 5;

/** How long the record of sent notices may take, in milliseconds, before the e-mail goes out without it. */
const RECORD_TIMEOUT_MS = 1_000;

export interface NotificationsConsumerDeps extends SettlementDeps {
  /** The name of the shard that owns the order; null where the id is not one of ours. */
  readonly shardOf: (orderId: string) => string | null;
  readonly shard: (name: string) => Pick<OrderShardStub, "noticeContents" | "noticesSent">;
  /** Which of these the record knows as sent. */
  readonly sentBefore: (notices: readonly OrderNotice[]) => Promise<readonly OrderNotice[]>;
  readonly markSent: (notices: readonly OrderNotice[]) => Promise<void>;
  /** Renders and sends; throws where it may be taken another time. */
  readonly send: (kind: NoticeKind, content: NoticeContent) => Promise<MailOutcome>;
  /** Those who wait for a SKU or a drop. */
  readonly stockNotices: StockNoticesDeps;
  /** Those who asked for the way to an order. */
  readonly orderLinks: OrderLinksDeps;
}

export async function consumeNotifications(
  batch: QueueBatch,
  deps: NotificationsConsumerDeps,
): Promise<void> {
  const settlement = new Settlement(batch, deps);
  const aboutOrders: OrderNotice[] = [];
  const aboutStock: Received<StockNoticesDue>[] = [];
  const links: Received<OrderLinkDue>[] = [];
  for (const { message, body } of await receive(batch, NotificationMessage, settlement)) {
    if (body.type === "notices.due") {
      aboutOrders.push(...body.notices);
      settlement.acknowledge(message);
    } else if (body.type === "stock_notices.due") aboutStock.push({ message, body });
    else links.push({ message, body });
  }
  await Promise.all([
    tellBuyers(aboutOrders, deps),
    tellThoseWaiting(aboutStock, settlement, deps),
    sendOrderLinks(links, settlement, deps),
  ]);
  settlement.report();
}

/** The record is asked once and told once for the whole batch, each shard likewise; e-mails go out one by one. */
async function tellBuyers(notices: readonly OrderNotice[], deps: NotificationsConsumerDeps): Promise<void> {
  const wanted = [...new Map(notices.map((notice) => [keyOf(notice), notice])).values()];
  const known = await bestEffort("notice.record_unread", () => deps.sentBefore(wanted), [], wanted, deps);
  const { shards, unowned } = byShard(wanted, deps.shardOf);
  for (const { orderId, kind } of unowned) {
    deps.telemetry.log("warn", "notice.foreign_order", { orderId, notice: kind });
  }
  const round: Round = {
    repeated: new Set(known.map(keyOf)),
    inTurn: concurrencyLimit(SEND_CONCURRENCY),
    sent: [],
    tally: new Tally("notices"),
  };
  await Promise.all([...shards].map(([name, own]) => serveShard(name, own, round, deps)));
  round.tally.report(deps.telemetry);
  await bestEffort("notice.unrecorded", () => deps.markSent(round.sent), undefined, round.sent, deps);
}

/** What the shards of one batch share. */
interface Round {
  /** Notices that the record knows as sent, by key. */
  readonly repeated: ReadonlySet<string>;
  readonly inTurn: ReturnType<typeof concurrencyLimit>;
  /** Filled with what was sent now. */
  readonly sent: OrderNotice[];
  readonly tally: Tally;
}

const keyOf = ({ orderId, kind }: OrderNotice): string => `${orderId} ${kind}`;

async function serveShard(
  name: string,
  notices: readonly OrderNotice[],
  round: Round,
  deps: NotificationsConsumerDeps,
): Promise<void> {
  const { telemetry } = deps;
  const repeated = notices.filter((notice) => round.repeated.has(keyOf(notice)));
  const fresh = notices.filter((notice) => !round.repeated.has(keyOf(notice)));
  const settled: SettledNotice[] = repeated.map((notice) => ({ ...notice, outcome: "sent" }));
  for (const { kind } of repeated) round.tally.add("repeated", kind);
  try {
    const contents = fresh.length === 0 ? [] : await deps.shard(name).noticeContents(fresh);
    if (contents.length !== fresh.length)
      throw new Error(`${contents.length} contents of ${fresh.length} notices`);
    await Promise.all(
      contents.map((content, index) => {
        const notice = fresh[index];
        if (notice === undefined) return Promise.resolve();
        return round.inTurn(async () => {
          const outcome = await tell(notice, content, deps);
          round.tally.add(outcome, notice.kind);
          if (outcome === "sent") round.sent.push(notice);
          if (outcome === "sent" || outcome === "refused") settled.push({ ...notice, outcome });
        });
      }),
    );
  } catch (fault) {
    telemetry.fault("notices.shard_not_asked", fault, { source: name, count: fresh.length });
    for (const { kind } of fresh) round.tally.add("failed", kind);
  }
  if (settled.length === 0) return;
  try {
    await deps.shard(name).noticesSent(settled);
  } catch (fault) {
    // The shard asks again, and the record knows what went out.
    telemetry.fault("notices.unreported", fault, { source: name, count: settled.length });
  }
}

async function tell(
  { orderId, kind }: OrderNotice,
  content: NoticeContent | null,
  { send, telemetry }: NotificationsConsumerDeps,
): Promise<MailOutcome | "obsolete" | "failed"> {
  if (content === null) return "obsolete";
  try {
    return await send(kind, content);
  } catch (fault) {
    telemetry.fault("notice.failed", fault, { orderId, notice: kind });
    return "failed";
  }
}

/** The work's result, or `otherwise` when there is nothing to do it about, it fails, or takes longer than the record may. */
async function bestEffort<T>(
  event: string,
  work: () => Promise<T>,
  otherwise: T,
  about: readonly OrderNotice[],
  deps: NotificationsConsumerDeps,
): Promise<T> {
  if (about.length === 0) return otherwise;
  try {
    return await within(RECORD_TIMEOUT_MS, work());
  } catch (fault) {
    deps.telemetry.fault(event, fault);
    return otherwise;
  }
}
