/** What the store is compared with, as processes of their own: the runtime doing next to nothing, and other designs on Node. */
import { join } from "node:path";
import { PROJECT_DIRECTORY } from "../../local/orchestration/settings.ts";
import { choosePort } from "../../local/process/free-port.ts";
import { startChild, type RunningChild } from "../../local/process/child.ts";
import { ConnectionPool } from "./http-client.ts";
import { memoryDirectory, type BenchStore } from "./store.ts";
import { rmSync } from "node:fs";

export interface Baseline {
  readonly port: number;
  stop(): Promise<void>;
}

/** The same runtime with the objects of `baseline-worker.ts`. */
export async function startBaseline(): Promise<Baseline> {
  const directory = memoryDirectory();
  const port = await choosePort();
  const child = await startNode("the baseline", "baseline-server.ts", [
    ["--port", String(port)],
    ["--persist", directory],
  ]);
  return {
    port,
    async stop() {
      await child.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export interface OtherDesigns extends Baseline {
  /** False where this machine has no Redis. */
  readonly redis: boolean;
  setAvailable(sku: string, available: number): Promise<void>;
}

/** Hono on Node, over the store's own Postgres server and a Redis, where there is one. */
export async function startOtherDesigns(store: BenchStore): Promise<OtherDesigns> {
  const port = await choosePort();
  const { endpoints, settings } = store.platform;
  let redis = false;
  const child = await startNode(
    "the compared designs",
    "node-store.ts",
    [
      ["--port", String(port)],
      ["--postgres", endpoints.postgres],
      ["--directory", settings.stateDirectory],
    ],
    (line) => (redis = line.includes('"redis":true')),
  );
  return {
    port,
    redis,
    async setAvailable(sku, available) {
      const pool = new ConnectionPool(port, 1);
      for (const kind of redis ? ["redis", "postgres"] : ["postgres"])
        await pool.send({ method: "POST", path: `/${kind}/stock/${sku}/${available}` });
      pool.close();
    },
    stop: () => child.stop(),
  };
}

function startNode(
  name: string,
  program: string,
  args: readonly (readonly string[])[],
  onReady: (line: string) => void = () => undefined,
): Promise<RunningChild> {
  return startChild({
    name,
    command: process.execPath,
    args: [join(PROJECT_DIRECTORY, "tests/bench", program), ...args.flat()],
    readyLine: (line) => {
      if (!line.startsWith('{"ready":true')) return false;
      onReady(line);
      return true;
    },
  });
}
