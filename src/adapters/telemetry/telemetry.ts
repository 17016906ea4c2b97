/**
 * Logs and metrics. A log line is one JSON object with an event name and fields from a fixed list: what is not on the list
 * cannot be logged, so no personal data finds its way in by a spread object.
 */
import { describeFault } from "./fault-description.ts";
import { writeMetric } from "./metrics.ts";
import type { MetricName, MetricPoint, MetricsDataset } from "./metrics.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

/** Every field a log line may have besides `level`, `event`, `at` and those of a fault. None is personal data. */
const LOG_FIELDS = [
  "requestId",
  "method",
  "route",
  "status",
  "code",
  "orderId",
  "orderVersion",
  "sku",
  "sequence",
  "queue",
  "messageId",
  "messageType",
  "attempts",
  "retrySeconds",
  "eventId",
  "eventType",
  "intentId",
  "operation",
  "notice",
  "job",
  "cron",
  "source",
  "reason",
  "outcome",
  "count",
  "durationMs",
] as const;
export type LogField = (typeof LOG_FIELDS)[number];
export type LogFields = Partial<Record<LogField, string | number | boolean | null>>;

/** A value longer than this is cut: a line is for reading, and the platform cuts lines too. */
const MAX_VALUE_CHARACTERS = 300;

export interface Telemetry {
  /** @param event dotted, past tense where something happened: `order.persisted`, `message.dead_lettered` */
  log(level: LogLevel, event: string, fields?: LogFields): void;
  /** Logs an error-level line about something that was thrown. */
  fault(event: string, thrown: unknown, fields?: LogFields): void;
  count(metric: MetricName, point?: MetricPoint): void;
}

export interface TelemetryOptions {
  /** The Analytics Engine binding, or null to drop metrics. */
  readonly metrics: MetricsDataset | null;
  /** Takes one finished line; the console's method of that level when left out. */
  readonly write?: (level: LogLevel, line: string) => void;
  readonly clock?: () => number;
}

/** Its methods never throw: telemetry must not break what it watches. */
export function createTelemetry({
  metrics,
  write = writeToConsole,
  clock = Date.now,
}: TelemetryOptions): Telemetry {
  function log(level: LogLevel, event: string, fields: LogFields, extra: Record<string, unknown>): void {
    const line: Record<string, unknown> = { level, event, at: new Date(clock()).toISOString() };
    for (const name of LOG_FIELDS) {
      const value = fields[name];
      if (value !== undefined)
        line[name] = typeof value === "string" ? value.slice(0, MAX_VALUE_CHARACTERS) : value;
    }
    write(level, JSON.stringify({ ...line, ...extra }));
  }

  return {
    log(level, event, fields = {}) {
      log(level, event, fields, {});
    },
    fault(event, thrown, fields = {}) {
      const { name, code, message } = describeFault(thrown);
      log("error", event, fields, { fault: name, faultCode: code, faultMessage: message });
    },
    count(metric, point = {}) {
      if (metrics === null) return;
      try {
        writeMetric(metrics, metric, point);
      } catch (thrown) {
        // Analytics Engine takes a bounded number of points per invocation; the rest are lost, which is said.
        log("warn", "metric.lost", { reason: metric }, { faultMessage: describeFault(thrown).message });
      }
    },
  };
}

function writeToConsole(level: LogLevel, line: string): void {
  console[level](line);
}
