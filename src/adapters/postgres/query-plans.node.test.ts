/**
 * The plans of every statement on the way of a request, on ten thousand products and a hundred thousand orders. The adapters run
 * as they are while what they send is recorded; each is then run again under auto_explain, which tells the plans of
 * statements inside functions and triggers too.
 */
import type { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresClient } from "../../../local/postgres/client.ts";
import { startTestDatabase } from "../../../tests/fixtures/database.ts";
import type { TestDatabase } from "../../../tests/fixtures/database.ts";
import { fillLargeCatalog } from "../../../local/seed/large-catalog.ts";
import { fillLargeHistory } from "../../../tests/fixtures/large-history.ts";
import { CONTACT, ledgerAppended, orderChanged } from "../../../tests/fixtures/messages.ts";
import { listOrdersToErase } from "./account-removal.ts";
import { readCatalogVersion, readIndex, readNewestCatalogVersion, readProducts } from "./catalog.ts";
import { listHolding, markConfigured, readUnconfigured, takeUnconfigured } from "./sku-upkeep.ts";
import type { Database } from "./connection.ts";
import {
  countDeadLetters,
  discardDeadLetter,
  listDeadLetters,
  markDeadLettersReplayed,
  oldestDeadLetters,
  readDeadLetter,
  storeDeadLetter,
} from "./dead-letters.ts";
import { listLedgers, readLedgerCopy } from "./ledger-copy.ts";
import { persistLedger, readLevels } from "./ledger.ts";
import { claimGuestOrders, ordersOfNumber } from "./order-claims.ts";
import { findOwnOrders, isOrderOfAccount } from "./order-history.ts";
import { findOrders } from "./order-queries.ts";
import { eraseOrderContact, persistOrders } from "./orders.ts";
import { exportPerson } from "./personal-export.ts";
import { changePrice } from "./prices.ts";
import { pruneOperations } from "./pruning.ts";
import { copiedVersions, listedSince, markListed } from "./reconciliations.ts";
import { searchProducts } from "./search.ts";
import { markNoticesSent, noticesSentBefore } from "./sent-notices.ts";
import { recordStripeEvents } from "./stripe-events.ts";

/** A table of fewer rows may be read as a whole: it is a page or two. */
const BIG_TABLE_ROWS = 1_000;
const NOW = Date.UTC(2026, 10, 22);
const MINUTE_MS = 60_000;
/** Somebody with guest orders in the large history. */
const OWNER = {
  userId: "account-of-the-plan",
  confirmedEmail: "shopper.202cb962ac59075b964b07152d234b70@example.com",
};

let postgres: TestDatabase;
let database: Database;
let client: Client;
let plans: string[] = [];
beforeAll(async () => {
  postgres = await startTestDatabase();
  await fillLargeCatalog((statement, parameters) => postgres.rows(statement, parameters));
  const known = await postgres.rows<{ slug: string }>(
    "select slug from products order by position limit 100",
  );
  slugs.push(...known.map(({ slug }) => slug));
  await fillLargeHistory((statement) => postgres.rows(statement));
  await postgres.rows("insert into users (id, name, email, email_verified) values ($1, 'Ada', $2, true)", [
    OWNER.userId,
    OWNER.confirmedEmail,
  ]);
  database = postgres.connect({ timeoutMs: 60_000 });
  client = postgresClient(postgres.url);
  await client.connect();
  client.on("notice", ({ message }) => {
    const [, plan] = /^duration: [\d.]+ ms\s+plan:\n(.*)$/s.exec(message ?? "") ?? [];
    if (plan !== undefined) plans.push(plan);
  });
  for (const setting of [
    "load 'auto_explain'",
    "set auto_explain.log_min_duration = 0",
    "set auto_explain.log_nested_statements = on",
    "set auto_explain.log_format = json",
    "set auto_explain.log_level = notice",
  ])
    await client.query(setting);
}, 240_000);
afterAll(async () => {
  await client.end();
  await postgres.stop();
});

interface Sent {
  readonly query: string;
  readonly params: unknown[];
}

/** What an adapter sends to Postgres through the driver while it does this. */
async function sentDuring(
  work: () => Promise<unknown>,
  how: "with its answer" | "without an answer" = "with its answer",
): Promise<Sent[]> {
  const sent: Sent[] = [];
  const genuine = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    if (typeof init?.body === "string") sent.push(JSON.parse(init.body) as Sent);
    return how === "with its answer" ? genuine(input, init) : Promise.reject(new Error("not sent"));
  };
  try {
    await work();
  } finally {
    globalThis.fetch = genuine;
  }
  return sent;
}

interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly Plans?: readonly PlanNode[];
}

function relationsReadWhole(node: PlanNode): string[] {
  const own = node["Node Type"] === "Seq Scan" ? [node["Relation Name"] ?? "?"] : [];
  return [...own, ...(node.Plans ?? []).flatMap(relationsReadWhole)];
}

/** The big tables that the statements read from beginning to end, nested statements included. */
async function bigTablesReadWhole(sent: readonly Sent[]): Promise<string[]> {
  plans = [];
  for (const { query, params } of sent) {
    await client.query("begin");
    await client.query(query, params);
    await client.query("rollback");
  }
  const relations = plans.flatMap((text) =>
    relationsReadWhole((JSON.parse(text) as { Plan: PlanNode }).Plan),
  );
  const big = await postgres.rows<{ relname: string }>(
    "select relname from pg_class where relname = any($1) and reltuples >= $2",
    [relations, BIG_TABLE_ROWS],
  );
  return big.map(({ relname }) => relname).toSorted();
}

const everything = {
  q: "",
  category: null,
  color: [],
  storage: [],
  minPrice: null,
  maxPrice: null,
  inStock: false,
  sort: "relevance",
  limit: 24,
  offset: 0,
} as const;
const searches = [
  {},
  { offset: 480, sort: "newest" },
  { category: "phones" },
  { category: "cases", color: ["black"], inStock: true, sort: "price_asc" },
  { category: "phones", storage: ["256"], minPrice: 30_000, maxPrice: 90_000 },
  { sort: "price_desc", offset: 48 },
  { sort: "name" },
  { q: "lumaro" },
  { q: "lumaro auro" },
  { q: "lumrao chrager", sort: "price_asc" },
  { q: "phone case", color: ["black", "navy"] },
  { q: "zzzz wireless pocket" },
] as const;
const cursorAt = (n: number) =>
  `${(Date.UTC(2026, 0, 1) + n * MINUTE_MS).toString(36)}.order-${String(n).padStart(8, "0")}`;
/** As many as a page of the API lists. */
const slugs: string[] = [];
const price = { sku: "L1-0-0", id: "plan", unitAmountMinor: 4_200, currency: "USD" };

