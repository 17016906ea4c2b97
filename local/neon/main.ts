/**
 * Runs the Neon protocol server as a process of its own.
 *
 *     NEON_UPSTREAMS="postgres://… postgres://…" node local/neon/main.ts [--port <n>]
 *
 * Prints one JSON line `{"ready":true,"url","port","pid"}` when it listens. Ends on SIGTERM or SIGINT; ends with code 1 where it
 * cannot start. The URLs are in the environment because they bear passwords, and arguments are public on a shared machine.
 */
import { parseArgs } from "node:util";
import { startNeonServer } from "./server.ts";

const { values } = parseArgs({ options: { port: { type: "string" } } });

function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

try {
  const upstreams = (process.env["NEON_UPSTREAMS"] ?? "").split(/\s+/).filter((url) => url !== "");
  if (upstreams.length === 0) throw new Error("NEON_UPSTREAMS names no Postgres server");
  if (values.port !== undefined && !/^\d{1,5}$/.test(values.port))
    throw new Error("--port is a whole number");
  const port = values.port === undefined ? {} : { port: Number(values.port) };
  const server = await startNeonServer({ upstreams, ...port });
  process.stdout.write(
    `${JSON.stringify({ ready: true, url: server.url, port: server.port, pid: process.pid })}\n`,
  );
  let stopping = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      server.stop().then(() => process.exit(0), fail);
    });
  }
} catch (error) {
  fail(error);
}
