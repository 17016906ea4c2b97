/** Puts the consumers together from the bindings and the services of an isolate. */
import type Stripe from "stripe";
import { exchangeLevels } from "../adapters/availability/stock-copy.ts";
import type { Catalog } from "../adapters/catalog/catalog.ts";
import type { Mailer } from "../adapters/email/mailer.ts";
import { renderOrderLink } from "../adapters/email/order-link.ts";
import { renderOrderNotice } from "../adapters/email/order-notice.ts";
import { renderStockNotice } from "../adapters/email/stock-notice.ts";
import { withinTime } from "../adapters/outage/within-time.ts";
import type { Database } from "../adapters/postgres/connection.ts";
import { storeDeadLetter } from "../adapters/postgres/dead-letters.ts";
import { isCausedByData } from "../adapters/postgres/errors.ts";
import { persistLedger } from "../adapters/postgres/ledger.ts";
import { ordersOfNumber } from "../adapters/postgres/order-claims.ts";
import { persistOrders } from "../adapters/postgres/orders.ts";
import { markNoticesSent, noticesSentBefore } from "../adapters/postgres/sent-notices.ts";
import {
  claimStockNotices,
  markStockNoticesSent,
  postponeStockNotices,
  readStockThing,
} from "../adapters/postgres/stock-notices.ts";
import { markConfigured, readUnconfigured } from "../adapters/postgres/sku-upkeep.ts";
import { recordStripeEvents } from "../adapters/postgres/stripe-events.ts";
import type { RedisByPurpose } from "../adapters/redis/redis.ts";
import {
  accountKeyFor,
  isOrderId,
  orderToken,
  payerKeyFor,
  stockNoticeToken,
} from "../adapters/signing/index.ts";
import type { SigningKeys } from "../adapters/signing/index.ts";
import { orderOfIntent } from "../adapters/stripe/intents.ts";
import { performPaymentOperation } from "../adapters/stripe/operations.ts";
import type { Telemetry } from "../adapters/telemetry/telemetry.ts";
import { orderShards } from "../durable-objects/order-shard/order-shards.ts";
import type { OrderShardStub } from "../durable-objects/order-shard/shard-calls.ts";
import { skuObjects } from "../durable-objects/sku-inventory/sku-objects.ts";
import { consumeDeadLetters } from "./dead-letter-consumer.ts";
import type { Consumers } from "./dispatch.ts";
import { consumeNotifications } from "./notifications-consumer.ts";
import type { NotificationsConsumerDeps } from "./notifications-consumer.ts";
import type { OrderLinksDeps } from "./order-links.ts";
import { consumeOrders } from "./orders-consumer.ts";
import type { OrdersConsumerDeps } from "./orders-consumer.ts";
import { consumePayments } from "./payments-consumer.ts";
import type { PaymentsConsumerDeps } from "./payments-consumer.ts";
import { reconciliationDeps } from "./reconciliation/compose.ts";
import { consumeReconciliation } from "./reconciliation/consumer.ts";
import type { SettlementDeps } from "./settlement.ts";
import { skuCalls } from "./sku-calls.ts";
import { consumeSkuUpkeep } from "./sku-upkeep-consumer.ts";
import type { StockNoticesDeps } from "./stock-notices.ts";
import { consumeStockLedger } from "./stock-ledger-consumer.ts";
import type { StockLedgerConsumerDeps } from "./stock-ledger-consumer.ts";

/** Longer than a shard takes for the largest batch; one that hangs must not hold a consumer for the minutes it may run. */
const SHARD_TIMEOUT_MS = 30_000;

export interface QueueServices {
  readonly catalog: Pick<Catalog, "walk">;
  readonly database: Database;
  readonly redis: RedisByPurpose;
  readonly mailer: Mailer;
  readonly stripe: Stripe;
  readonly signingKeys: SigningKeys;
  readonly telemetry: Telemetry;
  /** Has the pages dropped that show these SKUs; never throws. */
  readonly statusChanged: StockLedgerConsumerDeps["statusChanged"];
}

