/** One suite for both engines, through the clients the store uses. */
import { Ratelimit } from "@upstash/ratelimit";
import { Redis } from "@upstash/redis";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ENGINES_UNDER_TEST, TEST_TOKEN } from "./running-engines.ts";
import type { RunningEngine } from "./running-engines.ts";

describe.each(ENGINES_UNDER_TEST)("the $name engine", ({ installed, start }) => {
  describe.skipIf(!installed)("through the Upstash clients", () => {
    let running: RunningEngine;
    let redis: Redis;

    beforeAll(async () => {
      running = await start();
      redis = new Redis({ url: running.url, token: TEST_TOKEN, enableTelemetry: false, retry: false });
    });
    afterAll(() => running.stop());
    beforeEach(() => redis.flushdb());

    it("stores, reads and removes values of every JSON kind, text beyond ASCII included", async () => {
      await redis.set("text", "Größe – 📱");
      await redis.set("object", { sku: "a", units: [1, 2] });
      expect(await redis.get("text")).toBe("Größe – 📱");
      expect(await redis.get("object")).toEqual({ sku: "a", units: [1, 2] });
      expect(await redis.mget("text", "absent")).toEqual(["Größe – 📱", null]);
      expect(await redis.strlen("text")).toBe(16);
      expect(await redis.del("text", "absent")).toBe(1);
      expect(await redis.getdel("object")).toEqual({ sku: "a", units: [1, 2] });
      expect(await redis.exists("object")).toBe(0);
    });

    it("carries a zero byte and a text of a megabyte unchanged, also through a script", async () => {
      const long = "é".repeat(500_000);
      expect(await redis.set("zero", "a\0b")).toBe("OK");
      expect(await redis.get("zero")).toBe("a\0b");
      expect(await redis.eval("return ARGV[1]", [], [long])).toBe(long);
    });

    it("sets only where asked: NX, XX, GET and KEEPTTL", async () => {
      expect(await redis.set("k", "1", { xx: true })).toBeNull();
      expect(await redis.set("k", "1", { nx: true, ex: 100 })).toBe("OK");
      expect(await redis.set("k", "2", { nx: true })).toBeNull();
      expect(await redis.set("k", "3", { get: true, keepTtl: true })).toBe(1);
      expect(await redis.ttl("k")).toBeGreaterThan(90);
      expect(await redis.set("k", "4")).toBe("OK");
      expect(await redis.ttl("k")).toBe(-1);
      expect(await redis.ttl("absent")).toBe(-2);
    });

    it("expires keys by seconds, milliseconds and moments", async () => {
      await redis.set("past", "x", { pxat: Date.now() + 1 });
      await expect.poll(() => redis.get("past")).toBeNull();
      await redis.set("k", "x");
      expect(await redis.pexpire("k", 50_000)).toBe(1);
      expect(await redis.pttl("k")).toBeGreaterThan(40_000);
      expect(await redis.persist("k")).toBe(1);
      expect(await redis.expire("k", -1)).toBe(1);
      expect(await redis.exists("k")).toBe(0);
    });

    it("counts, and refuses to count what is no number", async () => {
      expect(await redis.incr("n")).toBe(1);
      expect(await redis.incrby("n", 41)).toBe(42);
      expect(await redis.decrby("n", 2)).toBe(40);
      expect(await redis.incrbyfloat("n", 0.5)).toBe(40.5);
      await redis.set("word", "seven");
      await expect(redis.incr("word")).rejects.toThrow("ERR value is not an integer or out of range");
    });

    it("keeps hashes, sets, lists and sorted sets", async () => {
      expect(await redis.hset("h", { a: 1, b: "two" })).toBe(2);
      expect(await redis.hgetall("h")).toEqual({ a: 1, b: "two" });
      expect(await redis.hincrby("h", "a", 5)).toBe(6);
      expect(await redis.sadd("s", "x", "y", "x")).toBe(2);
      expect(await redis.sismember("s", "y")).toBe(1);
      expect(await redis.rpush("l", "b", "c")).toBe(2);
      expect(await redis.lpush("l", "a")).toBe(3);
      expect(await redis.lrange("l", 0, -1)).toEqual(["a", "b", "c"]);
      expect(
        await redis.zadd(
          "z",
          { score: 3, member: "c" },
          { score: 1, member: "a" },
          { score: 2, member: "b" },
        ),
      ).toBe(3);
      expect(await redis.zrange("z", 0, -1, { withScores: true })).toEqual(["a", 1, "b", 2, "c", 3]);
      expect(
        await redis.zrange("z", "+inf", "(1", { byScore: true, rev: true, offset: 0, count: 1 }),
      ).toEqual(["c"]);
      expect(await redis.zremrangebyscore("z", 0, 1)).toBe(1);
      expect(await redis.zcount("z", "-inf", "+inf")).toBe(2);
      expect(await redis.zadd("z", { gt: true, ch: true }, { score: 1, member: "c" })).toBe(0);
    });

    it("refuses a command on a key of another type", async () => {
      await redis.set("text", "x");
      await expect(redis.lpush("text", "y")).rejects.toThrow(
        "WRONGTYPE Operation against a key holding the wrong kind of value",
      );
    });

    it("meets every key in a scan, however many there are", async () => {
      const names = Array.from({ length: 250 }, (_, index) => `scan:${String(index)}`);
      await redis.mset(Object.fromEntries(names.map((name) => [name, 1])));
      const met = new Set<string>();
      let cursor = "0";
      do {
        const [next, page] = await redis.scan(cursor, { match: "scan:*", count: 20 });
        for (const key of page) met.add(key);
        cursor = next;
      } while (cursor !== "0");
      expect(met).toEqual(new Set(names));
    });

    it("answers a pipeline command by command, errors in their places", async () => {
      const pipeline = redis.pipeline();
      pipeline.set("a", 1).incr("a").lpush("a", "x").get("a");
      const replies = await pipeline.exec({ keepErrors: true });
      expect(replies.map(({ result }) => result)).toEqual(["OK", 2, undefined, 2]);
      expect(replies[2]?.error).toContain("WRONGTYPE");
    });

    it("runs a transaction as a whole, and not at all where a command is no command", async () => {
      expect(await redis.multi().set("a", 1).incr("a").get("a").exec()).toEqual(["OK", 2, 2]);
      await expect(
        post(running, "/multi-exec", [["SET", "a", "7"], ["NOSUCHCOMMAND"]]),
      ).resolves.toMatchObject({
        status: 400,
        body: { error: expect.stringContaining("EXECABORT") as string },
      });
      expect(await redis.get("a")).toBe(2);
    });

    it("gives transactions and scripts that race each other one result after the other", async () => {
      await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          index % 2 === 0
            ? redis.multi().incr("race").incr("race").exec()
            : redis.eval("redis.call('INCR', KEYS[1]) return redis.call('INCR', KEYS[1])", ["race"], []),
        ),
      );
      expect(await redis.get("race")).toBe(100);
    });

    it("runs scripts with keys and arguments, and by their SHA once they are known", async () => {
      const script =
        "return { KEYS[1], ARGV[1], redis.call('GET', KEYS[1]), #ARGV, 3.9, false, { ok = 'FINE' } }";
      const expected = ["k", "v", null, 1, 3, null, "FINE"];
      await expect(redis.evalsha("0".repeat(40), [], [])).rejects.toThrow("NOSCRIPT");
      expect(await redis.eval(script, ["k"], ["v"])).toEqual(expected);
      const sha = await redis.scriptLoad(script);
      expect(await redis.evalsha(sha, ["k"], ["v"])).toEqual(expected);
      expect(await redis.scriptExists(sha, "0".repeat(40))).toEqual([1, 0]);
      await redis.scriptFlush();
      await expect(redis.evalsha(sha, [], [])).rejects.toThrow("NOSCRIPT");
    });

    it("knows a script with the hosted flag by the SHA its author computed", async () => {
      const script = "#!lua flags=allow-key-locking\nreturn redis.call('INCR', KEYS[1])";
      const sha = await redis.scriptLoad(script);
      expect(sha).toBe(await sha1(script));
      expect(await redis.evalsha(sha, ["flagged"], [])).toBe(1);
      expect(await redis.scriptExists(sha)).toEqual([1]);
      await redis.scriptFlush();
      const prepared = redis.createScript<number>(script);
      expect(await prepared.exec(["flagged"], [])).toBe(2);
      expect(await prepared.exec(["flagged"], [])).toBe(3);
    });

    it("lets a script catch an error, raise its own, and fail with the error of a command", async () => {
      await redis.set("text", "x");
      const caught = "local r = redis.pcall('LPUSH', KEYS[1], 'y') return r.err";
      expect(await redis.eval(caught, ["text"], [])).toContain("WRONGTYPE");
      expect(
        await redis.eval("return pcall(redis.call, 'LPUSH', KEYS[1], 'y') and 1 or 0", ["text"], []),
      ).toBe(0);
      await expect(redis.eval("return redis.error_reply('MINE own')", [], [])).rejects.toThrow("MINE own");
      await expect(redis.eval("return redis.call('LPUSH', KEYS[1], 'y')", ["text"], [])).rejects.toThrow(
        "WRONGTYPE",
      );
      await expect(redis.eval("return nosuchvariable", [], [])).rejects.toThrow(
        "nonexistent global variable",
      );
      await expect(redis.eval("this is no Lua", [], [])).rejects.toThrow("ERR Error compiling script");
      await expect(redis.eval("return redis.call('EVAL', 'return 1', 0)", [], [])).rejects.toThrow("ERR");
    });

    it("gives scripts cjson, sha1hex, unpack and numbers as Redis writes them", async () => {
      expect(
        await redis.eval("return cjson.decode(ARGV[1]).items[2].name", [], ['{"items":[1,{"name":"é"}]}']),
      ).toBe("é");
      expect(await redis.eval("return cjson.encode({ 1, 'a\"b', true })", [], [])).toEqual([1, 'a"b', true]);
      expect(await redis.eval("return cjson.encode({ key = { nested = 1.5 } })", [], [])).toEqual({
        key: { nested: 1.5 },
      });
      expect(await redis.eval("return redis.sha1hex('')", [], [])).toBe(
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
      );
      expect(
        await redis.eval("return redis.call('RPUSH', KEYS[1], unpack(ARGV))", ["list"], ["a", "b"]),
      ).toBe(2);
      await redis.eval("redis.call('SET', KEYS[1], 10 / 2) return tostring(10 / 2)", ["n"], []);
      expect(await redis.get("n")).toBe(5);
    });

    // The windows are so long that no test run meets the end of one.
    describe("rate limits", () => {
      const limited = (limiter: ConstructorParameters<typeof Ratelimit>[0]["limiter"]): Ratelimit =>
        new Ratelimit({ redis, limiter, prefix: "limit", timeout: 0, ephemeralCache: false });
      const outcomes = async (limit: Ratelimit, times: number): Promise<boolean[]> => {
        const results: boolean[] = [];
        for (let index = 0; index < times; index += 1) results.push((await limit.limit("ada")).success);
        return results;
      };

      it.each([
        ["a fixed window", Ratelimit.fixedWindow(3, "100 d")],
        ["a sliding window", Ratelimit.slidingWindow(3, "100 d")],
        ["a token bucket", Ratelimit.tokenBucket(3, "100 d", 3)],
      ])("lets three pass and refuses the fourth: %s", async (_, limiter) => {
        const limit = limited(limiter);
        expect(await outcomes(limit, 4)).toEqual([true, true, true, false]);
        expect((await limit.getRemaining("ada")).remaining).toBe(0);
        expect((await limit.limit("another")).success).toBe(true);
        await limit.resetUsedTokens("ada");
        expect((await limit.limit("ada")).success).toBe(true);
      });

      it("lets through exactly as many as allowed when all come at once", async () => {
        const limit = limited(Ratelimit.slidingWindow(10, "100 d"));
        const results = await Promise.all(Array.from({ length: 40 }, () => limit.limit("crowd")));
        expect(results.filter(({ success }) => success)).toHaveLength(10);
      });
    });
  });
});

async function post(
  running: RunningEngine,
  path: string,
  body: unknown,
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(running.url + path, {
    method: "POST",
    headers: { authorization: `Bearer ${TEST_TOKEN}` },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

async function sha1(text: string): Promise<string> {
  return Buffer.from(await crypto.subtle.digest("SHA-1", Buffer.from(text))).toString("hex");
}
