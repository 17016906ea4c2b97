/** What Lighthouse's figures must be, what is the middle of several runs, and how they are told. */

export const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"] as const;
/** Of 100. */
const LEAST_SCORE = 98;

/** What is measured beside the scores: its audit, and the most it may be. */
export const METRICS = {
  lcpMs: { audit: "largest-contentful-paint", title: "LCP (ms)", most: 1_500 },
  cls: { audit: "cumulative-layout-shift", title: "CLS", most: 0.02 },
  tbtMs: { audit: "total-blocking-time", title: "TBT (ms)", most: 50 },
} as const;

type Category = (typeof CATEGORIES)[number];
type Metric = keyof typeof METRICS;
const METRIC_NAMES = Object.keys(METRICS) as Metric[];

/** One page's figures, of one run or the medians of several. */
export interface PageFigures {
  readonly scores: Readonly<Record<Category, number>>;
  readonly metrics: Readonly<Record<Metric, number>>;
}

export interface NamedFigures extends PageFigures {
  readonly name: string;
}

/** @param metric takes the name of Lighthouse's audit */
export function pageFigures(
  score: (category: Category) => number,
  metric: (audit: string) => number,
): PageFigures {
  return {
    scores: byName(CATEGORIES, score),
    metrics: byName(METRIC_NAMES, (name) => metric(METRICS[name].audit)),
  };
}

/** Figure by figure. @throws RangeError for no runs */
export function medians(runs: readonly PageFigures[]): PageFigures {
  return {
    scores: byName(CATEGORIES, (category) => median(runs.map(({ scores }) => scores[category]))),
    metrics: byName(METRIC_NAMES, (name) => median(runs.map(({ metrics }) => metrics[name]))),
  };
}

/** What of the figures is not good enough, a line each. */
export function shortcomings({ scores, metrics }: PageFigures): string[] {
  return [
    // Not `<`: what is no number is not good enough either.
    ...CATEGORIES.filter((category) => !(scores[category] >= LEAST_SCORE)).map(
      (category) => `${category} ${String(scores[category])}, at least ${String(LEAST_SCORE)} is asked for`,
    ),
    ...METRIC_NAMES.filter((name) => !(metrics[name] <= METRICS[name].most)).map(
      (name) =>
        `${METRICS[name].title} ${shown(metrics[name])}, at most ${String(METRICS[name].most)} is allowed`,
    ),
  ];
}

/** As Markdown, for the docs. */
export function figuresTable(pages: readonly NamedFigures[]): string {
  const head = ["page", ...CATEGORIES, ...METRIC_NAMES.map((name) => METRICS[name].title)];
  const rows = pages.map(({ name, scores, metrics }) => [
    name,
    ...CATEGORIES.map((category) => String(scores[category])),
    ...METRIC_NAMES.map((metric) => shown(metrics[metric])),
  ]);
  const asked = [
    "asked for",
    ...CATEGORIES.map(() => `≥ ${String(LEAST_SCORE)}`),
    ...METRIC_NAMES.map((name) => `≤ ${String(METRICS[name].most)}`),
  ];
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [head, head.map(() => "---"), ...rows, asked].map(line).join("\n");
}

function median(values: readonly number[]): number {
  const middle = [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
  if (middle === undefined) throw new RangeError("a median needs values");
  return middle;
}

/** Milliseconds whole, shares of the window to three places. */
function shown(value: number): string {
  return value >= 1 ? String(Math.round(value)) : String(Math.round(value * 1000) / 1000);
}

function byName<Name extends string>(
  names: readonly Name[],
  value: (name: Name) => number,
): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Record<Name, number>;
}
