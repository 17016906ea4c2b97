/** The store and the browser of one run, started when first asked for and ended together, also when the run is cut short. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { buildAssets } from "../../local/build/assets.ts";
import { buildWorker } from "../../local/built-store/build.ts";
import { launchBrowser } from "../browser/browser.ts";
import { Scene } from "../browser/scene.ts";
import { startRunningStore, type RunningStore } from "../harness/running-store.ts";

export interface Surroundings {
  /** A store of this run's own: the built Worker with its platform, everything in memory. */
  readonly scene: () => Promise<Scene>;
  readonly browser: () => Promise<Browser>;
}

/** Gives `work` its surroundings, and ends what it started of them. @throws what `work` throws */
export async function inSurroundings<Result>(
  work: (surroundings: Surroundings) => Promise<Result>,
): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), "holdfast-verify-"));
  let browser: Promise<Browser> | null = null;
  let store: Promise<RunningStore> | null = null;
  let scene: Promise<Scene> | null = null;
  const end = async (): Promise<void> => {
    await Promise.allSettled([browser?.then((running) => running.close())]);
    await Promise.allSettled([store?.then((running) => running.stop())]);
    rmSync(directory, { recursive: true, force: true });
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      end().then(
        () => process.exit(1),
        () => process.exit(1),
      );
    });
  }
  try {
    return await work({
      browser: () => (browser ??= launchBrowser()),
      scene: () =>
        (scene ??= (store ??= startBuiltStore(directory)).then((running) => new Scene(running.store))),
    });
  } finally {
    await end();
  }
}

async function startBuiltStore(directory: string): Promise<RunningStore> {
  await buildAssets();
  return await startRunningStore({ script: await buildWorker(join(directory, "worker")) });
}
