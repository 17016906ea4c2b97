/** What makes two messages the same one: their content, however often and under whatever id a queue carries it. */
import * as z from "zod";
import { LedgerAppended, NotificationMessage, PaymentMessage } from "../contracts/messages.ts";
import { ReconciliationStep } from "../contracts/reconciliation.ts";
import type { QueueMessage } from "./message-batch.ts";

/** Also of an order that cannot be read otherwise. */
const OneOrderChanged = z.object({
  type: z.literal("orders.changed"),
  orders: z.tuple([z.object({ snapshot: z.object({ orderId: z.string().max(100), version: z.int() }) })]),
});

const Message = z.union([
  OneOrderChanged,
  LedgerAppended,
  PaymentMessage,
  NotificationMessage,
  ReconciliationStep,
]);
type Message = z.infer<typeof Message>;

/**
 * Objects and crons send again what is not settled, each time under a new id of the queue. By its identity content that
 * cannot be handled is one dead letter, and comes back to the list where a replay failed.
 *
 * @returns a text that is unique within its queue; `id` for a body that no release reads or that carries many
 */
export function identityOf({ id, body }: Pick<QueueMessage, "id" | "body">): string {
  const parsed = Message.safeParse(body);
  const key = parsed.success ? keyOf(parsed.data) : null;
  return parsed.success && key !== null ? `${parsed.data.type}:${key}` : id;
}

/** @returns null for what carries many, each with a key of its own */
function keyOf(message: Message): string | null {
  switch (message.type) {
    case "orders.changed":
      return `${message.orders[0].snapshot.orderId}:${message.orders[0].snapshot.version}`;
    case "ledger.appended":
      return `${message.level.sku}:${message.level.sequence}`;
    case "payments.due":
      return onlyOf(message.orderIds);
    case "stripe.event":
      // An event and what the cron lists of the same intent say the same as long as its status is the same.
      return message.intent === null ? message.eventId : `${message.intent.id}:${message.intent.status}`;
    case "notices.due":
      return onlyOf(message.notices.map(({ orderId, kind, about }) => `${orderId}:${kind}:${about}`));
    case "stock_notices.due":
      return `${message.kind}:${message.subject}`;
    case "reconciliation.step":
      return `${message.id}:${message.step}`;
    case "order_link.due":
      return `${message.ending}:${message.addressKey}`;
  }
}

function onlyOf(keys: readonly string[]): string | null {
  const [only, ...others] = keys;
  return only === undefined || others.length > 0 ? null : only;
}
