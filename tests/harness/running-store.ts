/**
 * A store of a test's own: the local platform with its own state and ports, and the built Worker beside it. It can lose
 * a part, lose everything to SIGKILL, and start again on what is left; whoever starts it ends it with `stop`.
 */
import { appendFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProgram } from "../../local/orchestration/part.ts";
import { startPlatform, type Platform } from "../../local/orchestration/platform.ts";
import type { PartName } from "../../local/orchestration/remembered.ts";
import { platformSettings } from "../../local/orchestration/settings.ts";
import type { RunningChild } from "../../local/process/child.ts";
import { choosePort } from "../../local/process/free-port.ts";
import { sendSignal } from "../../local/process/pid-record.ts";
import { Store, WORKER_LOG, type StorePlace } from "./store.ts";

const MEMORY_FILE_SYSTEM = "/dev/shm";

export interface StoreOptions {
  /** The built Worker's script. */
  readonly script: string;
  readonly holdSeconds?: number;
  readonly paymentSeconds?: number;
  readonly graceSeconds?: number;
  /** Products behind the seed catalog. */
  readonly generatedProducts?: number;
  /** Prints how many calls each invocation of the Worker makes; see `Store.invocations`. */
  readonly countCalls?: boolean;
  /** Opens the runtime to an inspector. */
  readonly inspectorPort?: number;
  /** A socket straight to the Worker, without the local entry Worker and static assets: for load. */
  readonly direct?: boolean;
  /** False for tests of crashes: state then lies on the disk, with every fsync it has in earnest. */
  readonly inMemory?: boolean;
}

export interface RunningStore {
  readonly store: Store;
  readonly place: StorePlace;
  stopPart(name: PartName): Promise<void>;
  startPart(name: PartName): Promise<void>;
  /** SIGKILL to the Worker alone, its runtime included. */
  killWorker(): Promise<void>;
  /** @param script another built Worker than the one the store began with */
  startWorker(script?: string): Promise<void>;
  /** SIGKILL to every process of the store at once, each with its group. */
  killEverything(): Promise<void>;
  /** Starts everything again on what the killed one left. */
  startAgain(): Promise<void>;
  /** Ends everything and removes its state. Safe to call twice. */
  stop(): Promise<void>;
}

/** What the Worker prints: below the store's state for tests that read it, and in the file that `JOURNEY_LOG` names, for whoever looks into a failure. */
function logLine(stateDirectory: string, line: string): void {
  const files = [join(stateDirectory, WORKER_LOG), process.env["JOURNEY_LOG"]];
  for (const file of files) if (file !== undefined) appendFileSync(file, `${line}\n`);
}

/** @throws Error with one clear sentence when a part cannot be started; nothing is left running then */
export async function startRunningStore(options: StoreOptions): Promise<RunningStore> {
  const { inMemory = true } = options;
  const root = inMemory && existsSync(MEMORY_FILE_SYSTEM) ? MEMORY_FILE_SYSTEM : tmpdir();
  const stateDirectory = mkdtempSync(join(root, "holdfast-journey-"));
  const defaults = platformSettings({});
  const settings = {
    ...defaults,
    stateDirectory,
    workerStateDirectory: join(stateDirectory, "worker"),
    port: await choosePort(),
    holdSeconds: options.holdSeconds ?? defaults.holdSeconds,
    paymentSeconds: options.paymentSeconds ?? defaults.paymentSeconds,
    graceSeconds: options.graceSeconds ?? defaults.graceSeconds,
    generatedProducts: options.generatedProducts ?? 0,
    inMemory,
  };
  const workerTemporaryDirectory = join(stateDirectory, "tmp");
  let platform: Platform | null = null;
  let worker: RunningChild | null = null;

  const startParts = async (): Promise<Platform> =>
    (platform = await startPlatform({ settings, workerTemporaryDirectory }));
  const running = (): Platform => {
    if (platform === null) throw new Error("the store's platform is not running");
    return platform;
  };
  const startWorker = async (script = options.script): Promise<void> => {
    worker = await startProgram({
      name: "the built Worker",
      program: "built-store/main.ts",
      args: [
        ["--script", script],
        ["--variables", running().variablesFile],
        ["--port", String(settings.port)],
        ["--persist", settings.workerStateDirectory],
        options.countCalls === true ? ["--count-calls"] : [],
        options.direct === true ? ["--direct"] : [],
      ].flat(),
      env: {
        TMPDIR: workerTemporaryDirectory,
        ...(options.inspectorPort === undefined ? {} : { INSPECTOR_PORT: String(options.inspectorPort) }),
      },
      onLine: (line) => logLine(stateDirectory, line),
    });
    running().adopt("store", worker.pid);
  };
  const stop = async (): Promise<void> => {
    await worker?.stop();
    await platform?.stop();
    worker = null;
    platform = null;
    rmSync(stateDirectory, { recursive: true, force: true });
  };

  try {
    await startParts();
    await startWorker();
    const place: StorePlace = { stateDirectory, persistDirectory: settings.workerStateDirectory };
    const store = new Store(place);
    return {
      store,
      place,
      stopPart: (name) => running().stopPart(name),
      startPart: (name) => running().startPart(name),
      async killWorker() {
        if (worker === null) return;
        sendSignal(worker.pid, "SIGKILL", true);
        await worker.exited;
      },
      startWorker,
      async killEverything() {
        for (const pid of Object.values(store.endpoints.pids)) sendSignal(pid, "SIGKILL", true);
        await worker?.exited;
      },
      async startAgain() {
        await startParts();
        await startWorker();
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
