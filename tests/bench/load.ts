/** Load on one port of 127.0.0.1: closed loops (each connection sends when it was answered) and open ones (arrivals do not wait). */
import { setTimeout as delay } from "node:timers/promises";
import { Connection, ConnectionPool, serialize, type HttpCall } from "./http-client.ts";
import type { HttpAnswer } from "./response-reader.ts";
import { latenciesOf, type Latencies } from "./statistics.ts";

/** No run sends more than this, whatever its time: load stays bounded in count too. */
const MAX_REQUESTS = 200_000;

export interface LoadResult extends Latencies {
  /** Answered requests, whatever the answer. */
  readonly requests: number;
  readonly seconds: number;
  /** Requests a second that were answered with the expected status. */
  readonly rate: number;
  /** How often each status was answered. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Cores that this process, the load client, was busy on: near 1, the client is what is measured. */
  readonly clientCores: number;
}

export interface Load {
  readonly port: number;
  readonly nextCall: () => HttpCall;
  /** The status of a request that counts. */
  readonly expected: number;
  readonly onAnswer?: (answer: HttpAnswer, latencyMs: number) => void;
}

/** Ends after `seconds`, or after `count` requests where that comes first. */
export interface ClosedLoop extends Load {
  readonly connections: number;
  readonly seconds: number;
  readonly count?: number;
}

/** @throws the first connection failure: a benchmark with failures measures nothing */
export async function closedLoop(loop: ClosedLoop): Promise<LoadResult> {
  const { port, connections, nextCall } = loop;
  const most = Math.min(loop.count ?? MAX_REQUESTS, MAX_REQUESTS);
  const tally = new Tally(loop);
  const deadline = performance.now() + loop.seconds * 1000;
  let sent = 0;
  let lastCall: HttpCall | null = null;
  let lastRequest = "";
  const work = async (connection: Connection): Promise<void> => {
    while (sent < most && performance.now() < deadline) {
      sent += 1;
      const call = nextCall();
      if (call !== lastCall) lastRequest = serialize(call, port);
      lastCall = call;
      const before = performance.now();
      tally.add(await connection.send(lastRequest), before);
    }
  };
  const all = Array.from({ length: connections }, () => new Connection(port));
  try {
    await Promise.all(all.map(work));
  } finally {
    for (const connection of all) connection.close();
  }
  return tally.result();
}

export interface OpenLoop extends Load {
  /** When each request is due, ms from the start, ascending; at most 200,000. */
  readonly arrivals: readonly number[];
  /** Sockets at once; an arrival past that waits here, and its waiting counts as latency. */
  readonly maxConnections: number;
}

export interface OpenLoopResult extends LoadResult {
  /** Requests that were under way or waiting for a socket at once. */
  readonly mostAtOnce: number;
}

/**
 * Sends each request when it is due, however slow the answers are, and measures from the due time: what a slow moment does to those
 * who come during it is seen in full (no coordinated omission).
 *
 * @throws the first connection failure
 */
export async function openLoop(loop: OpenLoop): Promise<OpenLoopResult> {
  const { port, arrivals, maxConnections, nextCall } = loop;
  if (arrivals.length > MAX_REQUESTS) throw new Error(`an open loop of more than ${MAX_REQUESTS} requests`);
  const pool = new ConnectionPool(port, maxConnections);
  const tally = new Tally(loop);
  const started = performance.now();
  const underWay = new Set<Promise<void>>();
  let mostAtOnce = 0;
  const failures: Error[] = [];
  const sendDue = (due: number): void => {
    const sending = pool
      .send(nextCall())
      .then((answer) => tally.add(answer, started + due))
      .catch((error: unknown) => {
        failures.push(error instanceof Error ? error : new Error(String(error)));
      })
      .finally(() => underWay.delete(sending));
    underWay.add(sending);
    mostAtOnce = Math.max(mostAtOnce, underWay.size);
  };
  try {
    let next = 0;
    while (next < arrivals.length && failures.length === 0) {
      const now = performance.now() - started;
      while (next < arrivals.length && (arrivals[next] ?? 0) <= now) {
        sendDue(arrivals[next] ?? 0);
        next += 1;
      }
      await delay(1);
    }
    await Promise.all(underWay);
  } finally {
    pool.close();
  }
  if (failures[0] !== undefined) throw failures[0];
  return { ...tally.result(), mostAtOnce };
}

/** What is counted while a loop runs. */
class Tally {
  readonly #load: Load;
  readonly #started = performance.now();
  readonly #cpuBefore = process.cpuUsage();
  readonly #latencies: number[] = [];
  readonly #statuses: Record<number, number> = {};

  constructor(load: Load) {
    this.#load = load;
  }

  add(answer: HttpAnswer, since: number): void {
    const latencyMs = performance.now() - since;
    this.#latencies.push(latencyMs);
    this.#statuses[answer.status] = (this.#statuses[answer.status] ?? 0) + 1;
    this.#load.onAnswer?.(answer, latencyMs);
  }

  result(): LoadResult {
    const seconds = (performance.now() - this.#started) / 1000;
    const { user, system } = process.cpuUsage(this.#cpuBefore);
    return {
      requests: this.#latencies.length,
      seconds,
      rate: (this.#statuses[this.#load.expected] ?? 0) / seconds,
      ...latenciesOf(this.#latencies),
      statuses: this.#statuses,
      clientCores: (user + system) / 1e6 / seconds,
    };
  }
}
