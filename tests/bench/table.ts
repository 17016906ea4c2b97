/** Prints a report: rows, ratios, latencies, and the promises that it keeps or breaks. */
import type { CpuByPart } from "./cpu.ts";
import { NO_ANSWER } from "./http-client.ts";
import type { GrowthPoint } from "./growth.ts";
import type { LoadResult } from "./load.ts";
import type { PlacingAt, PollingResult, RushResult } from "./open-loops.ts";
import { verdictsOf } from "./promises.ts";
import type { CpuBySteps, PurchaseResult } from "./purchases.ts";
import type { Report } from "./report.ts";
import type { Row } from "./rows.ts";
import { printSearch } from "./search.ts";

export function printReport(report: Report): void {
  console.log(`\n${report.cores} cores; object state and Postgres in memory; load from the same machine`);
  if (report.rows.length > 0) printRows(report);
  if (report.latency !== undefined) printLatency(report.latency);
  if (report.polling !== undefined) printPolling(report.polling);
  if (report.rush !== undefined) printRush(report.rush);
  for (const purchases of Object.values(report.purchasesAt ?? {})) printPurchases(purchases);
  if (report.purchaseCpuBySteps !== undefined) printSteps(report.purchaseCpuBySteps);
  if (report.search !== undefined) printSearch(report.search);
  for (const points of [report.memory, report.growth]) if (points !== undefined) printGrowth(points);
  printVerdicts(report);
}

function printRows({ rows, ratios, skuCallsPerPlacedOrder }: Report): void {
  table("row", ["conn", "per s", "p50 ms", "p99 ms", "client"], rows.map(rowOf));
  for (const row of rows) printOthers(`${row.name} at ${row.connections}`, row);
  const ratioRows = ratios.map(
    ({ name, connections, value }) => [name, String(connections), value.toFixed(2)] as const,
  );
  table("ratio", ["conn", "value"], ratioRows);
  for (const [connections, calls] of Object.entries(skuCallsPerPlacedOrder))
    console.log(`calls into the hot SKU's object for a placed order at ${connections}: ${calls.toFixed(2)}`);
}

function rowOf({ name, connections, rate, p50Ms, p99Ms, clientCores }: Row): readonly string[] {
  return [
    name,
    String(connections),
    rate.toFixed(0),
    p50Ms.toFixed(1),
    p99Ms.toFixed(1),
    clientCores.toFixed(2),
  ];
}

/** A row that was answered in more than one way says how. */
function printOthers(what: string, { statuses }: LoadResult): void {
  if (Object.keys(statuses).length > 1) console.log(`  ${what}: ${statusesOf(statuses)}`);
}

function printLatency(latency: readonly PlacingAt[]): void {
  table(
    "placing, arrivals a second",
    ["per s", "p50 ms", "p95 ms", "p99 ms", "at once"],
    latency.map((each) => [
      String(each.arrivalRate),
      each.rate.toFixed(0),
      ...[each.p50Ms, each.p95Ms, each.p99Ms].map((ms) => ms.toFixed(1)),
      String(each.mostAtOnce),
    ]),
  );
  for (const each of latency) printOthers(`placing at ${each.arrivalRate} a second`, each);
}

function printPolling({ pages, placingAlone, placingBeside, polls }: PollingResult): void {
  table(
    `${pages} order pages poll`,
    ["per s", "p50 ms", "p99 ms"],
    [
      ["placing, nobody polls", placingAlone] as const,
      ["placing beside the polls", placingBeside] as const,
      ["the polls", polls] as const,
    ].map(([name, each]) => [name, each.rate.toFixed(0), each.p50Ms.toFixed(1), each.p99Ms.toFixed(1)]),
  );
  printOthers("placing beside the polls", placingBeside);
  printOthers("the polls", polls);
}

function printRush({ buyers, units, arrivalRate, statuses, refusals, placements, broken }: RushResult): void {
  console.log(
    `\n${buyers} buyers for ${units} units at ${arrivalRate} arrivals a second: ${statusesOf(statuses)}\n` +
      `  placed p50 ${placements.p50Ms.toFixed(0)} ms, p99 ${placements.p99Ms.toFixed(0)} ms;` +
      ` refused p50 ${refusals.p50Ms.toFixed(0)} ms, p99 ${refusals.p99Ms.toFixed(0)} ms`,
  );
  for (const sentence of broken) console.log(`  BROKEN: ${sentence}`);
}

function printPurchases({
  clients,
  rate,
  p50Ms,
  p99Ms,
  cpuMsPerPurchase,
  cpuMsByPart,
}: PurchaseResult): void {
  console.log(
    `\nwhole purchases at ${clients} clients: ${rate.toFixed(1)}/s, p50 ${p50Ms.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms, ${cpuMsPerPurchase.toFixed(1)} ms of CPU each`,
  );
  console.log(`  CPU ms: ${partsOf(cpuMsByPart)}`);
}

function printSteps(steps: CpuBySteps): void {
  console.log("\nCPU ms of one purchase by step, one step after the other:");
  for (const [name, cpu] of Object.entries(steps)) console.log(`  ${name.padEnd(14)} ${partsOf(cpu)}`);
}

function printGrowth(points: readonly GrowthPoint[]): void {
  table(
    "live orders",
    ["placed/s", "p99 ms", "CPU ms", "reads/s", "MiB"],
    points.map((point) => [
      String(point.orders),
      point.placedPerSecond.toFixed(0),
      point.placingP99Ms.toFixed(1),
      point.runtimeCpuMsPerOrder.toFixed(2),
      point.statusReadsPerSecond.toFixed(0),
      (point.residentBytes / 2 ** 20).toFixed(0),
    ]),
  );
}

function printVerdicts(report: Report): void {
  const verdicts = verdictsOf(report);
  if (verdicts.length === 0) return;
  console.log("\npromises");
  for (const { what, value, promised, kept } of verdicts) {
    const digits = value < 10 ? 2 : 0;
    console.log(
      `  ${kept ? "kept  " : "BROKEN"} ${value.toFixed(digits).padStart(7)}  ${what} (${promised})`,
    );
  }
}

const FIRST_COLUMN = 40;
const COLUMN = 9;

function table(first: string, columns: readonly string[], rows: readonly (readonly string[])[]): void {
  const line = ([name = "", ...cells]: readonly string[]): string =>
    name.padEnd(FIRST_COLUMN) + cells.map((cell) => cell.padStart(COLUMN)).join("");
  console.log(`\n${line([first, ...columns])}`);
  for (const row of rows) console.log(line(row));
}

function statusesOf(statuses: Readonly<Record<string, number>>): string {
  return Object.entries(statuses)
    .map(([status, count]) => `${count} × ${Number(status) === NO_ANSWER ? "no answer" : status}`)
    .join(", ");
}

/** Most first. */
function partsOf(cpu: CpuByPart): string {
  return Object.entries(cpu)
    .filter(([, milliseconds]) => milliseconds >= 0.05)
    .sort(([, one], [, other]) => other - one)
    .map(([name, milliseconds]) => `${name} ${milliseconds.toFixed(1)}`)
    .join(", ");
}
