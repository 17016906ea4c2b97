/**
 * notifications: e-mails to shoppers; those about stock are in stock-notices.ts, links to orders in order-links.ts. Of an order, the order object says what is to be told and is told when it was: at least once.
 * The record of sent notices suppresses repeats where it can be reached, and holds nothing up where it cannot.
 */
import type { MailOutcome } from "../adapters/email/mailer.ts";
import { NotificationMessage } from "../contracts/messages.ts";
import type {
  NoticeDue,
  NoticeKind,
  OrderContact,
  OrderLinkDue,
  StockNoticesDue,
} from "../contracts/messages.ts";
import type { OrderRecord } from "../domain/order/record.ts";
import { forEachBounded } from "./bounded-concurrency.ts";
import { receive, type Received } from "./intake.ts";
import type { QueueBatch } from "./message-batch.ts";
import { sendOrderLinks, type OrderLinksDeps } from "./order-links.ts";
import { Settlement } from "./settlement.ts";
import type { SettlementDeps } from "./settlement.ts";
import { tellThoseWaiting, type StockNoticesDeps } from "./stock-notices.ts";

const SEND_CONCURRENCY = 5;

/** How long the record of sent notices may take, in milliseconds, before the e-mail goes out without it. */
const RECORD_TIMEOUT_MS = 1_000;

export interface NoticeContent {
  readonly to: string;
  readonly record: OrderRecord;
  readonly shippingAddress: OrderContact["shippingAddress"];
}

/** What the consumer asks of an order object. */
export interface NotifiableOrder {
  /** Null: nothing to send any more. */
  noticeContent(kind: NoticeKind): Promise<NoticeContent | null>;
  noticeSent(kind: NoticeKind): Promise<void>;
}

/** One notice of one order. */
export type Notice = Pick<NoticeDue, "orderId" | "kind">;

export interface NotificationsConsumerDeps extends SettlementDeps {
  readonly order: (orderId: string) => NotifiableOrder;
  /** Which of these the record knows as sent. */
  readonly sentBefore: (notices: readonly Notice[]) => Promise<readonly Notice[]>;
  readonly markSent: (notices: readonly Notice[]) => Promise<void>;
  /** Renders and sends, unless the mailbox has had enough; throws when the message was not taken. */
  readonly send: (kind: NoticeKind, content: NoticeContent) => Promise<MailOutcome>;
  /** Those who wait for a SKU or a drop. */
  readonly stockNotices: StockNoticesDeps;
  /** Those who asked for the way to an order. */
  readonly orderLinks: OrderLinksDeps;
}

type Outcome = "obsolete" | "repeated" | MailOutcome;

export async function consumeNotifications(
  batch: QueueBatch,
  deps: NotificationsConsumerDeps,
): Promise<void> {
  const settlement = new Settlement(batch, deps);
  const aboutOrders: Received<NoticeDue>[] = [];
  const aboutStock: Received<StockNoticesDue>[] = [];
  const links: Received<OrderLinkDue>[] = [];
  for (const { message, body } of await receive(batch, NotificationMessage, settlement)) {
    if (body.type === "notice.due") aboutOrders.push({ message, body });
    else if (body.type === "stock_notices.due") aboutStock.push({ message, body });
    else links.push({ message, body });
  }
  await Promise.all([
    tellBuyers(aboutOrders, settlement, deps),
    tellThoseWaiting(aboutStock, settlement, deps),
    sendOrderLinks(links, settlement, deps),
  ]);
  settlement.report();
}

/** The record is asked once and told once for the whole batch; e-mails go out one by one. */
async function tellBuyers(
  received: readonly Received<NoticeDue>[],
  settlement: Settlement,
  deps: NotificationsConsumerDeps,
): Promise<void> {
  const notices = Map.groupBy(received, ({ body }) => keyOf(body));
  const wanted = [...notices.values()].flatMap(([first]) => (first === undefined ? [] : [first.body]));
  const known = await bestEffort("notice.record_unread", () => deps.sentBefore(wanted), [], wanted, deps);
  const repeated = new Set(known.map(keyOf));
  const sent: Notice[] = [];
  await forEachBounded([...notices], SEND_CONCURRENCY, async ([key, messages]) => {
    const [first] = messages;
    if (first === undefined) return;
    try {
      const outcome = await notify(first.body, repeated.has(key), deps);
      if (outcome === "sent") sent.push(first.body);
      // The mailer has counted what it did not send.
      if (outcome !== "over_limit") deps.telemetry.count("notices", { outcome, where: first.body.kind });
      for (const { message } of messages) settlement.acknowledge(message);
    } catch (fault) {
      deps.telemetry.count("notices", { outcome: "failed", where: first.body.kind });
      for (const { message } of messages) {
        settlement.retry(message, fault, { orderId: first.body.orderId, notice: first.body.kind });
      }
    }
  });
  await bestEffort("notice.unrecorded", () => deps.markSent(sent), undefined, sent, deps);
}

const keyOf = ({ orderId, kind }: Notice): string => `${orderId} ${kind}`;

async function notify(
  { orderId, kind }: Notice,
  repeated: boolean,
  deps: NotificationsConsumerDeps,
): Promise<Outcome> {
  const order = deps.order(orderId);
  if (!repeated) {
    const content = await order.noticeContent(kind);
    if (content === null) return "obsolete";
    // Not told to the order, which asks again later.
    if ((await deps.send(kind, content)) === "over_limit") return "over_limit";
  }
  await order.noticeSent(kind);
  return repeated ? "repeated" : "sent";
}

/** The work's result, or `otherwise` when there is nothing to do it about, it fails, or takes longer than the record may. */
async function bestEffort<T>(
  event: string,
  work: () => Promise<T>,
  otherwise: T,
  about: readonly Notice[],
  deps: NotificationsConsumerDeps,
): Promise<T> {
  if (about.length === 0) return otherwise;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${RECORD_TIMEOUT_MS} ms`));
    }, RECORD_TIMEOUT_MS);
  });
  try {
    return await Promise.race([work(), limit]);
  } catch (fault) {
    deps.telemetry.fault(event, fault);
    return otherwise;
  } finally {
    clearTimeout(timer);
  }
}
