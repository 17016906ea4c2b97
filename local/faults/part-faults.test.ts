/** Faults on demand, alone and through the parts that have them. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startNeonServer, type NeonServer } from "../neon/server.ts";
import { startEmbeddedEngine } from "../redis/embedded/embedded-engine.ts";
import { startRedisServer, type RunningRedisServer } from "../redis/server.ts";
import { FAULTS_PATH, FaultControl } from "./part-faults.ts";

const TOKEN = "token-of-the-tests";
/** Nobody listens there: what is tried is whether the part answers at all. */
const NO_POSTGRES = "postgres://holdfast:x@127.0.0.1:1/holdfast";

describe("the control", () => {
  it("keeps what it was told last, and forgets what is left out", () => {
    const control = new FaultControl();
    expect(control.answer("POST", '{"latencyMs":70,"errorRate":0.5}')).toMatchObject({ status: 200 });
    expect(control.answer("GET", "").body).toEqual({ latencyMs: 70, errorRate: 0.5 });
    control.answer("POST", '{"errorRate":1}');
    expect(control.answer("GET", "").body).toEqual({ latencyMs: 0, errorRate: 1 });
  });

  it.each(["", "{", "[]", '{"latencyMs":-1}', '{"errorRate":2}', '{"latencyMs":1.5}', '{"latency":70}'])(
    "refuses %j and changes nothing",
    (body) => {
      const control = new FaultControl();
      control.answer("POST", '{"latencyMs":70}');
      expect(control.answer("POST", body).status).toBe(400);
      expect(control.answer("GET", "").body).toEqual({ latencyMs: 70, errorRate: 0 });
    },
  );

  it("fails the share of requests it was told to", async () => {
    const drawn = [0.1, 0.9];
    const control = new FaultControl(() => drawn.shift() ?? 1);
    control.answer("POST", '{"errorRate":0.5}');
    expect([await control.inject(), await control.inject()]).toEqual([true, false]);
  });
});

async function controlled(url: string, faults: object): Promise<number> {
  const response = await fetch(url + FAULTS_PATH, { method: "POST", body: JSON.stringify(faults) });
  await response.body?.cancel();
  return response.status;
}

describe("the Redis part", () => {
  let redis: RunningRedisServer;
  beforeEach(async () => {
    redis = await startRedisServer({ engine: await startEmbeddedEngine(), token: TOKEN, port: 0 });
  });
  afterEach(() => redis.close());
  const set = (value: string) =>
    fetch(redis.url, {
      method: "POST",
      headers: { authorization: `Bearer ${TOKEN}` },
      body: JSON.stringify(["SET", "key", value]),
    });

  it("answers 500 before a command took effect, and as ever afterwards", async () => {
    expect(await controlled(redis.url, { errorRate: 1 })).toBe(200);
    expect((await set("lost")).status).toBe(500);
    await controlled(redis.url, {});
    const get = await fetch(`${redis.url}/get/key`, { headers: { authorization: `Bearer ${TOKEN}` } });
    expect(await get.json()).toEqual({ result: null });
  });

  it("answers late, though not to the control", async () => {
    await controlled(redis.url, { latencyMs: 60_000 });
    await expect(fetch(redis.url, { signal: AbortSignal.timeout(50) })).rejects.toThrow();
    expect(await controlled(redis.url, {})).toBe(200);
    expect((await set("kept")).status).toBe(200);
  });
});

describe("the Neon part", () => {
  let neon: NeonServer;
  beforeEach(async () => {
    neon = await startNeonServer({ upstreams: [NO_POSTGRES] });
  });
  afterEach(() => neon.stop());
  const ask = (signal: AbortSignal | null = null) =>
    fetch(`${neon.url}/sql`, {
      method: "POST",
      headers: { "neon-connection-string": NO_POSTGRES },
      body: "not a query",
      signal,
    });

  it("answers 500 where it is told to, and as ever afterwards", async () => {
    expect(await controlled(neon.url, { errorRate: 1 })).toBe(200);
    expect((await ask()).status).toBe(500);
    await controlled(neon.url, {});
    expect((await ask()).status).toBe(400);
  });

  it("answers late, though not to the control", async () => {
    await controlled(neon.url, { latencyMs: 60_000 });
    await expect(ask(AbortSignal.timeout(50))).rejects.toThrow();
    expect(await controlled(neon.url, {})).toBe(200);
    expect((await ask()).status).toBe(400);
  });
});
