/** The faults of the local Redis and Neon parts (docs/api.md), for as long as a test needs them. */
import { FAULTS_PATH, type PartFaults } from "../../local/faults/part-faults.ts";
import type { Store } from "./store.ts";

/** Runs `work` while a part has these faults, and ends them, also where the work fails. */
export async function withFaults(
  store: Store,
  part: "redis" | "neon",
  faults: Partial<PartFaults>,
  work: () => Promise<void>,
): Promise<void> {
  await setFaults(store, part, faults);
  try {
    await work();
  } finally {
    await setFaults(store, part, {});
  }
}

async function setFaults(store: Store, part: "redis" | "neon", faults: Partial<PartFaults>): Promise<void> {
  const response = await fetch(store.endpoints[part] + FAULTS_PATH, {
    method: "POST",
    body: JSON.stringify(faults),
  });
  if (!response.ok) throw new Error(`${part} refused the faults: ${await response.text()}`);
  await response.body?.cancel();
}