export function composeConsumers(env: Env, services: QueueServices): Consumers {
  const settlement: SettlementDeps = {
    storeDeadLetter: (deadLetter) => storeDeadLetter(services.database, deadLetter),
    telemetry: services.telemetry,
    random: Math.random,
    clock: Date.now,
  };
  const shards = ownShards(env, services);
  const orders = ordersDeps(services, settlement, shards);
  const payments = paymentsDeps(services, settlement, shards);
  const stockLedger = stockLedgerDeps(env, services, settlement);
  const reconciliation = reconciliationDeps(env, services, settlement);
  const notifications = notificationsDeps(env, services, settlement, shards);
  return {
    orders: (batch) => consumeOrders(batch, orders),
    payments: (batch) => consumePayments(batch, payments),
    "stock-ledger": (batch) => consumeStockLedger(batch, stockLedger),
    notifications: (batch) => consumeNotifications(batch, notifications),
    "sku-upkeep": (batch) =>
      consumeSkuUpkeep(batch, {
        ...settlement,
        skuCalls: skuCalls(skuObjects(env)),
        walk: (slugs) => services.catalog.walk(slugs),
        readUnconfigured: (slugs) => readUnconfigured(services.database, slugs),
        markConfigured: (configured) => markConfigured(services.database, configured),
      }),
    reconciliation: (batch) => consumeReconciliation(batch, reconciliation),
    "reconciliation-dead": (batch) => consumeDeadLetters(batch, settlement),
    "orders-dead": (batch) => consumeDeadLetters(batch, settlement),
    "payments-dead": (batch) => consumeDeadLetters(batch, settlement),
    "stock-ledger-dead": (batch) => consumeDeadLetters(batch, settlement),
    "notifications-dead": (batch) => consumeDeadLetters(batch, settlement),
    "sku-upkeep-dead": (batch) => consumeDeadLetters(batch, settlement),
  };
}

interface OwnShards {
  /** The name of the shard that owns the order; null where the id is not one of ours. */
  readonly shardOf: (orderId: string) => string | null;
  readonly shard: (name: string) => OrderShardStub;
}

/** The shards, of ids that we made only; each call has an end. */
function ownShards(env: Env, { signingKeys }: Pick<QueueServices, "signingKeys">): OwnShards {
  const shards = orderShards(env);
  return {
    shardOf: (orderId) => (isOrderId(signingKeys, orderId) ? shards.nameOf(orderId) : null),
    shard(name) {
      const shard = shards.shard(name);
      const limited = <T>(call: Promise<T>) =>
        withinTime(call, SHARD_TIMEOUT_MS, `${name} did not answer in time`);
      return {
        paymentEvents: (events) => limited(shard.paymentEvents(events)),
        recordPaymentOperations: (reports) => limited(shard.recordPaymentOperations(reports)),
        confirmPersisted: (persisted) => limited(shard.confirmPersisted(persisted)),
        noticeContents: (notices) => limited(shard.noticeContents(notices)),
        noticesSent: (notices) => limited(shard.noticesSent(notices)),
      };
    },
  };
}

function ordersDeps(
  { database }: QueueServices,
  settlement: SettlementDeps,
  { shardOf, shard }: OwnShards,
): OrdersConsumerDeps {
  return {
    ...settlement,
    persist: (orders) => persistOrders(database, orders),
    blamesData: isCausedByData,
    objectOf: ({ orderId }) => shardOf(orderId),
    confirm: (name, persisted) => shard(name).confirmPersisted(persisted),
  };
}

function stockLedgerDeps(
  env: Env,
  { database, redis, statusChanged }: QueueServices,
  settlement: SettlementDeps,
): StockLedgerConsumerDeps {
  const skuObject = skuObjects(env);
  return {
    ...settlement,
    persist: (messages) => persistLedger(database, messages),
    blamesData: isCausedByData,
    objectOf: ({ sku }) => sku,
    async confirm(sku, persisted) {
      for (const { sequence } of persisted) await skuObject(sku).confirmLedger(sequence);
    },
    publishLevels: (levels) => exchangeLevels(redis.publishing, levels),
    statusChanged,
  };
}

