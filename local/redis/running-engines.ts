/** The engines as tests meet them: each behind the protocol server, the real one only where `redis-server` is installed. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedEngine } from "./embedded/embedded-engine.ts";
import type { RedisEngine } from "./engine.ts";
import { findRedisServer, startRedisProcess } from "./redis-process.ts";
import { startRedisServerEngine } from "./redis-server-engine.ts";
import { startRedisServer } from "./server.ts";

export const TEST_TOKEN = "token-of-the-tests";

export interface EngineUnderTest {
  readonly name: RedisEngine["name"];
  readonly installed: boolean;
  readonly start: () => Promise<RunningEngine>;
}

export interface RunningEngine {
  readonly url: string;
  readonly engine: RedisEngine;
  stop(): Promise<void>;
}

const executable = await findRedisServer();

/** Both engines; one that is not installed is named all the same, so that a test run shows what it left out. */
export const ENGINES_UNDER_TEST: readonly EngineUnderTest[] = [
  { name: "embedded", installed: true, start: async () => serve(await startEmbeddedEngine()) },
  { name: "redis", installed: executable !== undefined, start: startReal },
];

async function startReal(): Promise<RunningEngine> {
  if (executable === undefined) throw new Error("redis-server is not installed");
  const directory = await mkdtemp(join(tmpdir(), "holdfast-redis-"));
  const redis = await startRedisProcess(executable, directory);
  return serve(await startRedisServerEngine(redis), () => rm(directory, { recursive: true, force: true }));
}

async function serve(
  engine: RedisEngine,
  cleanUp: () => Promise<void> = () => Promise.resolve(),
): Promise<RunningEngine> {
  const server = await startRedisServer({ engine, token: TEST_TOKEN, port: 0 });
  return {
    url: server.url,
    engine,
    stop: async () => {
      await server.close();
      await cleanUp();
    },
  };
}
