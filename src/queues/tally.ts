/** Counts what a batch did, and reports it in a few points: an invocation may write 250 of them, a batch does a thousand things. */
import type { MetricName } from "../adapters/telemetry/metrics.ts";
import type { Telemetry } from "../adapters/telemetry/telemetry.ts";

interface Line {
  readonly outcome: string;
  readonly where: string | null;
  count: number;
  durationMs: number;
}

export class Tally {
  readonly #metric: MetricName;
  readonly #lines = new Map<string, Line>();

  constructor(metric: MetricName) {
    this.#metric = metric;
  }

  /** @param durationMs what it took, where it was timed; what has the same outcome and place is added up */
  add(outcome: string, where: string | null = null, durationMs = 0): void {
    const key = `${outcome} ${where ?? ""}`;
    const line = this.#lines.get(key) ?? { outcome, where, count: 0, durationMs: 0 };
    line.count += 1;
    line.durationMs += durationMs;
    this.#lines.set(key, line);
  }

  /** Called once, at the end of the batch. */
  report(telemetry: Telemetry): void {
    for (const { outcome, where, count, durationMs } of this.#lines.values()) {
      telemetry.count(this.#metric, { outcome, count, durationMs, ...(where === null ? {} : { where }) });
    }
  }
}