function paymentsDeps(
  { database, stripe, signingKeys }: QueueServices,
  settlement: SettlementDeps,
  shards: OwnShards,
): PaymentsConsumerDeps {
  return {
    ...settlement,
    ...shards,
    performOperation: (operation) =>
      performPaymentOperation(stripe, operation, (card) => payerKeyFor(signingKeys, card)),
    orderOfIntent: (intentId) => orderOfIntent(stripe, intentId),
    async recordEvents(events) {
      await recordStripeEvents(database, events);
    },
  };
}

function notificationsDeps(
  env: Env,
  services: QueueServices,
  settlement: SettlementDeps,
  shards: OwnShards,
): NotificationsConsumerDeps {
  const { database, mailer, signingKeys } = services;
  return {
    ...settlement,
    ...shards,
    sentBefore: (notices) => noticesSentBefore(database, notices),
    markSent: (notices) => markNoticesSent(database, notices, settlement.clock()),
    async send({ kind, about }, { record, shippingAddress, to }) {
      const origin: string = env.STORE_ORIGIN;
      const storeUrl = origin === "" ? null : origin;
      const token = orderToken(signingKeys, record.orderId);
      const orderUrl = storeUrl === null ? null : `${storeUrl}/orders/${record.orderId}?token=${token}`;
      const rendered = renderOrderNotice({ kind, about }, { record, shippingAddress, orderUrl, storeUrl });
      return await mailer.send(kind, to, rendered);
    },
    stockNotices: stockNoticesDeps(env, services, settlement),
    orderLinks: orderLinksDeps(env, services),
  };
}

function orderLinksDeps(
  env: Env,
  { database, mailer, signingKeys }: Pick<QueueServices, "database" | "mailer" | "signingKeys">,
): OrderLinksDeps {
  return {
    ordersOf: (ending) => ordersOfNumber(database, ending),
    keyOf: (email) => accountKeyFor(signingKeys, email),
    async send({ orderId, email }) {
      const origin: string = env.STORE_ORIGIN;
      if (origin === "") throw new Error("STORE_ORIGIN is not configured: an e-mail with a link needs it");
      const orderUrl = `${origin}/orders/${orderId}?token=${orderToken(signingKeys, orderId)}`;
      const content = renderOrderLink(orderId, orderUrl, origin);
      return await mailer.send("order_link", email, content);
    },
  };
}

function stockNoticesDeps(
  env: Env,
  { database, mailer, signingKeys }: Pick<QueueServices, "database" | "mailer" | "signingKeys">,
  { clock }: SettlementDeps,
): StockNoticesDeps {
  return {
    thing: (subject) => readStockThing(database, subject),
    claim: (subject, claim) => claimStockNotices(database, subject, claim),
    markSent: (ids, now) => markStockNoticesSent(database, ids, now),
    postpone: (ids, until) => postponeStockNotices(database, ids, until),
    async send(kind, { name, slug, sku, opensAt }, { id, email }) {
      const origin: string = env.STORE_ORIGIN;
      // A message without a way to unsubscribe must not be sent.
      if (origin === "") throw new Error("STORE_ORIGIN is not configured: e-mails about stock need links");
      const content = renderStockNotice({
        kind,
        name,
        productUrl: `${origin}/products/${slug}${sku === null ? "" : `?sku=${sku}`}`,
        unsubscribeUrl: `${origin}/notices/unsubscribe?token=${stockNoticeToken(signingKeys, id)}`,
        storeUrl: origin,
        opensAt,
        now: clock(),
      });
      return await mailer.send(kind, email, content);
    },
    async goOn(message) {
      await env.NOTIFICATIONS_QUEUE.send(message);
    },
  };
}
