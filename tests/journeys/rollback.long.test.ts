/** The next release and this one take turns over the same storage, sale going on: forward, back, and forward again. */
import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { DatabaseSync } from "node:sqlite";
import { beforeAll, expect, it } from "vitest";
import { waitFor } from "../../local/process/wait-for.ts";
import { PlacedOrder } from "../../src/contracts/orders.ts";
import { expectLedgerToAddUp, expectMoneyToAgree } from "../harness/agreement.ts";
import { BrowserJar } from "../harness/browser-jar.ts";
import { inParallel, range } from "../harness/in-parallel.ts";
import { ADDED_COLUMN, ADDED_FIELD, buildNextRelease } from "../harness/next-release.ts";
import { ownStore } from "../harness/own-store.ts";
import { newEmail, type Placement, type Store } from "../harness/store.ts";

const UNITS = 200;
const BUYERS_AT_ONCE = 4;
/** Orders placed under each release before the next one takes over. */
const ORDERS_EACH = 15;

const running = ownStore();
const store = (): Store => running().store;
let nextRelease = "";

beforeAll(async () => {
  nextRelease = await buildNextRelease();
}, 180_000);

/** How long a buyer waits where nothing is to be bought, or nobody answers. */
const PAUSE_MS = 20;

/** Buys up to a number of orders, through every restart; what was acknowledged is kept. */
class Sale {
  readonly acknowledged: { readonly placement: Placement; readonly order: PlacedOrder }[] = [];
  readonly refusals: number[] = [];
  readonly #sku: string;
  #isOn = true;
  #wanted = 0;
  readonly #buyers: Promise<unknown>;

  constructor(sku: string) {
    this.#sku = sku;
    this.#buyers = inParallel(range(BUYERS_AT_ONCE), BUYERS_AT_ONCE, () => this.#buyOn());
  }

  /** From now on so many orders are wanted in all. */
  want(orders: number): void {
    this.#wanted = orders;
  }

  async until(orders: number): Promise<void> {
    this.want(orders);
    await waitFor(() => Promise.resolve(this.acknowledged.length >= orders), {
      what: `${orders} orders`,
      timeoutMs: 120_000,
    });
  }

  async end(): Promise<void> {
    this.#isOn = false;
    await this.#buyers;
  }

  async #buyOn(): Promise<void> {
    while (this.#isOn) {
      if (this.acknowledged.length >= this.#wanted) {
        await delay(PAUSE_MS);
        continue;
      }
      const placement: Placement = {
        lines: [{ sku: this.#sku, quantity: 1 }],
        email: newEmail(),
        key: randomUUID(),
      };
      try {
        const answer = await store().tryToPlace(placement);
        if (answer.status === 201)
          this.acknowledged.push({ placement, order: PlacedOrder.parse(answer.body) });
        else this.refusals.push(answer.status);
      } catch {
        // The Worker is being replaced: the connection is refused or lost, and the next order is tried.
        await delay(PAUSE_MS);
      }
    }
  }
}

async function replaceWorker(script?: string): Promise<void> {
  await running().killWorker();
  await running().startWorker(script);
}

it(
  "keeps every order, unit and cart through a rollout, a rollback and a second rollout",
  { timeout: 400_000 },
  async () => {
    const sku = await store().stock.skuWith(UNITS, { unlimited: true });
    const shopper = new BrowserJar(store());
    const cartOf = async (quantity: number) => shopper.request("PUT", `/api/cart/lines/${sku}`, { quantity });

    const sale = new Sale(sku);
    await sale.until(ORDERS_EACH);
    expect((await cartOf(1)).status).toBe(200);
    let orders = ORDERS_EACH;
    for (const script of [nextRelease, undefined, nextRelease]) {
      orders += ORDERS_EACH;
      sale.want(orders);
      await replaceWorker(script);
      await sale.until(orders);
      expect((await cartOf(1 + (orders % 3))).status).toBe(200);
    }
    await sale.end();
    // Back to this release once more, which finishes what the next one began.
    await replaceWorker();

    expect(sale.refusals.filter((status) => status >= 500 && status !== 503)).toEqual([]);
    const paid = sale.acknowledged.slice(-20);
    await inParallel(sale.acknowledged, 6, async ({ placement, order }) => {
      expect(await store().placed(placement)).toMatchObject({ orderId: order.orderId });
    });
    await inParallel(paid, 6, async ({ order }) => {
      await store().pay(order);
      await store().until(order, "paid");
      await expectMoneyToAgree(store(), order);
    });
    const figures = await store().stock.figures(sku);
    expect(figures.sold).toBe(paid.length);
    expect(figures.available + figures.held + figures.sold).toBe(UNITS);
    await expectLedgerToAddUp(store(), sku);
    expect((await shopper.request("GET", "/api/cart")).status).toBe(200);

    await running().killWorker();
    expectAdditionsKept();
  },
);

/** What the next release added is still there in rows that this release has written since. */
function expectAdditionsKept(): void {
  const seen = { orders: 0, holds: 0 };
  for (const file of databasesBelow(running().place.persistDirectory)) {
    const database = new DatabaseSync(file);
    for (const table of ["orders", "holds"] as const) {
      if (!hasColumn(database, table)) continue;
      const kept = `SELECT count(*) AS count FROM ${table} WHERE ${ADDED_COLUMN} = 'kept'`;
      seen[table] += Number(database.prepare(kept).get()?.["count"] ?? 0);
    }
    if (hasColumn(database, "orders")) {
      const states = database.prepare("SELECT state FROM orders").all() as { state: string }[];
      const grown = states.filter(({ state }) => state.includes(`"${ADDED_FIELD}":true`));
      if (states.length > 10) expect(grown.length).toBeGreaterThan(0);
    }
    database.close();
  }
  expect(seen.orders).toBeGreaterThan(0);
  expect(seen.holds).toBeGreaterThan(0);
}

function hasColumn(database: DatabaseSync, table: string): boolean {
  const columns = database.prepare(`PRAGMA table_info(${table})`).all();
  return columns.some(({ name }) => name === ADDED_COLUMN);
}

function databasesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".sqlite"))
    .map((entry) => join(entry.parentPath, entry.name));
}