/** Everything that a request, or the consumer of a queue behind it, sends. */
const STATEMENTS: Record<string, () => Promise<unknown>> = {
  ...Object.fromEntries(
    searches.map((search) => [
      `search ${JSON.stringify(search)}`,
      () => searchProducts(database, { ...everything, ...search }, NOW),
    ]),
  ),
  "stock levels of fifty SKUs": () =>
    readLevels(
      database,
      Array.from({ length: 50 }, (_, n) => `L${String(n)}-0-0`),
    ),
  "the catalog's version": () => readCatalogVersion(database),
  "the catalog's newest version": () => readNewestCatalogVersion(database),
  "products by themselves": () =>
    readProducts(
      database,
      slugs.map((slug) => ({ slug, revision: 0 })),
    ),
  "products whose terms changed": () =>
    takeUnconfigured(database, { limit: 10_000, now: NOW, againAfterMs: 300_000 }),
  "changed terms": () => readUnconfigured(database, slugs),
  "terms that were taken over": () =>
    markConfigured(
      database,
      slugs.map((slug) => ({ slug, revision: 1 })),
    ),
  "SKUs that hold units": () => listHolding(database, 0, 5, 5_000),
  "a new price": () => changePrice(database, price),
  "the newest orders": () => findOrders(database, { query: "", limit: 50 }),
  "orders after a cursor": () => findOrders(database, { query: "", limit: 50, cursor: cursorAt(50_000) }),
  "orders in a state": () => findOrders(database, { query: "", status: "paid", limit: 50 }),
  "an order by its id": () => findOrders(database, { query: "order-00012345", limit: 50 }),
  "orders by an address": () =>
    findOrders(database, { query: "shopper.c4ca4238a0b923820dcc509a6f75849b@example.com", limit: 50 }),
  "orders by a part of an address": () => findOrders(database, { query: "c4ca4238a0", limit: 50 }),
  "an order that changed": () => persistOrders(database, [orderChanged({ orderId: "order-new" }, CONTACT)]),
  "one's own orders": () => findOwnOrders(database, OWNER, { query: "aurora", limit: 20 }),
  "whether an order is one's own": () => isOrderOfAccount(database, "order-00012345", OWNER),
  "everything about a person": () => exportPerson(database, OWNER),
  "orders that may lose the person": () => listOrdersToErase(database, 200, NOW),
  "an order's erasure": () => eraseOrderContact(database, "order-00012345", NOW),
  "guest orders that become an account's": () => claimGuestOrders(database, "account-of-the-plan"),
  "the orders of a number": () => ordersOfNumber(database, "00012345"),
  "a SKU's ledger": () => persistLedger(database, [ledgerAppended("L7-0-0", 100, 105)]),
  "notices that were sent": () =>
    noticesSentBefore(database, [{ orderId: "order-00012345", kind: "order_confirmed", about: "" }]),
  "a notice that is sent": () =>
    markNoticesSent(database, [{ orderId: "order-x", kind: "order_confirmed", about: "" }], NOW),
  "an event from Stripe": () =>
    recordStripeEvents(database, [
      {
        v: 1,
        type: "stripe.event",
        eventId: "evt_x",
        eventType: "x",
        createdAt: NOW,
        orderId: null,
        intent: null,
      },
    ] as unknown as Parameters<typeof recordStripeEvents>[1]),
  "dead letters": () => listDeadLetters(database, { limit: 50 }),
  "a dead letter": () => readDeadLetter(database, "00000000-0000-4000-8000-000000000000"),
  "a dead letter that is stored": () =>
    storeDeadLetter(database, { queue: "orders", messageId: "x", body: {}, error: null, attempts: 4 }),
  "a dead letter that is replayed": () =>
    markDeadLettersReplayed(
      database,
      [{ id: "00000000-0000-4000-8000-000000000000", attempts: 4 }],
      "ops",
      NOW,
    ),
  "the oldest dead letters": () =>
    oldestDeadLetters(database, { queues: ["orders", "payments"], storedBefore: NOW }),
  "how many dead letters are open": () =>
    countDeadLetters(database, { queues: ["orders", "payments"], storedBefore: NOW }),
  "a dead letter that is discarded": () =>
    discardDeadLetter(database, "00000000-0000-4000-8000-000000000000", { by: "ops", reason: "x", at: NOW }),
  "copies of orders to reconcile": () => copiedVersions(database, ["order-00012345", "order-00012346"]),
  "intents that were listed": () => markListed(database, ["pi_x"], NOW),
  "intents that were listed lately": () => listedSince(database, ["pi_x"], NOW),
  "SKUs to reconcile": () => listLedgers(database, { after: "L5", since: null, limit: 25 }),
  "SKUs that changed": () => listLedgers(database, { after: "L5", since: NOW, limit: 25 }),
  "the copy of a ledger": () => readLedgerCopy(database, "L7-0-0"),
  "what is too old": () => pruneOperations(database, { now: NOW, limit: 5_000 }),
};

describe("on ten thousand products and a hundred thousand orders", () => {
  it.each(Object.entries(STATEMENTS))("no big table is read whole for %s", async (_, work) => {
    const sent = await sentDuring(work);
    expect(sent.length).toBeGreaterThan(0);
    expect(await bigTablesReadWhole(sent)).toEqual([]);
    expect(plans.length).toBeGreaterThanOrEqual(sent.length);
  });

  it("sends one statement for a search", async () => {
    const sent = await sentDuring(() => searchProducts(database, { ...everything, q: "lumaro" }, NOW));
    expect(sent).toHaveLength(1);
  });

  // It fills the index that requests are answered from, behind them and for all: a cold one is everything.
  it("only the refill of the catalog's index reads the catalog's tables whole", async () => {
    const sent = await sentDuring(() => readIndex(database).catch(() => undefined), "without an answer");
    const rates = ["shipping_methods", "shipping_zone_countries", "shipping_zones", "tax_rates"];
    const allowed = ["catalog_revisions", "catalog_version", "drops", "prices", "products", "skus", ...rates];
    expect(sent.length).toBeGreaterThan(0);
    for (const { query, params } of sent) {
      const explained = await client.query<Record<"QUERY PLAN", { Plan: PlanNode }[]>>(
        `explain (format json) ${query}`,
        params,
      );
      const read = explained.rows[0]!["QUERY PLAN"].flatMap(({ Plan }) => relationsReadWhole(Plan));
      for (const table of read) expect(allowed).toContain(table);
    }
  });

  it("a table that is read whole is noticed, also inside a function", async () => {
    const whole = { query: "select count(*) from orders where version + 1 > $1", params: [0] };
    expect(await bigTablesReadWhole([whole])).toEqual(["orders"]);
    await postgres.rows(
      "create function reads_all() returns bigint language plpgsql as 'begin return (select count(*) from skus where initial_stock > -1); end'",
    );
    expect(await bigTablesReadWhole([{ query: "select reads_all()", params: [] }])).toEqual(["skus"]);
  });
});
