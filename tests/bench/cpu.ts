/** CPU time by part of the platform over a stretch of the benchmark. */
import { cpuSeconds } from "./processes.ts";
import type { BenchStore } from "./store.ts";

/** CPU milliseconds by part; `client` is the load, `store` the Worker's runtime and the process that started it. */
export type CpuByPart = Readonly<Record<string, number>>;

export interface UsedCpu {
  readonly byPart: CpuByPart;
  /** Milliseconds, all parts together. */
  readonly total: number;
  /** Milliseconds of the runtime alone, a part of `store`. */
  readonly runtime: number;
}

/** Starts a measurement; the function it returns ends it. */
export function startCpu(store: BenchStore): () => UsedCpu {
  const before = readCpu(store);
  const runtimeBefore = readRuntime(store);
  return () => {
    const used = Object.entries(readCpu(store)).map(
      ([name, after]) => [name, after - (before[name] ?? 0)] as const,
    );
    return {
      byPart: Object.fromEntries(used),
      total: used.reduce((sum, [, each]) => sum + each, 0),
      runtime: readRuntime(store) - runtimeBefore,
    };
  };
}

export function dividedBy(cpu: CpuByPart, divisor: number): CpuByPart {
  return Object.fromEntries(
    Object.entries(cpu).map(([name, used]) => [name, divisor === 0 ? 0 : used / divisor]),
  );
}

function readCpu({ pids }: BenchStore): Record<string, number> {
  const { user, system } = process.cpuUsage();
  const parts = Object.entries(cpuSeconds(pids)).map(([name, seconds]) => [name, seconds * 1000] as const);
  return { ...Object.fromEntries(parts), client: (user + system) / 1000 };
}

function readRuntime({ runtimePid }: BenchStore): number {
  return (cpuSeconds({ runtime: runtimePid })["runtime"] ?? 0) * 1000;
}
