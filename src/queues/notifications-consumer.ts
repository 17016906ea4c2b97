/**
 * notifications: e-mails to shoppers. The order object says what is to be told and is told when it was: at least once.
 * The record of sent notices suppresses repeats where it can be reached, and holds nothing up where it cannot.
 */
import { NoticeDue } from "../contracts/messages.ts";
import type { NoticeKind, OrderContact } from "../contracts/messages.ts";
import type { OrderRecord } from "../domain/order/record.ts";
import { forEachBounded } from "./bounded-concurrency.ts";
import { receive } from "./intake.ts";
import type { QueueBatch } from "./message-batch.ts";
import { Settlement } from "./settlement.ts";
import type { SettlementDeps } from "./settlement.ts";

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

export interface NotificationsConsumerDeps extends SettlementDeps {
  readonly order: (orderId: string) => NotifiableOrder;
  readonly wasSent: (orderId: string, kind: NoticeKind) => Promise<boolean>;
  readonly markSent: (orderId: string, kind: NoticeKind) => Promise<void>;
  /** Renders and sends; throws when the message was not taken. */
  readonly send: (kind: NoticeKind, content: NoticeContent) => Promise<void>;
}

export async function consumeNotifications(
  batch: QueueBatch,
  deps: NotificationsConsumerDeps,
): Promise<void> {
  const settlement = new Settlement(batch, deps);
  const received = await receive(batch, NoticeDue, settlement);
  await forEachBounded(received, SEND_CONCURRENCY, async ({ message, body }) => {
    try {
      const outcome = await notify(body, deps);
      deps.telemetry.count("notices", { outcome, where: body.kind });
      settlement.acknowledge(message);
    } catch (fault) {
      deps.telemetry.count("notices", { outcome: "failed", where: body.kind });
      settlement.retry(message, fault, { orderId: body.orderId, notice: body.kind });
    }
  });
  settlement.report();
}

async function notify(
  { orderId, kind }: NoticeDue,
  deps: NotificationsConsumerDeps,
): Promise<"obsolete" | "repeated" | "sent"> {
  const order = deps.order(orderId);
  const content = await order.noticeContent(kind);
  if (content === null) return "obsolete";
  const repeated = await bestEffort("notice.record_unread", deps.wasSent(orderId, kind), false, deps);
  if (repeated) {
    await order.noticeSent(kind);
  } else {
    await deps.send(kind, content);
    const marked = bestEffort("notice.unrecorded", deps.markSent(orderId, kind), undefined, deps);
    await Promise.all([order.noticeSent(kind), marked]);
  }
  return repeated ? "repeated" : "sent";
}

/** The work's result, or `otherwise` when it fails or takes longer than the record may. */
async function bestEffort<T>(
  event: string,
  work: Promise<T>,
  otherwise: T,
  deps: NotificationsConsumerDeps,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${RECORD_TIMEOUT_MS} ms`));
    }, RECORD_TIMEOUT_MS);
  });
  try {
    return await Promise.race([work, limit]);
  } catch (fault) {
    deps.telemetry.fault(event, fault);
    return otherwise;
  } finally {
    clearTimeout(timer);
  }
}
