/** Once per run of the journeys: builds the Worker, and starts the store that most journeys share. */
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { buildAssets } from "../../local/build/assets.ts";
import { buildWorker } from "../../local/built-store/build.ts";
import { PROJECT_DIRECTORY } from "../../local/orchestration/settings.ts";
import { startRunningStore } from "./running-store.ts";
import type { StorePlace } from "./store.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The built Worker's script. */
    workerScript: string;
    /** The store that is shared: holds of its default length, faults off between files. */
    sharedStore: StorePlace;
  }
}

/** Behind the seed catalog, so that no test runs out of SKUs which nobody has touched: three each. */
const PRODUCTS_FOR_TESTS = 60;

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  await buildAssets();
  const script = await buildWorker(join(PROJECT_DIRECTORY, "dist/worker-tests"));
  const running = await startRunningStore({ script, generatedProducts: PRODUCTS_FOR_TESTS });
  project.provide("workerScript", script);
  project.provide("sharedStore", running.place);
  return () => running.stop();
}
