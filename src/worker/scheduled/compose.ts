/** Puts the scheduled work together from the bindings and the services of an isolate. */
import type Stripe from "stripe";
import { finishErasures, listOrdersToErase } from "../../adapters/postgres/account-removal.ts";
import { eraseOrderContact } from "../../adapters/postgres/orders.ts";
import type { Catalog } from "../../adapters/catalog/catalog.ts";
import type { Database } from "../../adapters/postgres/connection.ts";
import { pruneOperations } from "../../adapters/postgres/pruning.ts";
import { forgetInvoices } from "../../adapters/postgres/invoices.ts";
import { listHolding, takeUnconfigured } from "../../adapters/postgres/sku-upkeep.ts";
import { dueStockSubjects, forgetStockNotices } from "../../adapters/postgres/stock-notices.ts";
import { listUncapturedIntents } from "../../adapters/stripe/intents.ts";
import { listUndelivered } from "../../adapters/stripe/webhooks.ts";
import { stripeEventsReceived } from "../../adapters/postgres/stripe-events.ts";
import type { Telemetry } from "../../adapters/telemetry/telemetry.ts";
import { orderShards } from "../../durable-objects/order-shard/order-shards.ts";
import { beginReconciliation, reconcileChanged, type BeginDeps } from "../../queues/reconciliation/begin.ts";
import { erasePersons, type ErasePersonsDeps } from "./erase-persons.ts";
import type { ScheduledDeps } from "./index.ts";

/** Rows of a kind that one run deletes: 720,000 a day, and far below a query's time limit. */
const PRUNED_AT_ONCE = 5_000;

export interface ScheduledServices {
  readonly catalog: Pick<Catalog, "index">;
  readonly database: Database;
  readonly stripe: Stripe;
  readonly telemetry: Telemetry;
}

export function composeScheduled(
  env: Env,
  { catalog, database, stripe, telemetry }: ScheduledServices,
): ScheduledDeps {
  const origin: string = env.STORE_ORIGIN;
  const hasOrigin = origin !== "";
  const reconciliation: BeginDeps = {
    database,
    async sendStep(message) {
      await env.RECONCILIATION_QUEUE.send(message);
    },
  };
  return {
    telemetry,
    clock: Date.now,
    index: () => catalog.index(),
    takeUnconfigured: (options) => takeUnconfigured(database, options),
    listHolding: (slot, slots, limit) => listHolding(database, slot, slots, limit),
    async sendUpkeep(messages) {
      await env.SKU_UPKEEP_QUEUE.sendBatch(messages.map((body) => ({ body })));
    },
    listUncaptured: (limit) => listUncapturedIntents(stripe, { limit }),
    listUndelivered: (limit) => listUndelivered(stripe, { limit }),
    receivedBefore: (eventIds) => stripeEventsReceived(database, eventIds),
    async sendPayments(messages) {
      await env.PAYMENTS_QUEUE.sendBatch(messages.map((body) => ({ body })));
    },
    // Without an address of the store there is none to lead to in an e-mail: those who wait go on waiting.
    listDueStock: (limit, now) => (hasOrigin ? dueStockSubjects(database, limit, now) : Promise.resolve([])),
    async sendNotifications(messages) {
      await env.NOTIFICATIONS_QUEUE.sendBatch(messages.map((body) => ({ body })));
    },
    erasePersons: () => erasePersons(personErasure(env, { database, telemetry })),
    forgetStockNotices: () => forgetStockNotices(database, Date.now()),
    reconcileChanged: (now) => reconcileChanged(reconciliation, now),
    async reconcileAll(now) {
      await beginReconciliation(reconciliation, "full", null, now);
      return 1;
    },
    async pruneOperations() {
      const pruned = await pruneOperations(database, { now: Date.now(), limit: PRUNED_AT_ONCE });
      if (pruned.openLetters > 0)
        telemetry.log("error", "dead_letter.expired", { count: pruned.openLetters });
      return pruned.events + pruned.closedLetters + pruned.openLetters;
    },
    forgetInvoices: () => forgetInvoices(database, Date.now()),
  };
}

/** Taking persons out of their orders, as the cron and a removal do it. */
export function personErasure(
  env: Env,
  { database, telemetry }: Pick<ScheduledServices, "database" | "telemetry">,
): ErasePersonsDeps {
  return {
    telemetry,
    clock: Date.now,
    listOrdersToErase: (limit, now) => listOrdersToErase(database, limit, now),
    eraseInOrder: (orderId) => orderShards(env).of(orderId).erasePerson(),
    eraseInHistory: (orderId, now) => eraseOrderContact(database, orderId, now),
    finishErasures: (erasedOrders, now) => finishErasures(database, erasedOrders, now),
  };
}
