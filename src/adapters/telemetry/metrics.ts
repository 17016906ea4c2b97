/**
 * Metrics in Workers Analytics Engine: the one place that knows the meaning of each column.
 *
 * | column  | meaning |
 * |---------|---------|
 * | index1  | metric name (also the sampling key) |
 * | blob1   | metric name |
 * | blob2   | outcome or reason, e.g. `acknowledged`, `sold_out`; empty where there is one outcome only |
 * | blob3   | where: queue, route or job; empty where it says nothing |
 * | blob4   | SKU; empty where the metric is not about one |
 * | double1 | how many (1 for a single event) |
 * | double2 | milliseconds it took; 0 where nothing was timed |
 * | double3 | a score without a unit; left out (read as 0) where there is none |
 *
 * Columns are only ever added. There is never a person's data in any of them.
 */

export const METRICS = {
  /** Messages a consumer finished with; outcome `acknowledged`, `retried`, `dead_lettered`. double2: the whole batch. */
  queue_messages: "queue_messages",
  /** Snapshots or ledger ranges left to be sent again because Postgres is away; where: queue. */
  persist_deferred: "persist_deferred",
  /** Confirmations that did not reach the object; it sends again. where: queue. */
  confirm_lost: "confirm_lost",
  /** Messages that reached a dead-letter queue; where: the queue they come from. */
  dead_letters: "dead_letters",
  /** Differences between the parts of the store that reconciliation found; outcome: what was done; where: its kind. */
  reconciliation_drifts: "reconciliation_drifts",
  /** Figures published to Redis; outcome `published`, `outdated`, `failed`. */
  stock_published: "stock_published",
  /** Orders whose rules failed or whose state cannot be read: left alone for a while, to be looked at. */
  orders_set_aside: "orders_set_aside",
  /** Orders whose SKU had no hold to confirm, so that they were canceled. Never in a store whose clocks agree. */
  confirms_refused: "confirms_refused",
  /** Operations performed at Stripe; outcome is the operation's kind, or `busy`, `failed`, `left` (for another batch). double2: all of them together. */
  payment_operations: "payment_operations",
  /** What an order owed at Stripe and Stripe refused for good, so that ops must see to it; outcome: the operation's kind. */
  payment_operations_given_up: "payment_operations_given_up",
  /** Stripe events that could not be recorded in the inbox (a record, not a gate). */
  stripe_events_unrecorded: "stripe_events_unrecorded",
  /** E-mails; outcome `sent`, `repeated`, `obsolete`, `failed`, `refused` (for good), `over_limit`; where: the notice's kind. */
  notices: "notices",
  /** A source of availability that failed; where: `cache`, `redis`, `postgres`. */
  availability_faults: "availability_faults",
  /** Runs of scheduled work; outcome `done`, `failed`; where: job. */
  scheduled_jobs: "scheduled_jobs",
  /** Requests to place an order; outcome `placed`, `replayed` or the refusal's code. */
  placements: "placements",
  /** People told from programs; outcome `passed`, `waited` or why not (`missing`, `refused`, `unreachable`, …); where: for what. */
  challenges: "challenges",
  /** Answered requests; outcome: status class, e.g. `2xx`; where: route. */
  requests: "requests",
  /** Forged or stale webhooks. */
  webhooks_refused: "webhooks_refused",
  /** Web vitals of sampled visits; outcome `lcp`, `inp`, `ttfb`, `fcp` (double2) or `cls` (double3); where: kind of page. */
  web_vitals: "web_vitals",
  /** What a page's content security policy stopped; outcome: directive; where: kind of page and of what was stopped. */
  csp_violations: "csp_violations",
} as const;
export type MetricName = keyof typeof METRICS;

export interface MetricPoint {
  readonly outcome?: string;
  readonly where?: string;
  readonly sku?: string;
  /** 1 when left out. */
  readonly count?: number;
  readonly durationMs?: number;
  readonly score?: number;
}

/** What is used of an Analytics Engine binding. */
export interface MetricsDataset {
  writeDataPoint(point: { indexes: string[]; blobs: string[]; doubles: number[] }): void;
}

export function writeMetric(dataset: MetricsDataset, name: MetricName, point: MetricPoint): void {
  dataset.writeDataPoint({
    indexes: [name],
    blobs: [name, point.outcome ?? "", point.where ?? "", point.sku ?? ""],
    doubles: [point.count ?? 1, point.durationMs ?? 0, ...(point.score === undefined ? [] : [point.score])],
  });
}
