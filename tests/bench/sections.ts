/** Measures the sections that were asked for, one after another. */
import { availableParallelism } from "node:os";
import { startBaseline, startOtherDesigns } from "./baselines.ts";
import { bytesPerLiveOrder, measureGrowth } from "./growth.ts";
import { measurePlacingAt, measurePolling, measureRush } from "./open-loops.ts";
import type { BenchOptions, Section } from "./options.ts";
import type { Parts } from "./parts.ts";
import { ratiosOf } from "./promises.ts";
import { measurePurchases, measurePurchaseSteps, type PurchaseResult } from "./purchases.ts";
import type { Report } from "./report.ts";
import { HOT_SKU, RowBench, type Measured, type Row, type RowGroup } from "./rows.ts";
import { measureSearchAlone } from "./search.ts";
import { startBenchStore, type BenchStore } from "./store.ts";

const ROW_GROUPS: readonly RowGroup[] = ["reads", "placing", "status", "designs"];
const ARRIVAL_RATES = [50, 200, 800];
const OPEN_LOOP_SECONDS = 10;
const POLLING_PAGES = 5_000;
const RUSH = { buyers: 5_000, units: 500, arrivalRate: 800 };
const PURCHASE_CLIENTS = [16, 64];
const STEP_PURCHASES = 1_000;

type Sections = Omit<Report, "at" | "cores" | "secondsPerRow" | "rounds" | "ratios">;

/** @throws Error where a part cannot be started or a request fails: a benchmark with failures measures nothing */
export async function measureSections(options: BenchOptions, parts: Parts): Promise<Report> {
  const onStore = ON_THE_STORE.some((section) => options.sections.includes(section));
  const measured = onStore ? await onOneStore(options, parts) : NO_ROWS;
  const search = begins("search", options) ? { search: await measureSearchAlone() } : {};
  return {
    at: new Date().toISOString(),
    cores: availableParallelism(),
    secondsPerRow: options.seconds,
    rounds: options.rounds,
    ratios: ratiosOf(measured.rows),
    ...measured,
    ...search,
    ...(await memoryOf(options, parts)),
  };
}

/** Whether the section was asked for; says on standard error, apart from the report, that it begins. */
function begins(section: Section, { sections }: BenchOptions): boolean {
  const asked = sections.includes(section);
  if (asked) console.error(`measuring ${section} …`);
  return asked;
}

const ON_THE_STORE: readonly Section[] = [...ROW_GROUPS, "latency", "polling", "rush", "purchases"];
const NO_ROWS = { rows: [], skuCallsPerPlacedOrder: {} };

/** Everything that one store can be asked one after another; it is stopped at the end. */
async function onOneStore(options: BenchOptions, parts: Parts): Promise<Sections> {
  const { sections, rounds, seconds } = options;
  const begin = (section: Section): boolean => begins(section, options);
  const store = await parts.add(startBenchStore());
  const baseline = await parts.add(startBaseline());
  const designs = sections.includes("designs") ? await parts.add(startOtherDesigns(store)) : null;
  const bench = new RowBench({ store, baseline, designs });
  await bench.prepareStock();
  const groups: Measured[] = [];
  for (const group of ROW_GROUPS)
    if (begin(group)) groups.push(await bench.measure(group, { rounds, seconds }));
  const measured = {
    rows: groups.flatMap(({ rows }): Row[] => rows),
    skuCallsPerPlacedOrder: Object.assign({}, ...groups.map((each) => each.skuCallsPerPlacedOrder)) as Record<
      string,
      number
    >,
    ...(begin("latency") ? { latency: await measurePlacingAt(store, ARRIVAL_RATES, OPEN_LOOP_SECONDS) } : {}),
    ...(begin("polling")
      ? { polling: await measurePolling(store, await bench.keptOrders(POLLING_PAGES), OPEN_LOOP_SECONDS) }
      : {}),
    ...(begin("rush") ? { rush: await measureRush(store, RUSH) } : {}),
    ...(begin("purchases") ? await purchasesOn(store, options) : {}),
    hotSku: await store.figures(HOT_SKU),
  };
  await parts.stop();
  return measured;
}

async function purchasesOn(store: BenchStore, { purchaseSeconds }: BenchOptions) {
  const purchasesAt: Record<string, PurchaseResult> = {};
  for (const clients of PURCHASE_CLIENTS)
    purchasesAt[clients] = await measurePurchases(store, { sku: HOT_SKU, clients, seconds: purchaseSeconds });
  const purchases = purchasesAt[Math.max(...PURCHASE_CLIENTS)];
  if (purchases === undefined) throw new Error("no purchase was measured");
  const steps = { sku: HOT_SKU, clients: 16, purchases: STEP_PURCHASES };
  return { purchasesAt, purchases, purchaseCpuBySteps: await measurePurchaseSteps(store, steps) };
}

/** Each on a store that has done nothing else. */
async function memoryOf(options: BenchOptions, parts: Parts) {
  const grow = async (checkpoints: readonly number[]) => {
    const store = await parts.add(startBenchStore());
    const points = await measureGrowth(store, checkpoints);
    await parts.stop();
    return points;
  };
  const memory = begins("memory", options) ? await grow(options.memoryOrders) : null;
  const growth = begins("growth", options) ? await grow(options.growthOrders) : null;
  return {
    ...(memory === null ? {} : { memory, perLiveOrderBytes: bytesPerLiveOrder(memory) }),
    ...(growth === null ? {} : { growth }),
  };
}
