/** What only the embedded engine does: its clock, its bounds, its watch over scripts. */
import { afterEach, describe, expect, it } from "vitest";
import type { RedisEngine } from "../engine.ts";
import { startEmbeddedEngine } from "./embedded-engine.ts";
import type { EmbeddedEngineOptions } from "./embedded-engine.ts";
import { Keyspace, MAX_ELEMENTS_PER_KEY, OUT_OF_MEMORY } from "./keyspace.ts";

let engine: RedisEngine;
const start = async (options: EmbeddedEngineOptions = {}): Promise<void> => {
  engine = await startEmbeddedEngine(options);
};
const run = (...command: string[]): ReturnType<RedisEngine["execute"]> => engine.execute(command);
afterEach(() => engine.close());

describe("time", () => {
  it("expires a key at its moment, and TTL rounds as Redis does", async () => {
    let nowMs = 1_000_000;
    await start({ clock: () => nowMs });
    await run("SET", "k", "v", "PX", "1600");
    expect(await run("TTL", "k")).toBe(2);
    nowMs += 1599;
    expect(await run("PTTL", "k")).toBe(1);
    nowMs += 1;
    expect(await run("GET", "k")).toBeNull();
    expect(await run("TTL", "k")).toBe(-2);
  });

  it("never runs backwards", async () => {
    let nowMs = 5_000_000;
    await start({ clock: () => nowMs });
    await run("SET", "k", "v", "EX", "10");
    nowMs -= 60_000;
    expect(await run("TTL", "k")).toBe(10);
    expect(await run("TIME")).toEqual(["5000", "0"]);
  });

  it("stands still inside a transaction and a script", async () => {
    let nowMs = 1000;
    await start({ clock: () => (nowMs += 1) });
    const outcome = await engine.transaction([["TIME"], ["TIME"]]);
    expect(outcome).toMatchObject({ ok: true });
    if (outcome.ok) expect(outcome.replies[0]).toEqual(outcome.replies[1]);
    const pair = "return { redis.call('TIME')[2], redis.call('TIME')[2] }";
    const [first, second] = (await run("EVAL", pair, "0")) as string[];
    expect(first).toBe(second);
  });
});

describe("bounds", () => {
  it("lets the least recently used key go beyond the bound", async () => {
    await start({ maxKeys: 3 });
    for (const key of ["a", "b", "c"]) await run("SET", key, "x");
    await run("GET", "a");
    await run("SET", "d", "x");
    expect((await run("KEYS", "*")) as string[]).toEqual(expect.arrayContaining(["a", "c", "d"]));
    expect(await run("EXISTS", "b")).toBe(0);
  });

  it("refuses a collection that grows too large and leaves it as it was", async () => {
    await start();
    const members = Array.from({ length: MAX_ELEMENTS_PER_KEY }, (_, index) => String(index));
    await run("SADD", "s", ...members);
    expect(await run("SADD", "s", "one more")).toEqual({ error: OUT_OF_MEMORY });
    expect(await run("SCARD", "s")).toBe(MAX_ELEMENTS_PER_KEY);
  });

  it("sweeps away what expired without being asked for", () => {
    let nowMs = 0;
    const keyspace = new Keyspace({ clock: () => nowMs });
    for (let index = 0; index < 500; index += 1) {
      keyspace.set(String(index), { type: "string", text: "x" });
      keyspace.setExpiry(String(index), index % 2 === 0 ? 10 : undefined);
    }
    nowMs = 11;
    keyspace.sweep();
    expect(keyspace.size).toBe(250);
  });

  it("matches a hostile pattern without getting stuck", async () => {
    await start();
    await run("SET", "a".repeat(2000), "x");
    expect(await run("KEYS", `${"*a".repeat(500)}b`)).toEqual([]);
  });
});

describe("scripts", () => {
  it("are atomic in one step and their failure keeps what they had done, as in Redis", async () => {
    await start();
    const script = "redis.call('SET', 'k', '1') return redis.call('INCR', 'k', 'too many')";
    expect(await run("EVAL", script, "0")).toMatchObject({ error: expect.stringContaining("ERR") as string });
    expect(await run("GET", "k")).toBe("1");
  });

  it("cannot reach the machine, nor leave globals behind", async () => {
    await start();
    for (const name of ["io", "require", "package", "debug", "dofile", "load_nothing", "__host"]) {
      expect(await run("EVAL", `return type(${name})`, "0")).toMatchObject({
        error: expect.stringContaining("nonexistent global variable") as string,
      });
    }
    expect(await run("EVAL", "leaked = 1", "0")).toMatchObject({
      error: expect.stringContaining("readonly table") as string,
    });
    expect(await run("EVAL", "return type(os.execute)", "0")).toBe("nil");
  });

  it("are ended when they use up their memory, and the next one runs", async () => {
    await start();
    const greedy = "local t = {} while true do t[#t + 1] = string.rep('x', 1000000) .. #t end";
    expect(await run("EVAL", greedy, "0")).toMatchObject({
      error: expect.stringContaining("memory") as string,
    });
    expect(await run("EVAL", "return 'alive'", "0")).toBe("alive");
  });

  it("name the line where they failed", async () => {
    await start();
    expect(await run("EVAL", "local x\nreturn x.y", "0")).toMatchObject({
      error: expect.stringMatching(/^ERR user_script:2: .* on @user_script:2\.$/) as string,
    });
  });
});
