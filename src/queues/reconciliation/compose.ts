/** Puts reconciliation together from the bindings and the services of an isolate. */
import type Stripe from "stripe";
import { withinTime } from "../../adapters/outage/within-time.ts";
import type { Database } from "../../adapters/postgres/connection.ts";
import { bridgeLedger, listLedgers, readLedgerCopy } from "../../adapters/postgres/ledger-copy.ts";
import {
  copiedVersions,
  listedSince,
  markListed,
  readRun,
  stepTaken,
} from "../../adapters/postgres/reconciliations.ts";
import { isOrderId, type SigningKeys } from "../../adapters/signing/index.ts";
import {
  listDisputedIntents,
  listMoney,
  listRefundedIntents,
  readMoney,
} from "../../adapters/stripe/money.ts";
import { orderShards } from "../../durable-objects/order-shard/order-shards.ts";
import { skuObjects } from "../../durable-objects/sku-inventory/sku-objects.ts";
import type { SettlementDeps } from "../settlement.ts";
import type { FoundOrder, ReconciliationDeps } from "./deps.ts";

/** An object that does not answer in so long has the step taken again, ms. */
const OBJECT_TIMEOUT_MS = 30_000;

export interface ReconciliationServices {
  readonly database: Database;
  readonly stripe: Stripe;
  readonly signingKeys: SigningKeys;
}

export function reconciliationDeps(
  env: Env,
  services: ReconciliationServices,
  settlement: SettlementDeps,
): ReconciliationDeps {
  return {
    ...settlement,
    ...postgresSide(env, services, settlement),
    ...stripeSide(env, services),
    ...shardSide(env, services),
    ...skuSide(env),
  };
}

const limited = <T>(call: Promise<T>) =>
  withinTime(call, OBJECT_TIMEOUT_MS, "an object did not answer in time");

function postgresSide(env: Env, { database }: ReconciliationServices, { clock }: SettlementDeps) {
  return {
    readRun: (id) => readRun(database, id),
    stepTaken: (run, findings, next) => stepTaken(database, run, findings, next, clock()),
    async sendStep(message) {
      await env.RECONCILIATION_QUEUE.send(message);
    },
    copiedVersions: (orderIds) => copiedVersions(database, orderIds),
    markListed: (intentIds) => markListed(database, intentIds, clock()),
    listedSince: (intentIds, since) => listedSince(database, intentIds, since),
    listLedgers: (page) => listLedgers(database, page),
    readLedgerCopy: (sku) => readLedgerCopy(database, sku),
    bridgeLedger: (sku, through, sums) => bridgeLedger(database, sku, through, sums, clock()),
  } satisfies Partial<ReconciliationDeps>;
}

function stripeSide(env: Env, { stripe }: ReconciliationServices) {
  return {
    listMoney: (query) => listMoney(stripe, query),
    listRefundedIntents: (query) => listRefundedIntents(stripe, query),
    listDisputedIntents: (query) => listDisputedIntents(stripe, query),
    readMoney: (intentId) => readMoney(stripe, intentId),
    async sendPayments(messages) {
      await env.PAYMENTS_QUEUE.sendBatch(messages.map((body) => ({ body })));
    },
  } satisfies Partial<ReconciliationDeps>;
}

function shardSide(env: Env, { signingKeys }: ReconciliationServices) {
  const shards = orderShards(env);
  return {
    shardNames: shards.names,
    isOrderId: (orderId) => isOrderId(signingKeys, orderId),
    ordersOf: (name, { after, since }) => limited(shards.shard(name).ordersToReconcile(after, since)),
    async findOrders(orderIds) {
      const items = [...new Set(orderIds)].map((orderId) => ({ orderId }));
      const found = new Map<string, FoundOrder>();
      await Promise.all(
        shards.byShard(items).map(async ([name, own]) => {
          const ids = own.map(({ orderId }) => orderId);
          const facts = await limited(shards.shard(name).factsOf(ids));
          for (const [index, id] of ids.entries()) found.set(id, facts[index] ?? null);
        }),
      );
      return orderIds.map((orderId) => found.get(orderId) ?? null);
    },
    async resendOrders(orderIds) {
      const items = orderIds.map((orderId) => ({ orderId }));
      await Promise.all(
        shards
          .byShard(items)
          .map(([name, own]) => limited(shards.shard(name).resend(own.map(({ orderId }) => orderId)))),
      );
    },
  } satisfies Partial<ReconciliationDeps>;
}

function skuSide(env: Env) {
  const skuObject = skuObjects(env);
  return {
    unitsAt: (sku, orderIds) => limited(skuObject(sku).unitsOf(orderIds)),
    soldAt: (sku, { after, since }) => limited(skuObject(sku).soldUnits(after, since)),
    ledgerAt: (sku, completeThrough) => limited(skuObject(sku).ledgerFacts(completeThrough)),
    ledgerBase: (sku) => limited(skuObject(sku).ledgerBase()),
    async settleAt(sku, orderId) {
      await limited(skuObject(sku).run([{ kind: "settle", orderId }]));
    },
  } satisfies Partial<ReconciliationDeps>;
}
