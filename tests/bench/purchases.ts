/** Whole purchases: place, pay, authorise at Stripe, and wait until Postgres says `paid`; with the CPU each part took. */
import { Agent } from "node:http";
import { Client } from "pg";
import { quantile, send } from "./load.ts";
import { cpuSeconds } from "./processes.ts";
import type { BenchStore } from "./store.ts";
import { placeOrder, startPayment } from "./store-calls.ts";

export interface PurchaseResult {
  readonly clients: number;
  readonly purchases: number;
  readonly seconds: number;
  readonly rate: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Share of all CPU time used, by part; they sum to 1. */
  readonly cpuShares: Readonly<Record<string, number>>;
  /** CPU milliseconds one purchase took, all parts together. */
  readonly cpuMsPerPurchase: number;
}

/** How often Postgres is asked which orders are paid by now, ms. */
const POLL_MS = 10;
/** A purchase that takes longer than this is a failure of the benchmark. */
const PURCHASE_TIMEOUT_MS = 30_000;

export async function measurePurchases(
  store: BenchStore,
  options: { readonly sku: string; readonly clients: number; readonly seconds: number; readonly run: string },
): Promise<PurchaseResult> {
  const { sku, clients, seconds, run } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: clients * 2 });
  const paid = await PaidWatch.start(store.platform.endpoints.postgres);
  const before = usedCpu(store);
  const latencies: number[] = [];
  let next = 0;
  const started = performance.now();
  const deadline = started + seconds * 1000;
  const client = async (): Promise<void> => {
    while (performance.now() < deadline) {
      const index = next++;
      const begun = performance.now();
      await buy(store, agent, paid, sku, run, index);
      latencies.push(performance.now() - begun);
    }
  };
  try {
    await Promise.all(Array.from({ length: clients }, client));
  } finally {
    agent.destroy();
    await paid.stop();
  }
  const elapsed = (performance.now() - started) / 1000;
  const after = usedCpu(store);
  const used = Object.keys(after).map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)] as const);
  const total = used.reduce((sum, [, each]) => sum + each, 0);
  latencies.sort((a, b) => a - b);
  return {
    clients,
    purchases: latencies.length,
    seconds: elapsed,
    rate: latencies.length / elapsed,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    cpuShares: Object.fromEntries(used.map(([name, each]) => [name, total === 0 ? 0 : each / total])),
    cpuMsPerPurchase: (total * 1000) / Math.max(1, latencies.length),
  };
}

/** CPU seconds by part; the client is this process without the parts, which are its children. */
function usedCpu(store: BenchStore): Record<string, number> {
  const { user, system } = process.cpuUsage();
  return { ...cpuSeconds(store.pids), client: (user + system) / 1e6 };
}

async function buy(
  store: BenchStore,
  agent: Agent,
  paid: PaidWatch,
  sku: string,
  run: string,
  index: number,
): Promise<void> {
  const { stripe, stripeSecretKey } = store.platform.endpoints;
  const placed = await send(agent, store.port, placeOrder(sku, run, index));
  expect(placed.status, 201, placed.body);
  const { orderId, token } = JSON.parse(placed.body) as { orderId: string; token: string };
  const payment = await send(agent, store.port, startPayment(orderId, token, index));
  expect(payment.status, 201, payment.body);
  const { paymentIntentId } = JSON.parse(payment.body) as { paymentIntentId: string };
  const confirmed = await send(agent, Number(new URL(stripe).port), {
    method: "POST",
    path: `/v1/payment_intents/${paymentIntentId}/confirm`,
    headers: {
      authorization: `Bearer ${stripeSecretKey}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: "payment_method=pm_card_visa",
  });
  expect(confirmed.status, 200, confirmed.body);
  await paid.until(orderId);
}

function expect(status: number, wanted: number, body: string): void {
  if (status !== wanted)
    throw new Error(`expected ${String(wanted)}, got ${String(status)}: ${body.slice(0, 300)}`);
}

/** Asks Postgres, for all waiting clients at once, which orders are paid. */
class PaidWatch {
  readonly #client: Client;
  readonly #waiting = new Map<
    string,
    { resolve: () => void; reject: (error: Error) => void; since: number }
  >();
  #stopped = false;
  #loop: Promise<void> = Promise.resolve();

  private constructor(client: Client) {
    this.#client = client;
  }

  static async start(url: string): Promise<PaidWatch> {
    const client = new Client({ connectionString: url });
    await client.connect();
    const watch = new PaidWatch(client);
    watch.#loop = watch.#run();
    return watch;
  }

  until(orderId: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(orderId, { resolve, reject, since: performance.now() });
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#loop;
    await this.#client.end();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      if (this.#waiting.size > 0) {
        const { rows } = await this.#client.query<{ order_id: string }>({
          name: "paid",
          text: "SELECT order_id FROM orders WHERE order_id = ANY($1) AND status = 'paid'",
          values: [[...this.#waiting.keys()]],
        });
        for (const { order_id: orderId } of rows) {
          this.#waiting.get(orderId)?.resolve();
          this.#waiting.delete(orderId);
        }
        for (const [orderId, { reject, since }] of this.#waiting) {
          if (performance.now() - since < PURCHASE_TIMEOUT_MS) continue;
          reject(new Error(`order ${orderId} was not paid within ${String(PURCHASE_TIMEOUT_MS)} ms`));
          this.#waiting.delete(orderId);
        }
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}
