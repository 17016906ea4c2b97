/** orders: snapshots of orders into Postgres, confirmed back to the order objects once Postgres has committed. */
import { OrderChanged } from "../contracts/messages.ts";
import { receive } from "./intake.ts";
import type { QueueBatch } from "./message-batch.ts";
import { persistAndConfirm } from "./persist-and-confirm.ts";
import type { OutboxDeps, OutboxKind } from "./persist-and-confirm.ts";
import { Settlement } from "./settlement.ts";

/** What is safely in Postgres of an order. */
export interface PersistedOrder {
  readonly orderId: string;
  readonly version: number;
  readonly contactPersisted: boolean;
}

export type OrdersConsumerDeps = OutboxDeps<OrderChanged, PersistedOrder>;

const ORDERS: OutboxKind<PersistedOrder> = {
  queue: "orders",
  newestOf: newestVersions,
  fieldsOf: ({ orderId, version }) => ({ orderId, orderVersion: version }),
};

export async function consumeOrders(batch: QueueBatch, deps: OrdersConsumerDeps): Promise<void> {
  const settlement = new Settlement(batch, deps);
  const received = await receive(batch, OrderChanged, settlement);
  await persistAndConfirm(received, ORDERS, settlement, deps);
  settlement.report();
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
