/** The baseline Worker, as a process of its own: the same runtime as the store's, the same kind of socket straight to the Worker, its state on the same memory file system. */
import { build } from "esbuild";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { PROJECT_DIRECTORY } from "../../local/orchestration/settings.ts";

const { values } = parseArgs({ options: { port: { type: "string" }, persist: { type: "string" } } });
const port = Number(values.port);
const persist = values.persist;
if (persist === undefined || !Number.isInteger(port))
  throw new Error("usage: baseline-server.ts --port <n> --persist <directory>");

const script = join(persist, "baseline.js");
await build({
  entryPoints: [join(PROJECT_DIRECTORY, "tests/bench/baseline-worker.ts")],
  outfile: script,
  bundle: true,
  format: "esm",
  external: ["cloudflare:workers"],
});
const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    name: "baseline",
    modules: [{ type: "ESModule", path: script }],
    modulesRoot: persist,
    compatibilityDate: "2026-11-01",
    durableObjects: { BARE: { className: "Bare", useSQLite: true } },
    host: "127.0.0.1",
    port: 0,
    unsafeDirectSockets: [{ host: "127.0.0.1", port }],
    cf: false,
    log: new Log(LogLevel.ERROR),
    resourcePersistencePath: join(persist, "state"),
  }),
);
await miniflare.ready;
process.once("SIGTERM", () => {
  miniflare.dispose().then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
process.stdout.write(`${JSON.stringify({ ready: true, port, pid: process.pid })}\n`);
