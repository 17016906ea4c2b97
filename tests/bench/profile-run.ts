/** `npm run bench -- --profile <kind>`: profiles the Worker under one kind of load, and prints what it spent its time on. */
import { writeFileSync } from "node:fs";
import { choosePort } from "../../local/process/free-port.ts";
import { startBaseline } from "./baselines.ts";
import type { BenchOptions, ProfileKind } from "./options.ts";
import type { Parts } from "./parts.ts";
import { functionTimes, printProfile, sourcePlaces } from "./profile.ts";
import { recordProfile } from "./inspector.ts";
import { measurePurchases } from "./purchases.ts";
import { HOT_SKU, RowBench } from "./rows.ts";
import { startBenchStore, type BenchStore } from "./store.ts";

const SHOWN = 40;
const CONNECTIONS = 32;
const PURCHASE_CLIENTS = 64;
/** Code that runs for the first time is compiled first. */
const WARM_UP_SECONDS = 3;

export async function runProfile(kind: ProfileKind, options: BenchOptions, parts: Parts): Promise<void> {
  const inspectorPort = await choosePort();
  const store = await parts.add(startBenchStore({ inspectorPort }));
  const bench = new RowBench({ store, baseline: await parts.add(startBaseline()), designs: null });
  await bench.prepareStock();
  const load = loadOf(kind, store, bench);
  await load(WARM_UP_SECONDS);
  const profile = await recordProfile(inspectorPort, () => load(options.profileSeconds));
  if (options.profileFile !== null) writeFileSync(options.profileFile, JSON.stringify(profile));
  printProfile(kind, functionTimes(profile, sourcePlaces(store.script)), SHOWN);
}

function loadOf(
  kind: ProfileKind,
  store: BenchStore,
  bench: RowBench,
): (seconds: number) => Promise<unknown> {
  switch (kind) {
    case "placing":
      return (seconds) => bench.run("placing", "placed", CONNECTIONS, seconds);
    case "refused":
      return (seconds) => bench.run("reads", "refused", CONNECTIONS, seconds);
    case "status":
      return (seconds) => bench.run("status", "status read", CONNECTIONS, seconds);
    case "page":
      return (seconds) => bench.run("reads", "product page, uncached", CONNECTIONS, seconds);
    case "purchases":
      return (seconds) => measurePurchases(store, { sku: HOT_SKU, clients: PURCHASE_CLIENTS, seconds });
  }
}
