/** Whole purchases: place, pay, authorize at Stripe, and wait until Postgres says `paid`; with the CPU each part took. */
import { setTimeout as delay } from "node:timers/promises";
import { dividedBy, startCpu, totalOf, type CpuByPart } from "./cpu.ts";
import { ConnectionPool, type HttpCall } from "./http-client.ts";
import { latenciesOf, type Latencies } from "./statistics.ts";
import type { BenchStore } from "./store.ts";
import { placeOrder, startPayment, type PlacedOrder } from "./store-calls.ts";

export interface PurchaseResult extends Latencies {
  readonly clients: number;
  readonly purchases: number;
  readonly seconds: number;
  readonly rate: number;
  /** Share of all CPU time used, by part; they sum to 1. */
  readonly cpuShares: Readonly<Record<string, number>>;
  /** CPU milliseconds one purchase took, all parts together. */
  readonly cpuMsPerPurchase: number;
  /** CPU milliseconds of one purchase, by part. */
  readonly cpuMsByPart: CpuByPart;
}

/** CPU milliseconds of one purchase: by step, then by part. */
export type CpuBySteps = Readonly<Record<"place" | "startPayment" | "payUntilPaid", CpuByPart>>;

interface Bought extends PlacedOrder {
  readonly buyer: number;
}

export async function measurePurchases(
  store: BenchStore,
  options: { readonly sku: string; readonly clients: number; readonly seconds: number },
): Promise<PurchaseResult> {
  const { sku, clients, seconds } = options;
  const shopper = new Shopper(store, sku, clients);
  const endCpu = startCpu(store);
  const latencies: number[] = [];
  const started = performance.now();
  const deadline = started + seconds * 1000;
  const client = async (): Promise<void> => {
    while (performance.now() < deadline) {
      const begun = performance.now();
      const order = await shopper.place();
      await shopper.pay(order, await shopper.startPayment(order));
      latencies.push(performance.now() - begun);
    }
  };
  try {
    await Promise.all(Array.from({ length: clients }, client));
  } finally {
    shopper.leave();
  }
  const elapsed = (performance.now() - started) / 1000;
  const cpu = endCpu();
  return {
    clients,
    purchases: latencies.length,
    seconds: elapsed,
    rate: latencies.length / elapsed,
    ...latenciesOf(latencies),
    cpuShares: dividedBy(cpu, totalOf(cpu)),
    cpuMsPerPurchase: totalOf(cpu) / Math.max(1, latencies.length),
    cpuMsByPart: dividedBy(cpu, latencies.length),
  };
}

/** Takes all purchases through one step before the next begins, and lets what a step leaves behind be done before its CPU is read. */
export async function measurePurchaseSteps(
  store: BenchStore,
  options: { readonly sku: string; readonly clients: number; readonly purchases: number },
): Promise<CpuBySteps> {
  const { sku, clients, purchases } = options;
  const shopper = new Shopper(store, sku, clients);
  const step = async <Result>(each: (index: number) => Promise<Result>): Promise<[Result[], CpuByPart]> => {
    const endCpu = startCpu(store);
    const results = await inParallel(purchases, clients, each);
    await store.orders.untilAllArrived();
    await untilIdle(store);
    return [results, dividedBy(endCpu(), purchases)];
  };
  try {
    const [orders, place] = await step(() => shopper.place());
    const orderAt = (index: number): Bought => orders[index]!;
    const [intents, startingPayment] = await step((index) => shopper.startPayment(orderAt(index)));
    const [, payUntilPaid] = await step((index) => shopper.pay(orderAt(index), intents[index]!));
    return { place, startPayment: startingPayment, payUntilPaid };
  } finally {
    shopper.leave();
  }
}

/** The calls of a purchase. A call that is answered otherwise than it must ends the benchmark. */
class Shopper {
  readonly #store: BenchStore;
  readonly #sku: string;
  readonly #toStore: ConnectionPool;
  readonly #toStripe: ConnectionPool;

  constructor(store: BenchStore, sku: string, connections: number) {
    this.#store = store;
    this.#sku = sku;
    this.#toStore = new ConnectionPool(store.port, connections);
    this.#toStripe = new ConnectionPool(Number(new URL(store.platform.endpoints.stripe).port), connections);
  }

  async place(): Promise<Bought> {
    const buyer = this.#store.buyers.next();
    const body = await ask(this.#toStore, placeOrder(this.#sku, buyer), 201);
    this.#store.orders.expectOne();
    return { ...(JSON.parse(body) as PlacedOrder), buyer };
  }

  /** Returns the id of the PaymentIntent. */
  async startPayment(order: Bought): Promise<string> {
    const body = await ask(this.#toStore, startPayment(order, order.buyer), 201);
    return (JSON.parse(body) as { paymentIntentId: string }).paymentIntentId;
  }

  /** Confirms with a card that is authorized at once, and waits until Postgres has the order as paid. */
  async pay({ orderId }: Bought, paymentIntentId: string): Promise<void> {
    await ask(
      this.#toStripe,
      {
        method: "POST",
        path: `/v1/payment_intents/${paymentIntentId}/confirm`,
        headers: {
          authorization: `Bearer ${this.#store.platform.endpoints.stripeSecretKey}`,
          "content-type": "application/x-www-form-urlencoded",
        },
        body: "payment_method=pm_card_visa",
      },
      200,
    );
    await this.#store.orders.untilPaid(orderId);
  }

  leave(): void {
    this.#toStore.close();
    this.#toStripe.close();
  }
}

async function ask(pool: ConnectionPool, call: HttpCall, expected: number): Promise<string> {
  const { status, body } = await pool.send(call);
  if (status !== expected)
    throw new Error(`${call.path}: expected ${expected}, got ${status}: ${body.slice(0, 300)}`);
  return body;
}

async function inParallel<Result>(
  count: number,
  atOnce: number,
  work: (index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const index = next++;
      results[index] = await work(index);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

const IDLE_WINDOW_MS = 500;
/** The runtime's own timers and the clock's granularity, CPU ms in a window. */
const IDLE_MS = 20;
const MAX_IDLE_WINDOWS = 60;

/** Waits until the runtime has next to nothing to do; half a minute at most. */
export async function untilIdle(store: BenchStore): Promise<void> {
  for (let window = 0; window < MAX_IDLE_WINDOWS; window += 1) {
    const endCpu = startCpu(store);
    await delay(IDLE_WINDOW_MS);
    if ((endCpu()["store"] ?? 0) <= IDLE_MS) return;
  }
}
