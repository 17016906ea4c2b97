/**
 * `npm run platform [-- --fresh]`: the local platform without the Worker. Writes `.dev.vars`, so that plain
 * `npx wrangler dev` serves the store.
 */
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { startCronTicker } from "./orchestration/cron-ticker.ts";
import { startPlatform } from "./orchestration/platform.ts";
import { runUntilStopped } from "./orchestration/run.ts";
import { platformSettings, PROJECT_DIRECTORY } from "./orchestration/settings.ts";
import { writeWorkerVariables } from "./orchestration/worker-variables.ts";

const { values } = parseArgs({ options: { fresh: { type: "boolean", default: false } } });

await runUntilStopped(async (asked) => {
  const settings = platformSettings();
  const platform = await startPlatform({ settings, fresh: values.fresh, onLine: console.log });
  if (asked.aborted) {
    await platform.stop();
    asked.throwIfAborted();
  }
  writeWorkerVariables(join(PROJECT_DIRECTORY, ".dev.vars"), platform.variables);
  const stopTicker = startCronTicker(platform.endpoints.store);
  console.log(`ready  platform; now serve the store in another terminal:\n\n  ${command()}\n`);
  return {
    stop: async () => {
      stopTicker();
      await platform.stop();
    },
    ended: new Promise(() => undefined),
  };

  /** The plainest command that serves this platform's store. */
  function command(): string {
    const { port, workerStateDirectory } = settings;
    const parts = ["npx wrangler dev"];
    if (port !== 8787) parts.push(`--port ${String(port)}`);
    if (workerStateDirectory !== resolve(PROJECT_DIRECTORY, ".wrangler/state")) {
      parts.push(`--persist-to ${relative(PROJECT_DIRECTORY, workerStateDirectory)}`);
    }
    return parts.join(" ");
  }
});
