/**
 * notifications: e-mails to shoppers; those about stock are in stock-notices.ts, links to orders in order-links.ts. Of an
 * order, its shard says what is to be told and is told when it was: at least once. The shard asks again for what is still
 * to be told, with its own backoff, so a message about orders is done by being read.
 * The record of sent notices suppresses repeats where it can be reached, and holds nothing up where it cannot.
 */
import { withinTime } from "../adapters/outage/within-time.ts";
import type { MailOutcome } from "../adapters/email/mailer.ts";
import { NotificationMessage } from "../contracts/messages.ts";
import type { OrderLinkDue, StockNoticesDue } from "../contracts/messages.ts";
import type {
  NoticeContent,
  OrderNotice,
  OrderShardStub,
  SettledNotice,
} from "../durable-objects/order-shard/shard-calls.ts";
import { byShard } from "../durable-objects/order-shard/by-shard.ts";
import { forEachBounded } from "./bounded-concurrency.ts";
import { receive, type Received } from "./intake.ts";
import type { QueueBatch } from "./message-batch.ts";
import { sendOrderLinks, type OrderLinksDeps } from "./order-links.ts";
import { Settlement } from "./settlement.ts";
import type { SettlementDeps } from "./settlement.ts";
import { tellThoseWaiting, type StockNoticesDeps } from "./stock-notices.ts";
import { Tally } from "./tally.ts";

const SEND_CONCURRENCY = 5;

/** Notices that are looked up, sent and recorded together. */
const NOTICES_AT_ONCE = 25;

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
  readonly send: (notice: OrderNotice, content: NoticeContent) => Promise<MailOutcome>;
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

/**
 * E-mails go out a few at a time, in small groups of one shard, each read from the record and written to it by itself: a second
 * invocation that a shard asked for meanwhile repeats the group under way at the most, not a thousand e-mails.
 */
async function tellBuyers(notices: readonly OrderNotice[], deps: NotificationsConsumerDeps): Promise<void> {
  const wanted = [...new Map(notices.map((notice) => [keyOf(notice), notice])).values()];
  const { shards, unowned } = byShard(wanted, deps.shardOf);
  for (const { orderId, kind } of unowned) {
    deps.telemetry.log("warn", "notice.foreign_order", { orderId, notice: kind });
  }
  const tally = new Tally("notices");
  for (const [name, own] of shards) await serveShard(name, own, tally, deps);
  tally.report(deps.telemetry);
}

const keyOf = ({ orderId, kind, about }: OrderNotice): string => `${orderId} ${kind} ${about}`;

async function serveShard(
  name: string,
  notices: readonly OrderNotice[],
  tally: Tally,
  deps: NotificationsConsumerDeps,
): Promise<void> {
  for (let start = 0; start < notices.length; start += NOTICES_AT_ONCE) {
    try {
      await tellGroup(name, notices.slice(start, start + NOTICES_AT_ONCE), tally, deps);
    } catch (fault) {
      // It asks again for these; the next group would wait for it as long.
      const unasked = notices.slice(start);
      deps.telemetry.fault("notices.shard_not_asked", fault, { source: name, count: unasked.length });
      for (const { kind } of unasked) tally.add("failed", kind);
      return;
    }
  }
}

/** @throws where the shard cannot be asked what the notices say; nothing was sent then */
async function tellGroup(
  name: string,
  notices: readonly OrderNotice[],
  tally: Tally,
  deps: NotificationsConsumerDeps,
): Promise<void> {
  const known = await bestEffort("notice.record_unread", () => deps.sentBefore(notices), [], notices, deps);
  const before = new Set(known.map(keyOf));
  const [repeated, fresh] = [
    notices.filter((notice) => before.has(keyOf(notice))),
    notices.filter((notice) => !before.has(keyOf(notice))),
  ];
  const contents = fresh.length === 0 ? [] : await deps.shard(name).noticeContents(fresh);
  if (contents.length !== fresh.length)
    throw new Error(`${contents.length} contents of ${fresh.length} notices`);
  for (const { kind } of repeated) tally.add("repeated", kind);
  const settled: SettledNotice[] = repeated.map((notice) => ({ ...notice, outcome: "sent" }));
  const sent: OrderNotice[] = [];
  await forEachBounded([...fresh.entries()], SEND_CONCURRENCY, async ([index, notice]) => {
    const outcome = await tell(notice, contents[index] ?? null, deps);
    tally.add(outcome, notice.kind);
    if (outcome === "sent") sent.push(notice);
    if (outcome === "sent" || outcome === "refused") settled.push({ ...notice, outcome });
  });
  await bestEffort("notice.unrecorded", () => deps.markSent(sent), undefined, sent, deps);
  if (settled.length === 0) return;
  try {
    await deps.shard(name).noticesSent(settled);
  } catch (fault) {
    // The shard asks again, and the record knows what went out.
    deps.telemetry.fault("notices.unreported", fault, { source: name, count: settled.length });
  }
}

async function tell(
  notice: OrderNotice,
  content: NoticeContent | null,
  { send, telemetry }: NotificationsConsumerDeps,
): Promise<MailOutcome | "obsolete" | "failed"> {
  if (content === null) return "obsolete";
  try {
    return await send(notice, content);
  } catch (fault) {
    telemetry.fault("notice.failed", fault, { orderId: notice.orderId, notice: notice.kind });
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
    return await withinTime(work(), RECORD_TIMEOUT_MS, "the record of sent notices did not answer in time");
  } catch (fault) {
    deps.telemetry.fault(event, fault);
    return otherwise;
  }
}
