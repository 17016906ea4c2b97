/**
 * `npm run bench [-- --json FILE] [--seconds N]`: the performance table, as ratios measured in one run.
 *
 * The built Worker on Miniflare without wrangler's dev proxy and without the simulation of static assets; object state and
 * Postgres in memory. The rows are measured one after another, in rounds, so that a slow moment of the machine meets all.
 */
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Client } from "pg";
import { startChild } from "../../local/process/child.ts";
import { choosePort } from "../../local/process/free-port.ts";
import { waitFor } from "../../local/process/wait-for.ts";
import { PROJECT_DIRECTORY } from "../../local/orchestration/settings.ts";
import { SEED_SKUS } from "../../local/seed/catalog.ts";
import { load, send, type HttpAnswer, type HttpCall, type LoadResult } from "./load.ts";
import { measurePurchases } from "./purchases.ts";
import { measureSearchAlone } from "./search.ts";
import { startBenchStore, type BenchStore } from "./store.ts";
import { addressOf, placeOrder, readOrder } from "./store-calls.ts";
import { Agent } from "node:http";
import { join } from "node:path";
import { printTable, ratiosOf, type Row } from "./table.ts";

const { values } = parseArgs({
  options: {
    json: { type: "string" },
    seconds: { type: "string", default: "3" },
    rounds: { type: "string", default: "3" },
  },
});
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);
const CONNECTIONS = [32, 256] as const;
const PURCHASE_CLIENTS = 16;
const PURCHASE_SECONDS = 15;
/** How long Postgres may take to hear of every order of a round. */
const DRAIN_TIMEOUT_MS = 60_000;
/** Orders that the status row reads in turn. */
const READ_ORDERS = 2_000;
const PLENTY = 1_000_000;
const HOT = SEED_SKUS.unlimited;
const GONE = SEED_SKUS.plentyToo;
const PAGE = "/products/aurora";

const store = await startBenchStore();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  // Cut short, the run still ends what it started.
  process.once(signal, () => {
    store.stop().then(
      () => process.exit(1),
      () => process.exit(1),
    );
  });
}
try {
  const node = await startNodeStore(store);
  try {
    const report = await measure(store, node.port, node.redis);
    printTable(report);
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
  } finally {
    await node.stop();
  }
} finally {
  await store.stop();
}

async function measure(store: BenchStore, nodePort: number, redis: boolean) {
  await prepareStock(store, nodePort, redis);
  const rows: Row[] = [];
  let orders = 0;
  const placed: { orderId: string; token: string }[] = [];
  for (const group of groupsOf(store, nodePort, redis, placed)) {
    for (const connections of CONNECTIONS) {
      const results = new Map<string, LoadResult[]>();
      for (let round = 0; round < rounds; round++) {
        for (const [name, port, callOf] of group) {
          const call = callOf(`${name.replaceAll(/\W/g, "")}-${String(connections)}-${String(round)}`);
          const onAnswer = ({ status, body }: HttpAnswer): void => {
            if (name !== "placed" || status !== 201) return;
            orders += 1;
            if (placed.length < READ_ORDERS)
              placed.push(JSON.parse(body) as { orderId: string; token: string });
          };
          const result = await load({ port, connections, seconds, call, onAnswer });
          results.set(name, [...(results.get(name) ?? []), result]);
        }
        // What a round left to be told to Postgres must not be paid for by the next.
        await untilPostgresHas(store, orders);
      }
      for (const [name, each] of results) rows.push({ name, connections, ...median(each) });
    }
  }
  const purchases = await measurePurchases(store, {
    sku: HOT,
    clients: PURCHASE_CLIENTS,
    seconds: PURCHASE_SECONDS,
    run: "purchase",
  });
  return {
    at: new Date().toISOString(),
    cores: availableParallelism(),
    secondsPerRow: seconds,
    rounds,
    rows,
    ratios: ratiosOf(rows),
    purchases,
    // On a Postgres of its own, while the store has nothing to do.
    search: await measureSearchAlone(),
    hotSku: await store.figures(HOT),
  };
}

async function untilPostgresHas(store: BenchStore, orders: number): Promise<void> {
  const client = new Client({ connectionString: store.platform.endpoints.postgres });
  await client.connect();
  try {
    await waitFor(
      async () => {
        const { rows } = await client.query<{ count: number }>(
          "SELECT count(*)::integer AS count FROM orders",
        );
        return (rows[0]?.count ?? 0) >= orders;
      },
      { what: `${String(orders)} orders in Postgres`, timeoutMs: DRAIN_TIMEOUT_MS },
    );
  } finally {
    await client.end();
  }
}

