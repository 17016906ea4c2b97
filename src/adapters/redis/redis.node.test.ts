/** The Redis adapter against both engines of the local Upstash server, and against servers that fail. */
import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ENGINES_UNDER_TEST, TEST_TOKEN } from "../../../local/redis/running-engines.ts";
import type { RunningEngine } from "../../../local/redis/running-engines.ts";
import { createRedis, createRedisByPurpose, RedisUnavailable } from "./redis.ts";
import type { Redis } from "./redis.ts";

/** Generous: what is tested here is not the speed of this machine. */
const PATIENT_MS = 10_000;

describe.each(ENGINES_UNDER_TEST)("on the $name engine", ({ installed, start }) => {
  let running: RunningEngine;
  let redis: Redis;
  beforeAll(async () => {
    if (!installed) return;
    running = await start();
    redis = createRedis({ url: running.url, token: TEST_TOKEN, timeoutMs: PATIENT_MS });
  });
  afterAll(async () => {
    if (installed) await running.stop();
  });

  it.skipIf(!installed)("keeps values as the strings they were, also those that look like JSON", async () => {
    await redis.set("text", '{"a":1}');
    await redis.set("number", "0012");
    await redis.set("ok", "OK");
    expect(await redis.mget(["text", "number", "ok", "absent"])).toEqual(['{"a":1}', "0012", "OK", null]);
    expect(await redis.get("number")).toBe("0012");
    expect(await redis.get("absent")).toBeNull();
  });

  it.skipIf(!installed)("stores many values in one request, each with its life", async () => {
    await redis.setMany(
      [
        { key: "together:1", value: "one" },
        { key: "together:2", value: '{"sequence":2}' },
      ],
      { ttlSeconds: 60 },
    );
    expect(await redis.mget(["together:1", "together:2"])).toEqual(["one", '{"sequence":2}']);
    await redis.setMany([], { ttlSeconds: 60 });
  });

  it.skipIf(!installed)(
    "is refused more than ten megabytes in one request, and stores none of it",
    async () => {
      const megabyte = "x".repeat(1_000_000);
      const entries = Array.from({ length: 11 }, (_, n) => ({ key: `large:${String(n)}`, value: megabyte }));
      await expect(redis.setMany(entries, { ttlSeconds: 60 })).rejects.toThrow(RedisUnavailable);
      expect(await redis.get("large:0")).toBeNull();
      await redis.setMany(entries.slice(0, 9), { ttlSeconds: 60 });
      expect(await redis.get("large:8")).toBe(megabyte);
    },
  );

  it.skipIf(!installed)("keeps text beyond ASCII", async () => {
    await redis.set("unicode", "Größe – 🛒");
    expect(await redis.get("unicode")).toBe("Größe – 🛒");
  });

  it.skipIf(!installed)("takes a value once, and deletes", async () => {
    await redis.set("once", "value");
    expect(await redis.take("once")).toBe("value");
    expect(await redis.take("once")).toBeNull();
    await redis.set("gone", "value");
    await redis.delete("gone");
    expect(await redis.get("gone")).toBeNull();
  });

  it.skipIf(!installed)("counts without losing one, however many count at once", async () => {
    const counts = await Promise.all(Array.from({ length: 20 }, () => redis.increment("counter", 60)));
    expect([...counts].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it.skipIf(!installed)("answers a mget of nothing without asking", async () => {
    expect(await redis.mget([])).toEqual([]);
  });

  it.skipIf(!installed)(
    "never lets an older figure replace a newer one, in whatever order they come",
    async () => {
      let run = 0;
      const figure = fc.record({ key: fc.constantFrom("a", "b", "c"), sequence: fc.nat(20) });
      const batches = fc.array(fc.array(figure, { maxLength: 6 }), { minLength: 1, maxLength: 8 });
      await fc.assert(
        fc.asyncProperty(batches, async (sent) => {
          run += 1;
          const newest = new Map<string, number>();
          for (const batch of sent) {
            await redis.setIfNewer(
              batch.map(({ key, sequence }) => ({ key: `${run}:${key}`, value: { sequence, note: "n" } })),
            );
            for (const { key, sequence } of batch) newest.set(key, Math.max(newest.get(key) ?? 0, sequence));
            for (const [key, sequence] of newest) {
              expect(JSON.parse((await redis.get(`${run}:${key}`)) ?? "null")).toEqual({
                sequence,
                note: "n",
              });
            }
          }
        }),
        { numRuns: 25 },
      );
    },
  );

  it.skipIf(!installed)("lets concurrent writers leave the highest sequence", async () => {
    const sequences = Array.from({ length: 40 }, (_, index) => (index * 17) % 40);
    await Promise.all(sequences.map((sequence) => redis.setIfNewer([{ key: "raced", value: { sequence } }])));
    expect(await redis.get("raced")).toBe('{"sequence":39}');
  });

  it.skipIf(!installed)(
    "says how many figures were news, and splits what is too much for one script",
    async () => {
      const entries = Array.from({ length: 250 }, (_, index) => ({
        key: `many:${index}`,
        value: { sequence: 1 },
      }));
      expect(await redis.setIfNewer(entries)).toBe(250);
      expect(await redis.setIfNewer(entries)).toBe(0);
    },
  );

  it.skipIf(!installed)("replaces a value that has no sequence", async () => {
    await redis.set("garbage", "not a figure");
    expect(await redis.setIfNewer([{ key: "garbage", value: { sequence: 0 } }])).toBe(1);
  });

  it.skipIf(!installed)("refuses the wrong token as unavailable, without quoting the command", async () => {
    const stranger = createRedis({ url: running.url, token: "wrong", timeoutMs: PATIENT_MS });
    const fault: unknown = await stranger.set("secret-key", "secret-value").catch((error: unknown) => error);
    expect(fault).toMatchObject({ name: "RedisUnavailable" });
    expect((fault as Error).message).not.toContain("secret");
  });
});

describe("when Redis fails", () => {
  let server: Server | null = null;
  afterEach(async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => (server === null ? resolve(null) : server.close(resolve)));
    server = null;
  });

  async function serve(listener: RequestListener): Promise<string> {
    const started = createServer(listener);
    server = started;
    await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
  }

  it("gives up on an answer that takes too long", async () => {
    const url = await serve(() => undefined);
    const redis = createRedis({ url, token: "t", timeoutMs: 20 });
    await expect(redis.get("key")).rejects.toMatchObject({
      name: "RedisUnavailable",
      message: "Redis took too long",
    });
  });

  it("asks once and no more, whatever comes back", async () => {
    let asked = 0;
    const url = await serve((request) => {
      asked += 1;
      request.socket.destroy();
    });
    const redis = createRedis({ url, token: "t", timeoutMs: PATIENT_MS });
    await expect(redis.get("key")).rejects.toMatchObject({ name: "RedisUnavailable" });
    expect(asked).toBe(1);
  });

  it("leaves Redis alone after failures in a row, then tries it with one call and returns to normal", async () => {
    let asked = 0;
    let healthy = false;
    const url = await serve((_request, response) => {
      asked += 1;
      response.statusCode = healthy ? 200 : 500;
      response.end(healthy ? '{"result":"value"}' : '{"error":"down"}');
    });
    let now = 1_000_000;
    const redis = createRedis({ url, token: "t", timeoutMs: PATIENT_MS, clock: () => now });
    for (let failure = 0; failure < 5; failure += 1) await expect(redis.get("key")).rejects.toThrow("down");
    await expect(redis.get("key")).rejects.toThrow("left alone");
    expect(asked).toBe(5);

    now += 5_000;
    const [probe, other] = await Promise.allSettled([redis.get("key"), redis.get("key")]);
    expect(probe.status).toBe("rejected");
    expect(other).toMatchObject({ reason: { message: "Redis is left alone after failures" } });
    expect(asked).toBe(6);

    healthy = true;
    now += 5_000;
    expect(await redis.get("key")).toBe("value");
    expect(await redis.get("key")).toBe("value");
  });

  it("is asked again after time limits of ours, however many: slow is not down", async () => {
    const url = await serve(() => undefined);
    const impatient = createRedis({ url, token: "t", timeoutMs: 5 });
    for (let call = 0; call < 20; call += 1)
      await expect(impatient.get("key")).rejects.toThrow("took too long");
  });

  it("is refused to the purpose that met the failures, and to no other; a health check always asks", async () => {
    let asked = 0;
    const url = await serve((_request, response) => {
      asked += 1;
      response.statusCode = 500;
      response.end('{"error":"down"}');
    });
    // A call that ran into its time limit would not count as a failure, and a busy machine has such calls.
    const patient = {
      copies: PATIENT_MS,
      publishing: PATIENT_MS,
      sessions: PATIENT_MS,
      revocations: PATIENT_MS,
      limits: PATIENT_MS,
      health: PATIENT_MS,
    };
    const redis = createRedisByPurpose({ url, token: "t", clock: () => 1_000_000 }, patient);
    for (let call = 0; call < 10; call += 1) {
      await expect(redis.copies.get("key")).rejects.toMatchObject({ name: "RedisUnavailable" });
    }
    expect(asked).toBe(5);
    await expect(redis.limits.get("key")).rejects.toThrow("down");
    for (let call = 0; call < 10; call += 1) await expect(redis.health.ping()).rejects.toThrow("down");
    expect(asked).toBe(16);
  });

  it("is unavailable without a URL, and says so instead of failing to start", async () => {
    const redis = createRedisByPurpose({ url: "", token: "" });
    await expect(redis.health.ping()).rejects.toThrow("not configured");
  });
});
