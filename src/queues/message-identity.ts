/** What makes two messages the same one: their content, however often and under whatever id a queue carries it. */
import { z } from "zod";
import { LedgerAppended, NotificationMessage, OrderChanged, PaymentMessage } from "../contracts/messages.ts";
import type { QueueMessage } from "./message-batch.ts";

const Message = z.union([OrderChanged, LedgerAppended, PaymentMessage, NotificationMessage]);
type Message = z.infer<typeof Message>;

/**
 * Objects and crons send again what is not settled, each time under a new id of the queue. By its identity content that
 * cannot be handled is one dead letter, and comes back to the list where a replay was in vain.
 *
 * @returns a text that is unique within its queue; the queue's own id for a body that no release reads
 */
export function identityOf({ id, body }: Pick<QueueMessage, "id" | "body">): string {
  const parsed = Message.safeParse(body);
  return parsed.success ? `${parsed.data.type}:${keyOf(parsed.data)}` : id;
}

function keyOf(message: Message): string {
  switch (message.type) {
    case "order.changed":
      return `${message.snapshot.orderId}:${message.snapshot.version}`;
    case "ledger.appended":
      return `${message.level.sku}:${message.level.sequence}`;
    case "payment.due":
      return message.orderId;
    case "stripe.event":
      // An event and what the cron lists of the same intent say the same as long as its status is the same.
      return message.intent === null ? message.eventId : `${message.intent.id}:${message.intent.status}`;
    case "notice.due":
      return `${message.orderId}:${message.kind}`;
    case "stock_notices.due":
      return `${message.kind}:${message.subject}`;
    case "order_link.due":
      return `${message.ending}:${message.addressKey}`;
  }
}
