/** orders: snapshots of orders into Postgres, confirmed back to the orders' shards once Postgres has committed. */
import { z } from "zod";
import { MAX_ORDERS_PER_STATEMENT, type PersistedOrder } from "../adapters/postgres/orders.ts";
import { ChangedOrder, MESSAGE_VERSION, OrdersChanged } from "../contracts/messages.ts";
import { receive, UnreadableMessage, type Received } from "./intake.ts";
import type { QueueBatch } from "./message-batch.ts";
import { persistAndConfirm } from "./persist-and-confirm.ts";
import type { OutboxDeps, OutboxKind, Unreadable } from "./persist-and-confirm.ts";
import { Settlement } from "./settlement.ts";

export type OrdersConsumerDeps = OutboxDeps<ChangedOrder, PersistedOrder>;

const ORDERS: OutboxKind<ChangedOrder, PersistedOrder> = {
  queue: "orders",
  maxAtOnce: MAX_ORDERS_PER_STATEMENT,
  messageOf: messageWith,
  newestOf: newestVersions,
};

/** The message around its orders, which are read one by one: one that cannot be read must not hold up the others. */
const Envelope = OrdersChanged.extend({ orders: z.array(z.unknown()).min(1) });

export async function consumeOrders(batch: QueueBatch, deps: OrdersConsumerDeps): Promise<void> {
  const settlement = new Settlement(batch, deps);
  const orders: Received<ChangedOrder>[] = [];
  const unreadable: Unreadable[] = [];
  for (const { message, body } of await receive(batch, Envelope, settlement)) {
    for (const [index, order] of body.orders.entries()) {
      const parsed = ChangedOrder.safeParse(order);
      if (parsed.success) orders.push({ message, body: parsed.data });
      else {
        const fault = new UnreadableMessage(parsed.error);
        unreadable.push({ message, id: `${message.id}:${index}`, body: messageWith(order), fault });
      }
    }
  }
  await persistAndConfirm(orders, ORDERS, settlement, deps, unreadable);
  settlement.report();
}

function messageWith(order: unknown): unknown {
  return { v: MESSAGE_VERSION, type: "orders.changed", orders: [order] };
}

/** One per order: its newest version, its contact persisted when any message of the batch showed so. */
function newestVersions(persisted: readonly PersistedOrder[]): PersistedOrder[] {
  const newest = new Map<string, PersistedOrder>();
  for (const { orderId, version, contactPersisted } of persisted) {
    const known = newest.get(orderId);
    newest.set(orderId, {
      orderId,
      version: Math.max(version, known?.version ?? 0),
      contactPersisted: contactPersisted || known?.contactPersisted === true,
    });
  }
  return [...newest.values()];
}
