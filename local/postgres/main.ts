/**
 * Runs one local Postgres as a process of its own.
 *
 *     node local/postgres/main.ts --role primary --directory <dir> [--port <n>] [--in-memory]
 *     PRIMARY_URL=postgres://… node local/postgres/main.ts --role standby --directory <dir> [--port <n>] [--apply-delay-ms <n>]
 *
 * Prints one JSON line `{"ready":true,"role","url","port","pid","dataDirectory"}` when it accepts connections; `pid` is the
 * server's own main process. Ends cleanly on SIGTERM or SIGINT; ends with code 1 where the server cannot start or dies.
 */
import { parseArgs } from "node:util";
import { startPostgresPrimary, startPostgresStandby } from "./cluster.ts";
import type { RunningCluster } from "./cluster.ts";

const { values } = parseArgs({
  options: {
    role: { type: "string" },
    directory: { type: "string" },
    port: { type: "string" },
    "in-memory": { type: "boolean", default: false },
    "apply-delay-ms": { type: "string", default: "0" },
  },
});

function start(): Promise<RunningCluster> {
  const { role, directory } = values;
  if (directory === undefined) throw new Error("--directory is missing");
  const placement = {
    directory,
    inMemory: values["in-memory"],
    ...(values.port === undefined ? {} : { port: wholeNumber("--port", values.port) }),
  };
  if (role === "primary") return startPostgresPrimary(placement);
  if (role !== "standby") throw new Error("--role is primary or standby");
  // In the environment rather than an argument: it bears the password, and arguments are public on a shared machine.
  const url = process.env["PRIMARY_URL"];
  if (url === undefined) throw new Error("PRIMARY_URL is missing");
  const applyDelayMs = wholeNumber("--apply-delay-ms", values["apply-delay-ms"]);
  return startPostgresStandby({ ...placement, primary: { url }, applyDelayMs });
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} is a whole number`);
  return Number(text);
}

let stopping = false;
let cluster: RunningCluster | undefined;

async function stop(): Promise<void> {
  stopping = true;
  await cluster?.stop();
  process.exit(0);
}

function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (!stopping) stop().catch(fail);
  });
}

try {
  cluster = await start();
  const { url, port, pid, dataDirectory } = cluster;
  process.stdout.write(
    `${JSON.stringify({ ready: true, role: values.role, url, port, pid, dataDirectory })}\n`,
  );
  const running = cluster;
  void running.exited.then(() => {
    if (!stopping) fail(new Error(`the Postgres ${String(values.role)} ended:\n${running.lastOutput()}`));
  });
} catch (error) {
  fail(error);
}
