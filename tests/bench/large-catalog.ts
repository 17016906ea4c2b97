/**
 * What ten thousand products and thirty thousand SKUs cost a whole store, cron included: the isolate's heap, the calls of each kind
 * of invocation, the size of the copies, and how long one tick of the cron takes to tell all SKUs their terms.
 *
 *     node tests/bench/large-catalog.ts [--products 10000] [--json FILE]
 *
 * `--products 0` measures the seed catalog alone. Needs 3 GB of memory: every SKU's object is made.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildAssets } from "../../local/build/assets.ts";
import { buildWorker } from "../../local/built-store/build.ts";
import { PROJECT_DIRECTORY } from "../../local/orchestration/settings.ts";
import { choosePort } from "../../local/process/free-port.ts";
import { largestInvocations, listEverything, untilConfigured } from "../fixtures/large-store.ts";
import { isolateHeapBytes } from "../harness/isolate-heap.ts";
import { startRunningStore, type RunningStore } from "../harness/running-store.ts";
import type { InvocationCalls } from "../harness/store.ts";

const { values } = parseArgs({
  options: { products: { type: "string", default: "10000" }, json: { type: "string" } },
});

interface Report {
  readonly at: string;
  readonly products: number;
  readonly skus: number;
  readonly heapBytes: Readonly<Record<string, number>>;
  readonly milliseconds: Readonly<Record<string, number>>;
  readonly copies: { readonly indexBytes: number; readonly productBytes: number };
  readonly largestInvocations: readonly InvocationCalls[];
}

await buildAssets();
const inspectorPort = await choosePort();
const running = await startRunningStore({
  script: await buildWorker(join(PROJECT_DIRECTORY, "dist/worker-large")),
  generatedProducts: Number(values.products),
  countCalls: true,
  inspectorPort,
});
try {
  const report = await measure(running);
  print(report);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
} finally {
  await running.stop();
}

async function measure({ store }: RunningStore): Promise<Report> {
  const heapBytes: Record<string, number> = {};
  const milliseconds: Record<string, number> = {};
  const heap = async (when: string): Promise<void> => {
    heapBytes[when] = await isolateHeapBytes(inspectorPort);
    console.log(line(`heap ${when}`, megabytes(heapBytes[when])));
  };
  const timed = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const startedAt = performance.now();
    const result = await work();
    milliseconds[what] = performance.now() - startedAt;
    console.log(line(what, `${(milliseconds[what] / 1000).toFixed(2)} s`));
    return result;
  };
  await store.request("GET", "/help");
  await heap("before the catalog");
  await timed("the home page, by an isolate without an index", () => store.request("GET", "/"));
  await heap("with the index");
  const { products, skuCount } = await timed("all products by the API", () => listEverything(store));
  await heap("with as many products as it remembers");
  await timed("one tick of the cron, every SKU configured", async () => {
    await store.runCron(Date.now());
    await untilConfigured(store);
  });
  await heap("and the objects of SKUs");
  return {
    at: new Date().toISOString(),
    products: products.length,
    skus: skuCount,
    heapBytes,
    milliseconds,
    copies: await copiesOf(store),
    largestInvocations: largestInvocations(store.invocations()),
  };
}

/** What Redis keeps of the catalog, in characters. */
async function copiesOf({ endpoints }: RunningStore["store"]): Promise<Report["copies"]> {
  const ask = async (...command: string[]): Promise<unknown> => {
    const response = await fetch(endpoints.redis, {
      method: "POST",
      headers: { authorization: `Bearer ${endpoints.redisToken}` },
      body: JSON.stringify(command),
    });
    return ((await response.json()) as { result: unknown }).result;
  };
  const sizeOf = async (pattern: string): Promise<number> => {
    const keys = (await ask("KEYS", pattern)) as string[];
    let sum = 0;
    for (const key of keys) sum += Number(await ask("STRLEN", key));
    return sum;
  };
  return {
    indexBytes: await sizeOf("catalog:v4:page/*"),
    productBytes: await sizeOf("catalog:v4:product/*"),
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function line(what: string, figure: string): string {
  return `${what.padEnd(60)}${figure.padStart(10)}`;
}

/** What was not printed as it was measured. */
function print({ products, skus, copies, largestInvocations: largest }: Report): void {
  console.log(line("products", String(products)));
  console.log(line("SKUs", String(skus)));
  console.log(line("copies of the index, in Redis", megabytes(copies.indexBytes)));
  console.log(line("copies of products, in Redis", megabytes(copies.productBytes)));
  for (const { name, calls, kinds, largestBody } of largest)
    console.log(
      `${line(`most calls of ${name}`, String(calls))}  ${JSON.stringify(kinds)}, body ${largestBody}`,
    );
}
