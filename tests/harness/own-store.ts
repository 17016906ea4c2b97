/** A store for one test file alone: for what a shared one would not survive. */
import { afterAll, beforeAll, inject } from "vitest";
import { startRunningStore, type RunningStore, type StoreOptions } from "./running-store.ts";

const START_TIMEOUT_MS = 180_000;

/** Starts a store before the file's tests and ends it after them, also where they fail. Use the answer inside tests only. */
export function ownStore(options: Omit<StoreOptions, "script"> = {}): () => RunningStore {
  let running: RunningStore | null = null;
  beforeAll(async () => {
    running = await startRunningStore({ ...options, script: inject("workerScript") });
  }, START_TIMEOUT_MS);
  afterAll(() => running?.stop(), START_TIMEOUT_MS);
  return () => {
    if (running === null)
      throw new Error("the store is started before the tests, not while they are collected");
    return running;
  };
}