/** A row: its name, where it goes, and its calls for one run (the run's name makes every buyer another one). */
type RowPlan = readonly [name: string, port: number, callOf: (run: string) => (index: number) => HttpCall];

/**
 * The rows in groups that are measured in rounds together. What leaves nothing behind comes first: the objects of placed
 * orders stay in the runtime's memory for a while.
 */
function groupsOf(
  store: BenchStore,
  nodePort: number,
  redis: boolean,
  placed: readonly { orderId: string; token: string }[],
): RowPlan[][] {
  const { port, baselinePort } = store;
  const get = (path: string) => () => (): HttpCall => ({ method: "GET", path });
  const order = (sku: string) => (run: string) => (index: number) => placeOrder(sku, run, index);
  const onNode = (path: string, sku: string) => (run: string) => (index: number) => ({
    ...placeOrder(sku, run, index),
    path,
  });
  const designs = ["transaction", "statement"].flatMap((kind): RowPlan[] => [
    [`node+postgres ${kind}, refused`, nodePort, onNode(`/${kind}/orders`, GONE)],
    [`node+postgres ${kind}, placed`, nodePort, onNode(`/${kind}/orders`, HOT)],
  ]);
  const onRedis: RowPlan[] = [
    ["node+redis, refused", nodePort, onNode("/redis/orders", GONE)],
    ["node+redis, placed", nodePort, onNode("/redis/orders", HOT)],
  ];
  const status = () => (index: number) => {
    const read = placed[index % placed.length];
    if (read === undefined) throw new Error("no order was placed to be read");
    return readOrder(read.orderId, read.token, index);
  };
  // The baselines answer the very request that the store answers: what differs is what is done with it.
  const sameTo =
    (path: (run: string, index: number) => string, sku: string) => (run: string) => (index: number) => ({
      ...placeOrder(sku, run, index),
      path: path(run, index),
    });
  return [
    [
      ["hello", baselinePort, get("/hello")],
      ["bare call, empty GET", baselinePort, get("/bare")],
      ["bare call", baselinePort, sameTo(() => "/bare", GONE)],
      ["refused", port, order(GONE)],
      ["product page, uncached", port, () => uncachedPage],
      ["product page, from a copy", port, get(PAGE)],
    ],
    [
      ["bare new object", baselinePort, sameTo((run, index) => `/new/${run}-${String(index)}`, HOT)],
      ["placed", port, order(HOT)],
    ],
    [["status read", port, status]],
    [...(redis ? onRedis : []), ...designs],
  ];
}

/** A request with credentials is never answered from a copy: this is what a page costs when the Worker makes it. */
function uncachedPage(index: number): HttpCall {
  const headers = { authorization: "Bearer nobody", "cf-connecting-ip": addressOf(index) };
  return { method: "GET", path: PAGE, headers };
}

/** The hot SKU has more than anyone asks for, the other nothing. */
async function prepareStock(store: BenchStore, nodePort: number, redis: boolean): Promise<void> {
  await store.adjust(HOT, PLENTY);
  const { available } = await store.figures(GONE);
  await store.adjust(GONE, -available);
  const agent = new Agent();
  for (const kind of redis ? ["redis", "postgres"] : ["postgres"]) {
    for (const [sku, units] of [
      [HOT, PLENTY],
      [GONE, 0],
    ] as const) {
      await send(agent, nodePort, { method: "POST", path: `/${kind}/stock/${sku}/${String(units)}` });
    }
  }
  agent.destroy();
}

async function startNodeStore(
  store: BenchStore,
): Promise<{ port: number; redis: boolean; stop: () => Promise<void> }> {
  const port = await choosePort();
  let redis = false;
  const { endpoints, settings } = store.platform;
  const args = [
    "--port",
    String(port),
    "--postgres",
    endpoints.postgres,
    "--directory",
    settings.stateDirectory,
  ];
  const child = await startChild({
    name: "the compared designs",
    command: process.execPath,
    args: [join(PROJECT_DIRECTORY, "tests/bench/node-store.ts"), ...args],
    readyLine: (line) => {
      if (!line.startsWith('{"ready":true')) return false;
      redis = line.includes('"redis":true');
      return true;
    },
  });
  return { port, redis, stop: () => child.stop() };
}

/** The round whose rate is in the middle: one slow round does not decide. */
function median(results: readonly LoadResult[]): LoadResult {
  const sorted = [...results].sort((a, b) => a.rate - b.rate);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error("nothing was measured");
  return middle;
}
