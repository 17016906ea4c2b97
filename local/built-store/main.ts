/**
 * Runs the built Worker on Miniflare, without wrangler's dev proxy, as a process of its own.
 *
 *     node local/built-store/main.ts --script dist/worker/index.js --variables <env file> --port <n> --persist <directory>
 *
 * Bindings are read from wrangler.toml, so that this is the same store. Prints one JSON line `{"ready":true,"port","pid"}`.
 * `--direct` listens with a socket straight to the Worker: without Miniflare's entry Worker, which costs as much as a small request
 * does, and without the simulation of static assets, which the platform serves in front of the Worker.
 * `--count-calls` prints how many calls to other parts each invocation made (counted/count-calls.js).
 * `--temporary` is the folder for what simulated bindings write into files, e-mails among it; `.wrangler/tmp` where left out.
 * `INSPECTOR_PORT` in the environment opens the runtime to a profiler.
 * SIGUSR2 ticks the every-minute cron; ends on SIGTERM or SIGINT.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs, parseEnv } from "node:util";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type V4MiniflareOptions } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { PROJECT_DIRECTORY } from "../orchestration/settings.ts";

const LOOPBACK = "127.0.0.1";

const { values } = parseArgs({
  options: {
    script: { type: "string" },
    variables: { type: "string" },
    port: { type: "string" },
    persist: { type: "string" },
    direct: { type: "boolean", default: false },
    "count-calls": { type: "boolean", default: false },
    temporary: { type: "string", default: join(PROJECT_DIRECTORY, ".wrangler/tmp") },
  },
});

try {
  const { script, variables, persist } = values;
  const port = Number(values.port);
  if (script === undefined || variables === undefined || persist === undefined || !Number.isInteger(port)) {
    throw new Error("usage: main.ts --script <file> --variables <env file> --port <n> --persist <directory>");
  }
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(PROJECT_DIRECTORY, "wrangler.toml"));
  // The script is bundled already, so its modules are named rather than found by rules.
  const options: Record<string, unknown> & { bindings?: object } = { ...workerOptions };
  delete options["modulesRules"];
  if (values.direct) {
    delete options["assets"];
    options["unsafeDirectSockets"] = [{ host: LOOPBACK, port }];
  }
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...options,
      name: "holdfast",
      modules: modulesOf(script, values["count-calls"]),
      modulesRoot: dirname(script),
      bindings: { ...options.bindings, ...parseEnv(readFileSync(variables, "utf8")) },
      host: LOOPBACK,
      // The entry Worker cannot be left out, but it may listen anywhere.
      port: values.direct ? 0 : port,
      cf: false,
      ...(process.env["INSPECTOR_PORT"] === undefined
        ? {}
        : { inspectorPort: Number(process.env["INSPECTOR_PORT"]) }),
      // Ticks the cron as of a given moment: `/cdn-cgi/local/scheduled?cron=…&time=…`.
      unsafeTriggerHandlers: true,
      log: new Log(LogLevel.ERROR),
      resourcePersistencePath: persist,
      // Where the mail page looks for sessions that have sent e-mail, as under `wrangler dev`.
      resourceTmpPath: values.temporary,
    } as V4MiniflareOptions),
  );
  await miniflare.ready;
  const worker = await miniflare.getWorker();
  process.on("SIGUSR2", () => {
    worker.scheduled({ cron: "* * * * *" }).catch((error: unknown) => console.error("cron:", error));
  });
  let stopping = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      miniflare.dispose().then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(error);
          process.exit(1);
        },
      );
    });
  }
  process.stdout.write(`${JSON.stringify({ ready: true, port, pid: process.pid })}\n`);
} catch (error) {
  console.error(`the built store did not start: ${error instanceof Error ? error.stack : String(error)}`);
  process.exit(1);
}

/** The built script; with calls counted, behind a wrapper that stands beside it. The first one is the entry. */
function modulesOf(script: string, countsCalls: boolean): object[] {
  if (!countsCalls) return [{ type: "ESModule", path: script }];
  const built = {
    type: "ESModule",
    path: join(dirname(script), "index.js"),
    contents: readFileSync(script, "utf8"),
  };
  const wrapper = ["worker.js", "count-calls.js"].map((name) => ({
    type: "ESModule",
    path: join(dirname(script), name),
    contents: readFileSync(join(import.meta.dirname, "counted", name), "utf8"),
  }));
  return [...wrapper, built];
}
