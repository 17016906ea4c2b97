/**
 * The store for a benchmark: the built Worker behind a socket of its own, object state and Postgres in memory, every part a process
 * of its own.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { signOpsToken, LOCAL_AUDIENCE } from "../../local/access/sign-ops-token.ts";
import { buildWorker } from "../../local/built-store/build.ts";
import { buildAssets } from "../../local/build/assets.ts";
import { startProgram } from "../../local/orchestration/part.ts";
import { startPlatform, type Platform } from "../../local/orchestration/platform.ts";
import { platformSettings } from "../../local/orchestration/settings.ts";
import { choosePort } from "../../local/process/free-port.ts";
import { type RunningChild } from "../../local/process/child.ts";
import { OrdersWatch } from "./orders-watch.ts";
import { descendantNamed } from "./processes.ts";
import { Buyers } from "./store-calls.ts";

const MEMORY_FILE_SYSTEM = "/dev/shm";

export interface StockFigures {
  readonly available: number;
  readonly held: number;
  readonly sold: number;
}

export interface BenchStore {
  readonly platform: Platform;
  /** The built Worker's. */
  readonly script: string;
  readonly port: number;
  /** The process that started the runtime. */
  readonly hostPid: number;
  /** The runtime's own. */
  readonly runtimePid: number;
  /** Process ids of the other parts by name. */
  readonly pids: Readonly<Record<string, number>>;
  readonly buyers: Buyers;
  /** What Postgres knows of orders. */
  readonly orders: OrdersWatch;
  /** Sets a SKU's stock, by an ops adjustment. */
  setAvailable(sku: string, available: number): Promise<void>;
  figures(sku: string): Promise<StockFigures>;
  /** Calls that the SKU's object had since it was started. */
  skuCalls(sku: string): Promise<number>;
  stop(): Promise<void>;
}

/**
 * @param options `inspectorPort` opens the runtime to a profiler there, on a build that is not minified
 * @throws Error with one clear sentence when a part cannot be started
 */
export async function startBenchStore(
  options: { readonly inspectorPort?: number } = {},
): Promise<BenchStore> {
  const { inspectorPort } = options;
  const directory = memoryDirectory();
  const port = await choosePort();
  await buildAssets({ minify: true });
  const script = await buildWorker(join(directory, "build"), { minify: inspectorPort === undefined });
  const settings = { ...platformSettings({ STATE_DIR: directory, PORT: String(port) }), inMemory: true };
  // The runtime keeps sent e-mails in its temporary directories: in memory too, like everything else of this run.
  const temporary = join(directory, "tmp");
  const written = join(directory, "written");
  const platform = await startPlatform({
    settings,
    workerTemporaryDirectory: temporary,
    emailDirectory: join(written, "email"),
  });
  let store: RunningChild | null = null;
  let orders: OrdersWatch | null = null;
  const stop = async (): Promise<void> => {
    await store?.stop();
    await orders?.stop();
    await platform.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    store = await startProgram({
      name: "the built store",
      program: "built-store/main.ts",
      args: [
        ["--script", script],
        ["--variables", platform.variablesFile],
        ["--port", String(port)],
        ["--persist", settings.workerStateDirectory],
        ["--temporary", written],
        ["--direct"],
      ].flat(),
      env: {
        TMPDIR: temporary,
        ...(inspectorPort === undefined ? {} : { INSPECTOR_PORT: String(inspectorPort) }),
      },
    });
    orders = await OrdersWatch.start(platform.endpoints.postgres);
    return {
      platform,
      script,
      port,
      hostPid: store.pid,
      runtimePid: descendantNamed(store.pid, "workerd") ?? store.pid,
      pids: platform.endpoints.pids,
      buyers: new Buyers(),
      orders,
      ...(await opsCalls(platform, directory)),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A new directory on a memory file system, where there is one. */
export function memoryDirectory(): string {
  return mkdtempSync(join(existsSync(MEMORY_FILE_SYSTEM) ? MEMORY_FILE_SYSTEM : tmpdir(), "holdfast-bench-"));
}

async function opsCalls(
  platform: Platform,
  stateDirectory: string,
): Promise<Pick<BenchStore, "setAvailable" | "figures" | "skuCalls">> {
  const { store, mail } = platform.endpoints;
  const token = await signOpsToken({
    stateDirectory,
    role: "manager",
    audience: LOCAL_AUDIENCE,
    issuer: mail,
  });
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const ask = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const answer = await fetch(`${store}/api/ops/skus/${path}`, { headers, ...init });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const figures = async (sku: string): Promise<StockFigures> => (await ask(sku)) as StockFigures;
  return {
    figures,
    async setAvailable(sku, available) {
      const delta = available - (await figures(sku)).available;
      if (delta === 0) return;
      const body = JSON.stringify({ id: crypto.randomUUID(), delta, reason: "benchmark" });
      await ask(`${sku}/adjustments`, { method: "POST", body });
    },
    async skuCalls(sku) {
      const { reads, calls } = (await ask(`${sku}/requests`)) as { reads: number; calls: number };
      return reads + calls;
    },
  };
}
