/** The benchmark's table: rates, latencies, and the ratios that the store promises to keep. */
import type { LoadResult } from "./load.ts";
import type { PurchaseResult } from "./purchases.ts";
import { printSearch, type SearchMeasurement } from "./search.ts";

export interface Row extends LoadResult {
  readonly name: string;
  readonly connections: number;
}

export interface Ratio {
  readonly name: string;
  readonly connections: number;
  readonly value: number;
  /** What is promised, where something is. */
  readonly atLeast: number | null;
}

interface Report {
  readonly cores: number;
  readonly rows: readonly Row[];
  readonly ratios: readonly Ratio[];
  readonly purchases: PurchaseResult;
  readonly search: SearchMeasurement;
}

const RATIOS: readonly (readonly [of: string, to: string, atLeast: number | null])[] = [
  ["refused", "bare call", 0.6],
  ["placed", "bare new object", 0.4],
  ["refused", "bare call, empty GET", null],
  ["status read", "bare call, empty GET", null],
  ["refused", "hello", null],
  ["product page, uncached", "hello", 0.3],
  ["product page, from a copy", "hello", null],
  ["refused", "node+redis, refused", null],
  ["refused", "node+postgres transaction, refused", null],
  ["refused", "node+postgres statement, refused", null],
  ["placed", "node+redis, placed", null],
  ["placed", "node+postgres transaction, placed", null],
  ["placed", "node+postgres statement, placed", null],
];

export function ratiosOf(rows: readonly Row[]): Ratio[] {
  const connections = [...new Set(rows.map((row) => row.connections))];
  return connections.flatMap((each) =>
    RATIOS.flatMap(([of, to, atLeast]) => {
      const above = rows.find((row) => row.name === of && row.connections === each);
      const below = rows.find((row) => row.name === to && row.connections === each);
      if (above === undefined || below === undefined) return [];
      return [{ name: `${of} / ${to}`, connections: each, value: above.rate / below.rate, atLeast }];
    }),
  );
}

export function printTable({ cores, rows, ratios, purchases, search }: Report): void {
  console.log(`\n${String(cores)} cores; object state and Postgres in memory; load from the same machine\n`);
  console.log(
    `${"row".padEnd(38)}${"conn".padStart(5)}${"per s".padStart(9)}${"p50 ms".padStart(9)}${"p99 ms".padStart(9)}`,
  );
  for (const row of rows) {
    const { name, connections, rate, p50Ms, p99Ms } = row;
    console.log(
      `${name.padEnd(38)}${String(connections).padStart(5)}${rate.toFixed(0).padStart(9)}${p50Ms.toFixed(1).padStart(9)}${p99Ms.toFixed(1).padStart(9)}`,
    );
  }
  console.log(`\n${"ratio".padEnd(52)}${"conn".padStart(5)}${"value".padStart(8)}  promised`);
  for (const { name, connections, value, atLeast } of ratios) {
    const promise = atLeast === null ? "" : `${value >= atLeast ? "kept" : "BROKEN"} (${String(atLeast)})`;
    console.log(
      `${name.padEnd(52)}${String(connections).padStart(5)}${value.toFixed(2).padStart(8)}  ${promise}`,
    );
  }
  const { clients, rate, p50Ms, p99Ms, cpuShares, cpuMsPerPurchase } = purchases;
  console.log(
    `\nwhole purchases at ${String(clients)} clients: ${rate.toFixed(1)}/s, p50 ${p50Ms.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms, ${cpuMsPerPurchase.toFixed(1)} ms of CPU each`,
  );
  const shares = Object.entries(cpuShares)
    .sort(([, a], [, b]) => b - a)
    .map(([name, share]) => `${name} ${(share * 100).toFixed(0)}%`);
  console.log(`  CPU: ${shares.join(", ")}\n`);
  printSearch(search);
}
