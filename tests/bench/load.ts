/** Closed-loop load over keep-alive connections: each sends its next request when the last was answered. */
import { Agent, request } from "node:http";

export interface HttpCall {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  /** Requests a second. */
  readonly rate: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** How often each status was answered. */
  readonly statuses: Readonly<Record<number, number>>;
}

export interface LoadOptions {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  /** The call with this number, counted over all connections. */
  readonly call: (index: number) => HttpCall;
  readonly onAnswer?: (answer: HttpAnswer, index: number) => void;
}

/** No run sends more than this, whatever its time: load stays bounded in count too. */
const MAX_REQUESTS = 200_000;

/** Sends one request. Rejects when the connection fails. */
export function send(agent: Agent, port: number, call: HttpCall): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const { method, path, body } = call;
    const headers: Record<string, string | number> = { "content-type": "application/json", ...call.headers };
    if (body !== undefined) {
      headers["content-length"] = Buffer.byteLength(body);
    }
    const sent = request({ agent, host: "127.0.0.1", port, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() });
      });
      response.on("error", reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** @throws the first connection failure: a benchmark with failures measures nothing */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const { port, connections, seconds, call, onAnswer } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const latencies: number[] = [];
  const statuses: Record<number, number> = {};
  let next = 0;
  const started = performance.now();
  const deadline = started + seconds * 1000;
  const worker = async (): Promise<void> => {
    while (performance.now() < deadline && next < MAX_REQUESTS) {
      const index = next++;
      const before = performance.now();
      const answer = await send(agent, port, call(index));
      latencies.push(performance.now() - before);
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      onAnswer?.(answer, index);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  const elapsed = (performance.now() - started) / 1000;
  agent.destroy();
  latencies.sort((a, b) => a - b);
  return {
    requests: latencies.length,
    seconds: elapsed,
    rate: latencies.length / elapsed,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    statuses,
  };
}

export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
