/** What every page does once it has loaded and the browser is idle, so that none of it delays what a shopper came for. */
import { serviceWorkerAddress } from "./trusted.ts";

/** Visits that are measured. One in ten tells as much as all of them and costs a tenth. */
const VITALS_SAMPLE_RATE = 0.1;
/** A browser that is never idle is not waited for any longer. */
const IDLE_TIMEOUT_MS = 5_000;

export function afterLoad(): void {
  if (document.readyState === "complete") whenIdle(start);
  else {
    addEventListener("load", () => {
      whenIdle(start);
    });
  }
}

function start(): void {
  void keepOfflinePage();
  const script = document.body.dataset["vitals"];
  if (script !== undefined && Math.random() < VITALS_SAMPLE_RATE) void measure(script);
}

/** The service worker's one task is a page for those who are offline (web/service-worker/service-worker.ts). */
async function keepOfflinePage(): Promise<void> {
  try {
    await navigator.serviceWorker.register(serviceWorkerAddress(), { updateViaCache: "none" });
  } catch {
    // Private windows and old browsers have none; the store is the same without.
  }
}

async function measure(script: string): Promise<void> {
  try {
    await import(script);
  } catch {
    // A visit that is not measured.
  }
}

function whenIdle(task: () => void): void {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(task, { timeout: IDLE_TIMEOUT_MS });
  else setTimeout(task, 0);
}
