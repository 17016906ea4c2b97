/** What a shopper waits: arrivals that do not wait for one another, measured from when each was due. */
import { nextLookMs } from "../../web/islands/order-pace.ts";
import { seededRandom } from "../../local/stripe/faults.ts";
import { SEED_SKUS } from "../../local/seed/catalog.ts";
import { NO_ANSWER } from "./http-client.ts";
import { openLoop, type OpenLoopResult } from "./load.ts";
import type { HttpAnswer } from "./response-reader.ts";
import { HOT_SKU } from "./rows.ts";
import { arrivalTimes, latenciesOf, type Latencies } from "./statistics.ts";
import type { BenchStore, StockFigures } from "./store.ts";
import { placeOrder, readOrder, type PlacedOrder } from "./store-calls.ts";

/** Sockets of one open loop: arrivals past that wait in the client. */
const MAX_CONNECTIONS = 512;
const SEED = 7;

export interface PlacingAt extends OpenLoopResult {
  /** Arrivals a second. */
  readonly arrivalRate: number;
}

/** Places orders at each of these rates, one after another. */
export async function measurePlacingAt(
  store: BenchStore,
  arrivalRates: readonly number[],
  seconds: number,
): Promise<PlacingAt[]> {
  const results: PlacingAt[] = [];
  for (const arrivalRate of arrivalRates) {
    results.push({ arrivalRate, ...(await placeAt(store, arrivalRate, seconds)) });
    await store.orders.untilAllArrived();
  }
  return results;
}

export interface PollingResult {
  readonly pages: number;
  /** Placing with nobody polling, and while all of them poll. */
  readonly placingAlone: OpenLoopResult;
  readonly placingBeside: OpenLoopResult;
  readonly polls: OpenLoopResult;
}

const BESIDE_POLLS_PER_SECOND = 200;

/** Places at 200 a second, alone and while the page of each of these orders polls its status at the pace of the real page. */
export async function measurePolling(
  store: BenchStore,
  pages: readonly PlacedOrder[],
  seconds: number,
): Promise<PollingResult> {
  const placingAlone = await placeAt(store, BESIDE_POLLS_PER_SECOND, seconds);
  await store.orders.untilAllArrived();
  const looks = looksOf(pages.length, seconds, seededRandom(SEED));
  let next = 0;
  const [polls, placingBeside] = await Promise.all([
    openLoop({
      port: store.port,
      arrivals: looks.map(({ at }) => at),
      maxConnections: MAX_CONNECTIONS,
      expected: 200,
      nextCall() {
        const page = looks[next++]?.page ?? 0;
        const order = pages[page];
        if (order === undefined) throw new Error(`there is no page ${page}`);
        return readOrder(order, page);
      },
    }),
    placeAt(store, BESIDE_POLLS_PER_SECOND, seconds),
  ]);
  await store.orders.untilAllArrived();
  return { pages: pages.length, placingAlone, placingBeside, polls };
}

/** When each open page of an order that nobody has paid for yet looks at it; the pages were opened over the first second. */
export function looksOf(
  pages: number,
  seconds: number,
  random: () => number,
): { readonly at: number; readonly page: number }[] {
  const looks: { at: number; page: number }[] = [];
  for (let page = 0; page < pages; page += 1) {
    let at = random() * 1000;
    for (let look = 1; at < seconds * 1000; look += 1) {
      looks.push({ at, page });
      const waitMs = nextLookMs("reserved", false, look, random());
      if (waitMs === null) break;
      at += waitMs;
    }
  }
  return looks.sort((one, other) => one.at - other.at);
}

export interface RushPlan {
  readonly buyers: number;
  readonly units: number;
  readonly arrivalRate: number;
}

export interface RushResult extends RushPlan {
  readonly statuses: Readonly<Record<number, number>>;
  /** Of those who were told that it is sold out. */
  readonly refusals: Latencies;
  /** Of those who got one. */
  readonly placements: Latencies;
  /** What the SKU's object says afterwards. */
  readonly figures: StockFigures;
  /** Sentences; none where the counts are as they must be. */
  readonly broken: readonly string[];
}

/** More buyers than units, all of them in a few seconds. Counts must be exact whatever the machine; times are reported. */
export async function measureRush(store: BenchStore, plan: RushPlan): Promise<RushResult> {
  const sku = SEED_SKUS.plenty;
  await store.setAvailable(sku, plan.units);
  const before = await store.figures(sku);
  const refusals: number[] = [];
  const placements: number[] = [];
  const result = await openLoop({
    port: store.port,
    arrivals: arrivalTimes(plan.buyers, plan.arrivalRate, seededRandom(SEED)),
    maxConnections: MAX_CONNECTIONS,
    expected: 409,
    nextCall: () => placeOrder(sku, store.buyers.next()),
    onAnswer({ status }, latencyMs) {
      if (status === 201) store.orders.expectOne();
      if (status === 201) placements.push(latencyMs);
      if (status === 409) refusals.push(latencyMs);
    },
  });
  await store.orders.untilAllArrived();
  const figures = await store.figures(sku);
  return {
    ...plan,
    statuses: result.statuses,
    refusals: latenciesOf(refusals),
    placements: latenciesOf(placements),
    figures,
    broken: brokenCounts(plan, result.statuses, before, figures),
  };
}

/** What a rush must not end with, in sentences. Pure. */
export function brokenCounts(
  { units }: RushPlan,
  statuses: Readonly<Record<number, number>>,
  before: StockFigures,
  after: StockFigures,
): string[] {
  const broken: string[] = [];
  const placed = statuses[201] ?? 0;
  const taken = after.held + after.sold - before.held - before.sold;
  if (placed !== units) broken.push(`${placed} orders were placed for ${units} units`);
  if (taken !== placed) broken.push(`${taken} units are held or sold for ${placed} orders`);
  if (after.available !== 0) broken.push(`${after.available} units are still available`);
  for (const [status, count] of Object.entries(statuses)) {
    if (status === String(NO_ANSWER)) broken.push(`${count} buyers had no answer within a minute`);
    else if (!["201", "409", "429"].includes(status)) broken.push(`${count} buyers were answered ${status}`);
  }
  return broken;
}

function placeAt(store: BenchStore, arrivalRate: number, seconds: number): Promise<OpenLoopResult> {
  return openLoop({
    port: store.port,
    arrivals: arrivalTimes(arrivalRate * seconds, arrivalRate, seededRandom(SEED)),
    maxConnections: MAX_CONNECTIONS,
    expected: 201,
    nextCall: () => placeOrder(HOT_SKU, store.buyers.next()),
    onAnswer({ status }: HttpAnswer) {
      if (status === 201) store.orders.expectOne();
    },
  });
}
