/** What the store promises of its speed, and which of it a report keeps. Pure. */
import type { Report } from "./report.ts";
import type { Row } from "./rows.ts";

export interface Ratio {
  readonly name: string;
  readonly connections: number;
  readonly value: number;
  /** What is promised, where something is. */
  readonly atLeast: number | null;
}

export interface Verdict {
  readonly what: string;
  readonly value: number;
  readonly promised: string;
  readonly kept: boolean;
}

const RATIOS: readonly (readonly [of: string, to: string, atLeast: number | null])[] = [
  ["refused", "bare call", 0.45],
  ["placed", "one-row write", 0.35],
  ["placed", "node+postgres transaction, placed", 1.2],
  ["status read", "bare call", 0.6],
  ["placed", "bare new object", null],
  ["refused", "bare call, empty GET", null],
  ["status read", "bare call, empty GET", null],
  ["refused", "hello", null],
  ["product page, uncached", "hello", null],
  ["product page, from a copy", "hello", null],
  ["refused", "node+redis, refused", null],
  ["refused", "node+postgres transaction, refused", null],
  ["refused", "node+postgres statement, refused", null],
  ["placed", "node+redis, placed", null],
  ["placed", "node+postgres statement, placed", null],
];

/** Of the rows that are there. */
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

const LEAST_RATES: Readonly<Record<string, number>> = { placed: 1_200, refused: 2_000 };

/** Every promise that the measured sections can tell about. */
export function verdictsOf(report: Report): Verdict[] {
  const { rows, ratios, purchases, skuCallsPerPlacedOrder, perLiveOrderBytes, rush } = report;
  const verdicts: Verdict[] = [];
  const atLeast = (what: string, value: number | undefined, bound: number): void => {
    if (value !== undefined)
      verdicts.push({ what, value, promised: `at least ${bound}`, kept: value >= bound });
  };
  const atMost = (what: string, value: number | undefined, bound: number): void => {
    if (value !== undefined)
      verdicts.push({ what, value, promised: `at most ${bound}`, kept: value <= bound });
  };
  for (const { name, connections, rate } of rows) {
    const least = LEAST_RATES[name];
    if (least !== undefined) atLeast(`${name} a second at ${connections} connections`, rate, least);
  }
  for (const ratio of ratios) {
    if (ratio.atLeast !== null) atLeast(`${ratio.name} at ${ratio.connections}`, ratio.value, ratio.atLeast);
  }
  atLeast("whole purchases a second at 64 clients", purchases?.rate, 150);
  atMost("ms of the store's CPU for a purchase at 64 clients", purchases?.cpuMsByPart["store"], 7);
  atMost("calls into the hot SKU's object for a placed order at 256", skuCallsPerPlacedOrder["256"], 0.3);
  atMost("bytes of memory for a live order", perLiveOrderBytes, 8 * 1024);
  atMost("ms for the p99 of a refusal in the rush", rush?.refusals.p99Ms, 500);
  return verdicts;
}
