/** The store for a benchmark: the built Worker, object state and Postgres in memory, every part a process of its own. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { signOpsToken, LOCAL_AUDIENCE } from "../../local/access/sign-ops-token.ts";
import { buildWorker } from "../../local/built-store/build.ts";
import { buildAssets } from "../../local/build/assets.ts";
import { startProgram } from "../../local/orchestration/part.ts";
import { startPlatform, type Platform } from "../../local/orchestration/platform.ts";
import { PROJECT_DIRECTORY, platformSettings } from "../../local/orchestration/settings.ts";
import { choosePort } from "../../local/process/free-port.ts";
import { startChild, type RunningChild } from "../../local/process/child.ts";

const MEMORY_FILE_SYSTEM = "/dev/shm";

export interface BenchStore {
  readonly platform: Platform;
  readonly port: number;
  readonly baselinePort: number;
  /** Process ids by part, for CPU shares. */
  readonly pids: Readonly<Record<string, number>>;
  /** Sets a SKU's stock by an ops adjustment and answers its figures. */
  adjust(sku: string, delta: number): Promise<void>;
  figures(sku: string): Promise<{ available: number; held: number; sold: number }>;
  stop(): Promise<void>;
}

/** @throws Error with one clear sentence when a part cannot be started */
export async function startBenchStore(): Promise<BenchStore> {
  const root = existsSync(MEMORY_FILE_SYSTEM) ? MEMORY_FILE_SYSTEM : tmpdir();
  const directory = mkdtempSync(join(root, "holdfast-bench-"));
  const port = await choosePort();
  const baselinePort = await choosePort();
  await buildAssets({ minify: true });
  const script = await buildWorker(join(directory, "build"));
  const settings = { ...platformSettings({}), port, stateDirectory: directory, inMemory: true };
  // The runtime keeps sent e-mails in its temporary directory: in memory too, like everything else of this run.
  const temporary = join(directory, "tmp");
  const platform = await startPlatform({ settings, workerTemporaryDirectory: temporary });
  const children: RunningChild[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(children.map((child) => child.stop()));
    await platform.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const variables = platform.variablesFile;
    const args = [
      "--script",
      script,
      "--variables",
      variables,
      "--port",
      String(port),
      "--persist",
      join(directory, "objects"),
      "--without-assets",
    ];
    const env = { TMPDIR: temporary };
    const store = await startProgram({ name: "the built store", program: "built-store/main.ts", args, env });
    children.push(store);
    const baseline = await startChild({
      name: "the baseline",
      command: process.execPath,
      args: [
        join(PROJECT_DIRECTORY, "tests/bench/baseline-server.ts"),
        "--port",
        String(baselinePort),
        "--persist",
        directory,
      ],
      readyLine: (line) => line.startsWith('{"ready":true'),
    });
    children.push(baseline);
    const ops = await opsCalls(platform, directory);
    const { pids } = platform.endpoints;
    return {
      platform,
      port,
      baselinePort,
      pids: { ...pids, store: store.pid },
      ...ops,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function opsCalls(
  platform: Platform,
  stateDirectory: string,
): Promise<Pick<BenchStore, "adjust" | "figures">> {
  const { store, mail } = platform.endpoints;
  const token = await signOpsToken({
    stateDirectory,
    role: "manager",
    audience: LOCAL_AUDIENCE,
    issuer: mail,
  });
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const url = (sku: string): string => `${store}/api/ops/skus/${sku}`;
  return {
    async adjust(sku, delta) {
      const body = JSON.stringify({ id: crypto.randomUUID(), delta, reason: "benchmark" });
      const answer = await fetch(`${url(sku)}/adjustments`, { method: "POST", headers, body });
      if (!answer.ok) throw new Error(`adjusting ${sku}: ${String(answer.status)} ${await answer.text()}`);
    },
    async figures(sku) {
      const answer = await fetch(url(sku), { headers });
      if (!answer.ok) throw new Error(`reading ${sku}: ${String(answer.status)} ${await answer.text()}`);
      return (await answer.json()) as { available: number; held: number; sold: number };
    },
  };
}
