/**
 * `npm run dev [-- --fresh] [-- --products 10000]`: the whole store on this machine, with as many generated products behind the
 * seed catalog as are asked for. Ctrl-C stops all of it.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startCronTicker } from "./orchestration/cron-ticker.ts";
import { eachInTurn } from "./orchestration/in-turn.ts";
import { startPlatform } from "./orchestration/platform.ts";
import { runUntilStopped } from "./orchestration/run.ts";
import { platformSettings } from "./orchestration/settings.ts";
import { assertPortFree, startStore } from "./orchestration/store.ts";

const MAX_PRODUCTS = 10_000;

const { values } = parseArgs({
  options: { fresh: { type: "boolean", default: false }, products: { type: "string", default: "0" } },
});
const generatedProducts = Number(values.products);
if (!/^\d{1,5}$/.test(values.products) || generatedProducts > MAX_PRODUCTS) {
  console.error(`--products must be a whole number up to ${String(MAX_PRODUCTS)}, not "${values.products}"`);
  process.exit(2);
}

await runUntilStopped(async (asked) => {
  const settings = { ...platformSettings(), generatedProducts };
  const platform = await startPlatform({
    settings,
    fresh: values.fresh,
    workerTemporaryDirectory: join(settings.stateDirectory, "tmp"),
    onLine: console.log,
    // Not earlier: the port may still be held by the Worker that a killed start left behind.
    beforeParts: () => assertPortFree(settings.port),
  });
  try {
    asked.throwIfAborted();
    const store = await startStore(platform, (line) => console.log(line), asked);
    const stopTicker = startCronTicker(platform.endpoints.store);
    console.log(`ready  store            ${platform.endpoints.store}`);
    console.log(
      `ready                   store ${platform.endpoints.store} · mail ${platform.endpoints.mail}`,
    );
    return {
      stop: async () => {
        stopTicker();
        await eachInTurn([() => store.stop(), () => platform.stop()]);
      },
      ended: store.exited.then(
        ({ code, signal }) => `The Worker ended (${signal ?? `code ${String(code)}`}).`,
      ),
    };
  } catch (error) {
    await platform.stop();
    throw error;
  }
});
