/**
 * A launch during which the Worker is killed again and again: objects, queues and requests under way are gone each time. What a
 * buyer was told is true afterwards, and every unit is accounted for by the store itself.
 */
import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import { waitFor } from "../../local/process/wait-for.ts";
import { seededRandom } from "../../local/stripe/faults.ts";
import type { PlacedOrder } from "../../src/contracts/orders.ts";
import { expectLedgerToAddUp } from "../harness/agreement.ts";
import { inParallel, range } from "../harness/in-parallel.ts";
import { emailOf, Launch, type Buyer, type Purchase, type Wish } from "../harness/launch-buyers.ts";
import { ownStore } from "../harness/own-store.ts";
import type { SkuFigures } from "../harness/stock.ts";
import { newEmail, type Line, type Store } from "../harness/store.ts";

/** The seed of buyers and kills; another one can be tried from outside, and a failing run names its own. */
const SEED = Number(process.env["CRASH_SEED"] ?? 20_261_130);
const ARRIVALS_PER_SECOND = Number(process.env["CRASH_ARRIVALS"] ?? 300);
const KILLING_MS = 120_000;
/** However slow the machine is. */
const LEAST_KILLS = 10;
/** How long the Worker lives between two kills. */
const LIFE_MS = { least: 1_000, most: 6_000 };
const HOT_UNITS = 500;
const OTHER_SKUS = 3;
const OTHER_UNITS = 1_500;
/**
 * A hold of nobody's asks a minute after its attempt began; a snapshot that got lost with the local queue, again and again, is sent
 * at last after five minutes (`SEND_AGAIN`). A hold's own deadline is half an hour, so it cannot be that which frees it.
 */
const ACCOUNTED_WITHIN_MS = 330_000;
const CRON_MS = 60_000;

const running = ownStore({ direct: true, generatedProducts: 10 });
const store = (): Store => running().store;
const random = seededRandom(SEED);

it(
  `loses no acknowledged order and no unit while the Worker is killed for two minutes of a launch (seed ${SEED})`,
  { timeout: 900_000 },
  async () => {
    const { stock } = store();
    const hot = await stock.skuWith(HOT_UNITS, { unlimited: true });
    const others = await inParallel(range(OTHER_SKUS), 1, () =>
      stock.skuWith(OTHER_UNITS, { unlimited: true }),
    );
    const launch = new Launch({
      store: store(),
      port: Number(new URL(store().url).port),
      perSecond: ARRIVALS_PER_SECOND,
      random,
      nextBuyer: (number) => buyer(number, hot, others),
    });
    try {
      const over = new AbortController();
      const startedAt = performance.now();
      const [kills] = await Promise.all([
        killAgainAndAgain().finally(() => over.abort()),
        launch.run(over.signal),
      ]);
      const seconds = (performance.now() - startedAt) / 1000;
      await launch.settle();
      expect(launch.broken).toEqual([]);

      const { statuses, ...accounted } = await accountedFor(launch, [hot, ...others]);
      report(launch, { kills, seconds, ...accounted });
      await expectMoneyToAgree(launch, statuses);
      for (const sku of [hot, ...others]) await expectLedgerToAddUp(store(), sku);
      // And it sells on.
      await store().placed({ lines: [{ sku: await stock.plenty(), quantity: 1 }], email: newEmail() });
    } finally {
      launch.close();
    }
  },
);

/** Most want the hot SKU, some that and another, some another alone: an order that gets only one of two must give it back. */
function buyer(number: number, hot: string, others: readonly string[]): Buyer {
  const other = others[Math.floor(random() * others.length)] ?? hot;
  const kind = random();
  const skus = kind < 0.7 ? [hot] : kind < 0.8 ? [hot, other] : [other];
  const lines = skus.map((sku): Line => ({ sku, quantity: 1 }));
  const fate = random();
  // Who gives the hot unit back makes room for others, so that it is sold anew all the time.
  const wish: Wish = fate < 0.05 ? "pay" : fate < (skus.includes(hot) ? 0.7 : 0.2) ? "cancel" : "keep";
  const habit = random();
  const asks = habit < 0.3 ? "once" : habit < 0.4 ? "again" : "untilAnswered";
  return { number, lines, wish, asks };
}

async function killAgainAndAgain(): Promise<number> {
  const endAt = performance.now() + KILLING_MS;
  let kills = 0;
  while (performance.now() < endAt || kills < LEAST_KILLS) {
    await delay(LIFE_MS.least + random() * (LIFE_MS.most - LIFE_MS.least));
    await running().killWorker();
    kills += 1;
    await running().startWorker();
  }
  return kills;
}

/** One order as Postgres has it, with its contact. */
interface StoredOrder {
  readonly id: string;
  readonly status: string;
  readonly email: string;
}

interface UnitsOfStatus {
  readonly sku: string;
  readonly status: string;
  readonly units: number;
}

interface Accounted {
  /** Of every order that a buyer read. */
  readonly statuses: ReadonlyMap<string, string>;
  /** Since the last buyer was answered, until the SKUs had the figures with which they ended. */
  readonly unitsAfterSeconds: number;
  readonly allAfterSeconds: number;
}

/**
 * Waits until every order that a buyer read is there, every confirmed payment is taken, Postgres has the same orders (beside them only
 * such of buyers who went away), and what the SKUs hold and have sold is what these orders have. Nothing helps the store but its own
 * cron.
 */
