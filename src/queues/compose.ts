/** Puts the consumers together from the bindings and the services of an isolate. */
import type Stripe from "stripe";
import { exchangeLevels } from "../adapters/availability/stock-copy.ts";
import type { Catalog } from "../adapters/catalog/catalog.ts";
import type { Mailer } from "../adapters/email/mailer.ts";
import { renderOrderLink } from "../adapters/email/order-link.ts";
import { renderOrderNotice } from "../adapters/email/order-notice.ts";
import { renderStockNotice } from "../adapters/email/stock-notice.ts";
import type { Database } from "../adapters/postgres/connection.ts";
import { storeDeadLetter } from "../adapters/postgres/dead-letters.ts";
import { parkable } from "../adapters/postgres/errors.ts";
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
import { performPaymentOperation } from "../adapters/stripe/operations.ts";
import type { Telemetry } from "../adapters/telemetry/telemetry.ts";
import { skuObjects } from "../durable-objects/sku-inventory/sku-objects.ts";
import { consumeDeadLetters } from "./dead-letter-consumer.ts";
import type { Consumers } from "./dispatch.ts";
import { consumeNotifications } from "./notifications-consumer.ts";
import type { NoticeContent, NotificationsConsumerDeps } from "./notifications-consumer.ts";
import type { OrderLinksDeps } from "./order-links.ts";
import { consumeOrders } from "./orders-consumer.ts";
import type { OrdersConsumerDeps } from "./orders-consumer.ts";
import { consumePayments } from "./payments-consumer.ts";
import type { PaymentsConsumerDeps } from "./payments-consumer.ts";
import type { SettlementDeps } from "./settlement.ts";
import { skuCalls } from "./sku-calls.ts";
import { consumeSkuUpkeep } from "./sku-upkeep-consumer.ts";
import type { StockNoticesDeps } from "./stock-notices.ts";
import { consumeStockLedger } from "./stock-ledger-consumer.ts";
import type { StockLedgerConsumerDeps } from "./stock-ledger-consumer.ts";

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
    storeDeadLetter: (letter) => storeDeadLetter(services.database, letter),
    telemetry: services.telemetry,
    random: Math.random,
    clock: Date.now,
  };
  const orders = ordersDeps(env, services, settlement);
  const payments = paymentsDeps(env, services, settlement);
  const stockLedger = stockLedgerDeps(env, services, settlement);
  const notifications = notificationsDeps(env, services, settlement);
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
    "orders-dead": (batch) => consumeDeadLetters(batch, settlement),
    "payments-dead": (batch) => consumeDeadLetters(batch, settlement),
    "stock-ledger-dead": (batch) => consumeDeadLetters(batch, settlement),
    "notifications-dead": (batch) => consumeDeadLetters(batch, settlement),
    "sku-upkeep-dead": (batch) => consumeDeadLetters(batch, settlement),
  };
}

function ordersDeps(env: Env, { database }: QueueServices, settlement: SettlementDeps): OrdersConsumerDeps {
  return {
    ...settlement,
    persist: (messages) => persistOrders(database, messages),
    blamesData: parkable,
    confirm: ({ orderId, version, contactPersisted }) =>
      env.ORDER.getByName(orderId).confirmPersisted(version, contactPersisted),
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
    blamesData: parkable,
    confirm: ({ sku, sequence }) => skuObject(sku).confirmLedger(sequence),
    publishLevels: (levels) => exchangeLevels(redis.publishing, levels),
    statusChanged,
  };
}

function paymentsDeps(
  env: Env,
  { database, stripe, signingKeys }: QueueServices,
  settlement: SettlementDeps,
): PaymentsConsumerDeps {
  return {
    ...settlement,
    order(orderId) {
      if (!isOrderId(signingKeys, orderId)) return null;
      const stub = env.ORDER.getByName(orderId);
      return {
        exists: async () => (await stub.read()) !== null,
        paymentEvent: (intent) => stub.paymentEvent(intent),
        nextPaymentOperation: () => stub.nextPaymentOperation(),
        recordPaymentOperation: (result) => stub.recordPaymentOperation(result),
      };
    },
    performOperation: (operation) =>
      performPaymentOperation(stripe, operation, (card) => payerKeyFor(signingKeys, card)),
    async recordEvents(events) {
      await recordStripeEvents(database, events);
    },
  };
}

function notificationsDeps(
  env: Env,
  services: QueueServices,
  settlement: SettlementDeps,
): NotificationsConsumerDeps {
  const { database, mailer, signingKeys } = services;
  return {
    ...settlement,
    order: (orderId) => env.ORDER.getByName(orderId),
    sentBefore: (notices) => noticesSentBefore(database, notices),
    markSent: (notices) => markNoticesSent(database, notices, settlement.clock()),
    async send(kind, content: NoticeContent) {
      const { record, shippingAddress, to } = content;
      const origin: string = env.STORE_ORIGIN;
      const storeUrl = origin === "" ? null : origin;
      const token = orderToken(signingKeys, record.orderId);
      const orderUrl = storeUrl === null ? null : `${storeUrl}/orders/${record.orderId}?token=${token}`;
      const rendered = renderOrderNotice(kind, { record, shippingAddress, orderUrl, storeUrl });
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
      // A message that bears no way out must not be sent.
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
