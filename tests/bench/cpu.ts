/** CPU time by part of the platform over a stretch of the benchmark. */
import { cpuSeconds } from "./processes.ts";
import type { BenchStore } from "./store.ts";

/**
 * CPU milliseconds by part: `store` is the runtime with the Worker, `miniflare` the process that started it and writes sent e-mails
 * into files for it, `client` the load.
 */
export type CpuByPart = Readonly<Record<string, number>>;

/** Starts a measurement; the function it returns ends it. */
export function startCpu(store: BenchStore): () => CpuByPart {
  const before = readCpu(store);
  return () =>
    Object.fromEntries(
      Object.entries(readCpu(store)).map(([name, after]) => [name, after - (before[name] ?? 0)]),
    );
}

export function totalOf(cpu: CpuByPart): number {
  return Object.values(cpu).reduce((sum, each) => sum + each, 0);
}

export function dividedBy(cpu: CpuByPart, divisor: number): CpuByPart {
  return Object.fromEntries(
    Object.entries(cpu).map(([name, used]) => [name, divisor === 0 ? 0 : used / divisor]),
  );
}

function readCpu({ pids, hostPid, runtimePid }: BenchStore): Record<string, number> {
  const { user, system } = process.cpuUsage();
  const seconds = cpuSeconds({ ...pids, store: runtimePid, host: hostPid });
  const {
    host = 0,
    store = 0,
    ...parts
  } = Object.fromEntries(Object.entries(seconds).map(([name, each]) => [name, each * 1000]));
  return { ...parts, store, miniflare: host - store, client: (user + system) / 1000 };
}