async function accountedFor(launch: Launch, skus: readonly string[]): Promise<Accounted> {
  const bought = launch.purchases.flatMap((purchase) =>
    purchase.order === null ? [] : [{ ...purchase, order: purchase.order }],
  );
  const gone = new Set(
    launch.purchases.filter(({ order }) => order === null).map(({ buyer }) => emailOf(buyer)),
  );
  const statuses = new Map<string, string>();
  const startedAt = performance.now();
  const secondsSoFar = (): number => (performance.now() - startedAt) / 1000;
  let figures = "";
  let unitsAfterSeconds = 0;
  let tickAt = 0;
  let last: unknown = null;
  return await waitFor(
    async () => {
      if (performance.now() >= tickAt) {
        store().tickCron();
        tickAt = performance.now() + CRON_MS;
      }
      await inParallel(
        bought.filter((each) => !isSettled(each, statuses)),
        32,
        async ({ order }) => {
          statuses.set(order.orderId, await launch.statusOf(order));
        },
      );
      const unsettled = bought.filter((each) => !isSettled(each, statuses));
      const now = await inParallel(skus, 4, (sku) => store().stock.figures(sku));
      if (JSON.stringify(now) !== figures) unitsAfterSeconds = secondsSoFar();
      figures = JSON.stringify(now);
      const stored = await store().rows<StoredOrder>(
        "select order_id as id, status, email from orders join order_contacts using (order_id)",
      );
      const units = await store().rows<UnitsOfStatus>(
        "select sku, status, sum(quantity)::int as units from order_lines join orders using (order_id) group by 1, 2",
      );
      const wrong = [
        ...unsettled.map(({ order }) => `${order.orderId} is ${statuses.get(order.orderId) ?? "nothing"}`),
        ...differing(statuses, stored, gone),
        ...now.filter((sku) => !isAccountedFor(sku, units)).map((sku) => JSON.stringify(sku)),
      ];
      last = { wrong: wrong.length, examples: wrong.slice(0, 5), units };
      return wrong.length === 0 && { statuses, unitsAfterSeconds, allAfterSeconds: secondsSoFar() };
    },
    {
      what: "every order and every unit to be accounted for",
      timeoutMs: ACCOUNTED_WITHIN_MS,
      explain: () => JSON.stringify(last),
    },
  );
}

function isSettled(
  { buyer, order, isConfirmed, isCancelled }: Purchase & { readonly order: PlacedOrder },
  statuses: ReadonlyMap<string, string>,
): boolean {
  const status = statuses.get(order.orderId);
  if (isConfirmed) return status === "paid";
  // Who asked to cancel and heard nothing may have been heard. Nobody else's order may end.
  return status === "cancelled" ? buyer.wish === "cancel" : status === "reserved" && !isCancelled;
}

/** What Postgres lacks, has otherwise, or has without a buyer, in sentences. */
function differing(
  statuses: ReadonlyMap<string, string>,
  stored: readonly StoredOrder[],
  gone: ReadonlySet<string>,
): string[] {
  const byId = new Map(stored.map((order) => [order.id, order]));
  const lacking = [...statuses]
    .filter(([id, status]) => byId.get(id)?.status !== status)
    .map(([id, status]) => `${id} is ${status}, in Postgres ${byId.get(id)?.status ?? "nothing"}`);
  const nobodys = stored
    .filter(({ id, email }) => !statuses.has(id) && !gone.has(email))
    .map(({ id }) => `${id} is nobody's`);
  return [...lacking, ...nobodys];
}

function isAccountedFor(
  { sku, available, held, sold, received, adjusted }: SkuFigures,
  units: readonly UnitsOfStatus[],
): boolean {
  const unitsOf = (status: string): number =>
    units.find((row) => row.sku === sku && row.status === status)?.units ?? 0;
  return (
    held === unitsOf("reserved") &&
    sold === unitsOf("paid") &&
    available >= 0 &&
    available + held + sold === received + adjusted
  );
}

/** Paid is captured once and in full; of anything else no money was kept. */
async function expectMoneyToAgree(launch: Launch, statuses: ReadonlyMap<string, string>): Promise<void> {
  const { paymentIntents } = await store().stripe.ledger();
  const kept = Map.groupBy(paymentIntents, ({ metadata }) => metadata["order_id"]);
  for (const { order } of launch.purchases) {
    if (order === null) continue;
    const amounts = (kept.get(order.orderId) ?? [])
      .map(({ captured, refunded }) => captured - refunded)
      .filter((amount) => amount !== 0);
    const isPaid = statuses.get(order.orderId) === "paid";
    expect(amounts, `money kept for ${order.orderId}`).toEqual(isPaid ? [order.totals.total] : []);
  }
}

function report(
  { purchases, counts }: Launch,
  run: { readonly kills: number; readonly seconds: number } & Omit<Accounted, "statuses">,
): void {
  const orders = purchases.filter(({ order }) => order !== null);
  console.log(
    JSON.stringify({
      ...run,
      ...counts,
      answeredPerSecond: Math.round(counts.answers / run.seconds),
      wentAway: purchases.filter(({ order, isRefused }) => order === null && !isRefused).length,
      orders: orders.length,
      refused: purchases.filter(({ isRefused }) => isRefused).length,
      paid: orders.filter(({ isConfirmed }) => isConfirmed).length,
      cancelled: orders.filter(({ isCancelled }) => isCancelled).length,
    }),
  );
}
