/**
 * The proof that the pages most visitors come in by are fast and well made, as Lighthouse measures a phone on slow 4G: the
 * median of five runs, figure by figure.
 *
 * Measured on the built Worker over plain HTTP/1.1 on this machine, which browsers hold for secure. Its runtime compresses
 * answers as Cloudflare's edge does. What the edge adds is not in the figures: a handshake for TLS, and one connection
 * (HTTP/2 or 3) in the place of six.
 */
import runLighthouse, { type Flags, type Result } from "lighthouse";
import { choosePort } from "../../local/process/free-port.ts";
import { launchBrowser } from "../browser/browser.ts";
import { MEASURED_PAGES } from "../browser/pages.ts";
import type { Outcome, Proof } from "./proof.ts";

const RUNS = 5;
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"] as const;
/** Of 100. */
const LEAST_SCORE = 98;

/** What is measured beside the scores: its audit, and the most it may be. */
const METRICS = {
  lcpMs: { audit: "largest-contentful-paint", most: 1_500 },
  cls: { audit: "cumulative-layout-shift", most: 0.02 },
  tbtMs: { audit: "total-blocking-time", most: 50 },
} as const;

type Category = (typeof CATEGORIES)[number];
type Metric = keyof typeof METRICS;

/** One page's figures, of one run or the medians of several. */
export interface PageFigures {
  readonly scores: Readonly<Record<Category, number>>;
  readonly metrics: Readonly<Record<Metric, number>>;
}

interface MeasuredPage extends PageFigures {
  readonly name: string;
  /** Audits that cost points in any run: id and what it says. */
  readonly audits: readonly string[];
}

export const lighthouse: Proof = {
  name: "lighthouse",
  async run({ scene }, say): Promise<Outcome> {
    const origin = (await scene()).store.url;
    const port = await choosePort();
    // A browser of its own: Lighthouse drives it past Playwright, and nothing else may run in it.
    const browser = await launchBrowser([`--remote-debugging-port=${String(port)}`]);
    try {
      const pages: MeasuredPage[] = [];
      const broken: string[] = [];
      for (const { name, path } of MEASURED_PAGES) {
        try {
          pages.push(await measure(name, new URL(path, origin).href, port));
          say(`measured ${name}`);
        } catch (error) {
          broken.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
        }
      }
      say(`${table(pages)}\nmedian of ${String(RUNS)} runs, Chromium ${browser.version()}`);
      for (const page of pages) {
        const lines = shortcomings(page);
        broken.push(...lines.map((line) => `${page.name}: ${line}`));
        if (page.audits.length > 0) say(`${page.name} loses points by ${page.audits.join(", ")}`);
      }
      const held = pages.filter((page) => shortcomings(page).length === 0).length;
      return { held, broken, figures: pages };
    } finally {
      await browser.close();
    }
  },
};

/** @throws Error where the page cannot be measured at all */
async function measure(name: string, url: string, port: number): Promise<MeasuredPage> {
  // The first answer after a start compiles and fills caches; visitors come later.
  const first = await fetch(url);
  await first.arrayBuffer();
  if (!first.ok) throw new Error(`${url} answers ${String(first.status)}`);
  const runs: PageFigures[] = [];
  const audits = new Set<string>();
  for (let run = 0; run < RUNS; run += 1) {
    const result = await runOnce(url, port);
    runs.push(figuresOf(result));
    for (const line of costlyAudits(result)) audits.add(line);
  }
  return { name, ...medians(runs), audits: [...audits] };
}

async function runOnce(url: string, port: number): Promise<Result> {
  const flags: Flags = { port, output: "json", logLevel: "error", onlyCategories: [...CATEGORIES] };
  const lhr = (await runLighthouse(url, flags))?.lhr;
  if (lhr === undefined) throw new Error(`Lighthouse answered nothing for ${url}`);
  if (lhr.runtimeError !== undefined) throw new Error(`${url}: ${lhr.runtimeError.message}`);
  return lhr;
}

function figuresOf({ categories, audits }: Result): PageFigures {
  return {
    scores: byName(CATEGORIES, (category) => Math.round((categories[category]?.score ?? 0) * 100)),
    metrics: byName(Object.keys(METRICS) as Metric[], (name) => {
      const value = audits[METRICS[name].audit]?.numericValue;
      if (value === undefined) throw new Error(`Lighthouse did not measure ${METRICS[name].audit}`);
      return value;
    }),
  };
}

/** Weighted audits that are not perfect, each in one line. */
function costlyAudits({ categories, audits }: Result): string[] {
  return Object.values(categories).flatMap(({ id: category, auditRefs }) =>
    auditRefs
      .filter(
        ({ weight, id }) => weight > 0 && (audits[id]?.score ?? 1) < (category === "performance" ? 0.9 : 1),
      )
      .map(({ id }) => `${category}/${id}`),
  );
}

export function medians(runs: readonly PageFigures[]): PageFigures {
  return {
    scores: byName(CATEGORIES, (category) => median(runs.map(({ scores }) => scores[category]))),
    metrics: byName(Object.keys(METRICS) as Metric[], (name) =>
      median(runs.map(({ metrics }) => metrics[name])),
    ),
  };
}

/** @throws RangeError for no values */
function median(values: readonly number[]): number {
  const middle = [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
  if (middle === undefined) throw new RangeError("a median needs values");
  return middle;
}

/** What of the figures is not good enough, a line each. */
export function shortcomings({ scores, metrics }: PageFigures): string[] {
  return [
    ...CATEGORIES.filter((category) => scores[category] < LEAST_SCORE).map(
      (category) => `${category} ${String(scores[category])}, at least ${String(LEAST_SCORE)} is asked for`,
    ),
    ...(Object.keys(METRICS) as Metric[])
      .filter((name) => metrics[name] > METRICS[name].most)
      .map((name) => `${name} ${shown(metrics[name])}, at most ${String(METRICS[name].most)} is allowed`),
  ];
}

/** As Markdown, for the docs. */
function table(pages: readonly MeasuredPage[]): string {
  const head = ["page", ...CATEGORIES, "LCP (ms)", "CLS", "TBT (ms)"];
  const rows = pages.map(({ name, scores, metrics }) => [
    name,
    ...CATEGORIES.map((category) => String(scores[category])),
    ...(Object.keys(METRICS) as Metric[]).map((metric) => shown(metrics[metric])),
  ]);
  const asked = [
    "asked for",
    ...CATEGORIES.map(() => `≥ ${String(LEAST_SCORE)}`),
    ...Object.values(METRICS).map(({ most }) => `≤ ${String(most)}`),
  ];
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...[...rows, asked].map(line)].join("\n");
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
