/** What a live order costs, in memory and in time, as their number grows: on a store that has done nothing else. */
import { setTimeout as delay } from "node:timers/promises";
import { startCpu } from "./cpu.ts";
import { closedLoop } from "./load.ts";
import { residentBytes } from "./processes.ts";
import { untilIdle } from "./purchases.ts";
import { HOT_SKU } from "./rows.ts";
import type { BenchStore } from "./store.ts";
import { placeOrder, readOrder, type PlacedOrder } from "./store-calls.ts";

const CONNECTIONS = 64;
const READ_SECONDS = 3;
const MAX_SECONDS = 600;
/** Every so many orders one is kept to be read. */
const KEEP_EVERY = 50;
const MEMORY_SAMPLES = 8;
const MEMORY_SAMPLE_MS = 250;

export interface GrowthPoint {
  /** Live orders, all of them in Postgres. */
  readonly orders: number;
  /** Of the runtime's process. */
  readonly residentBytes: number;
  /** Since the point before. */
  readonly placedPerSecond: number;
  readonly placingP99Ms: number;
  /** CPU milliseconds of the runtime for one placed order, telling Postgres of it included. */
  readonly runtimeCpuMsPerOrder: number;
  readonly statusReadsPerSecond: number;
}

/** @param checkpoints numbers of live orders, ascending */
export async function measureGrowth(
  store: BenchStore,
  checkpoints: readonly number[],
): Promise<GrowthPoint[]> {
  await store.setAvailable(HOT_SKU, (checkpoints.at(-1) ?? 0) + 1_000);
  const points: GrowthPoint[] = [];
  const readable: PlacedOrder[] = [];
  let placed = 0;
  for (const orders of checkpoints) {
    const missing = orders - placed;
    const endCpu = startCpu(store);
    const placing = await closedLoop({
      port: store.port,
      connections: CONNECTIONS,
      seconds: MAX_SECONDS,
      count: missing,
      expected: 201,
      nextCall: () => placeOrder(HOT_SKU, store.buyers.next()),
      onAnswer({ status, body }) {
        if (status !== 201) return;
        store.orders.expectOne();
        placed += 1;
        if (placed % KEEP_EVERY === 0) readable.push(JSON.parse(body) as PlacedOrder);
      },
    });
    if (placed < orders) throw new Error(`only ${placed} of ${orders} orders were placed`);
    await store.orders.untilAllArrived();
    // At once: later, the runtime may have put objects away that nobody asked anything of.
    const bytes = await settledBytes(store.runtimePid);
    await untilIdle(store);
    const cpu = endCpu();
    const reading = await readBack(store, readable);
    points.push({
      orders,
      residentBytes: bytes,
      placedPerSecond: placing.rate,
      placingP99Ms: placing.p99Ms,
      runtimeCpuMsPerOrder: (cpu["store"] ?? 0) / missing,
      statusReadsPerSecond: reading,
    });
  }
  return points;
}

/** Bytes of memory for each live order between the first point and the last. Pure. */
export function bytesPerLiveOrder(points: readonly GrowthPoint[]): number {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || first === last)
    throw new Error("a slope needs two points");
  return (last.residentBytes - first.residentBytes) / (last.orders - first.orders);
}

async function readBack(store: BenchStore, readable: readonly PlacedOrder[]): Promise<number> {
  let reads = 0;
  const nextCall = () => readOrder(readable[reads++ % readable.length]!, store.buyers.next());
  const loop = { port: store.port, connections: CONNECTIONS, seconds: READ_SECONDS, expected: 200, nextCall };
  return (await closedLoop(loop)).rate;
}

/** The least of a few samples: garbage comes and goes, what is live stays. */
async function settledBytes(pid: number): Promise<number> {
  let least = residentBytes(pid);
  for (let sample = 1; sample < MEMORY_SAMPLES; sample += 1) {
    await delay(MEMORY_SAMPLE_MS);
    least = Math.min(least, residentBytes(pid));
  }
  return least;
}
