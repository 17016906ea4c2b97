/**
 * The Upstash server as a process of its own.
 *
 *   main.ts --port 6380 --token secret --directory <data> [--engine auto|redis|embedded]
 *
 * Prints one JSON line when ready: `{"ready":true,"port":6380,"engine":"redis"}`. Ends, with its redis-server, on SIGTERM or SIGINT.
 */
import { parseArgs } from "node:util";
import { startEmbeddedEngine } from "./embedded/embedded-engine.ts";
import type { RedisEngine } from "./engine.ts";
import { findRedisServer, startRedisProcess } from "./redis-process.ts";
import { startRedisServerEngine } from "./redis-server-engine.ts";
import { startRedisServer } from "./server.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string" },
    token: { type: "string" },
    directory: { type: "string" },
    engine: { type: "string", default: "auto" },
  },
});

try {
  await run();
} catch (error) {
  console.error(`redis server: ${sentenceFor(error)}`);
  process.exitCode = 1;
}

async function run(): Promise<void> {
  const port = Number(values.port);
  const { token, directory } = values;
  if (
    !Number.isInteger(port) ||
    port < 0 ||
    port > 65_535 ||
    token === undefined ||
    directory === undefined
  ) {
    throw new Error(
      "usage: main.ts --port <port> --token <token> --directory <directory> [--engine auto|redis|embedded]",
    );
  }
  const engine = await startEngine(values.engine, directory);
  const server = await startRedisServer({ engine, token, port }).catch(async (error: unknown) => {
    await engine.close();
    throw error;
  });
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error("redis server: did not end cleanly:", error);
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  console.log(JSON.stringify({ ready: true, port: server.port, engine: engine.name }));
}

async function startEngine(wanted: string, directory: string): Promise<RedisEngine> {
  if (wanted !== "auto" && wanted !== "redis" && wanted !== "embedded") {
    throw new Error(`--engine takes auto, redis or embedded, not "${wanted}"`);
  }
  const executable = wanted === "embedded" ? undefined : await findRedisServer();
  if (executable === undefined) {
    if (wanted === "redis") throw new Error("redis-server is not installed (or not on the PATH)");
    return startEmbeddedEngine();
  }
  const redis = await startRedisProcess(executable, directory);
  let ours = true;
  void redis.ended.then(() => {
    if (!ours) return;
    console.error(`redis server: redis-server ended unexpectedly: ${redis.lastOutput()}`);
    process.exit(1);
  });
  const engine = await startRedisServerEngine(redis).catch(async (error: unknown) => {
    ours = false;
    await redis.stop();
    throw error;
  });
  return {
    ...engine,
    close: () => {
      ours = false;
      return engine.close();
    },
  };
}

function sentenceFor(error: unknown): string {
  if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
    return `port ${values.port ?? ""} is already in use`;
  }
  return error instanceof Error ? error.message : String(error);
}
