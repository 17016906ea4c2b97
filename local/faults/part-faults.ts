/** Slowness and errors on demand for a local part: `POST /_control/faults` sets them, `GET` shows them, `{}` ends them. */
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";

export const FAULTS_PATH = "/_control/faults";
const MAX_LATENCY_MS = 60_000;

const PartFaultsBody = z.strictObject({
  /** Every answer comes this much later, in milliseconds. */
  latencyMs: z.int().min(0).max(MAX_LATENCY_MS).default(0),
  /** Share of requests that are answered 500 before they take effect. */
  errorRate: z.number().min(0).max(1).default(0),
});
export type PartFaults = z.infer<typeof PartFaultsBody>;

export interface ControlAnswer {
  readonly status: 200 | 400 | 405;
  readonly body: PartFaults | { readonly error: string };
}

export class FaultControl {
  readonly #random: () => number;
  #faults: PartFaults = { latencyMs: 0, errorRate: 0 };

  /** @param random numbers in [0, 1), injected so that a test can decide which requests fail */
  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** Answers a request to `FAULTS_PATH`. What a body leaves out is off. */
  answer(method: string, body: string): ControlAnswer {
    if (method === "GET") return { status: 200, body: this.#faults };
    if (method !== "POST") return { status: 405, body: { error: "use GET or POST" } };
    const parsed = PartFaultsBody.safeParse(jsonOrNull(body));
    if (!parsed.success) return { status: 400, body: { error: z.prettifyError(parsed.error) } };
    this.#faults = parsed.data;
    return { status: 200, body: parsed.data };
  }

  /** Waits as long as every answer is late now. @returns whether this request is to fail */
  async inject(): Promise<boolean> {
    const { latencyMs, errorRate } = this.#faults;
    // A part that is told to stop does not wait for the answers it still owes.
    if (latencyMs > 0) await delay(latencyMs, undefined, { ref: false });
    return errorRate > 0 && this.#random() < errorRate;
  }
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
