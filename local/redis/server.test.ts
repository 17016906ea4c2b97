/** The protocol itself, spoken by hand: what a client sends and what it must get back. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ENGINES_UNDER_TEST, TEST_TOKEN } from "./running-engines.ts";
import type { RunningEngine } from "./running-engines.ts";

describe.each(ENGINES_UNDER_TEST)("the protocol over the $name engine", ({ installed, start }) => {
  describe.skipIf(!installed)("by hand", () => {
    let running: RunningEngine;
    beforeAll(async () => {
      running = await start();
    });
    afterAll(() => running.stop());

    const call = async (
      path: string,
      init: { method?: string; body?: string; headers?: Record<string, string> } = {},
    ): Promise<{ status: number; body: unknown; headers: Headers }> => {
      const response = await fetch(running.url + path, {
        ...init,
        headers: { authorization: `Bearer ${TEST_TOKEN}`, ...init.headers },
      });
      return { status: response.status, body: await response.json(), headers: response.headers };
    };
    const post = (body: unknown, path = "/"): ReturnType<typeof call> =>
      call(path, { method: "POST", body: JSON.stringify(body) });

    it("answers 401 without the token and with a wrong one, and takes it from the query too", async () => {
      const wrong = { status: 401, body: { error: "Unauthorized" } };
      expect(await call("/ping", { headers: { authorization: "" } })).toMatchObject(wrong);
      expect(await call("/ping", { headers: { authorization: "Bearer no" } })).toMatchObject(wrong);
      const byQuery = await fetch(`${running.url}/ping?_token=${TEST_TOKEN}`);
      expect(await byQuery.json()).toEqual({ result: "PONG" });
    });

    it("takes commands as paths, with a body as the last argument and the query as options", async () => {
      expect((await call("/set/path%20key/v%2F1")).body).toEqual({ result: "OK" });
      expect((await call("/get/path%20key")).body).toEqual({ result: "v/1" });
      await call("/set/body?EX=100", { method: "POST", body: "from the body" });
      expect((await call("/get/body/")).body).toEqual({ result: "from the body" });
      expect((await post(["TTL", "body"])).body).toEqual({ result: expect.any(Number) as number });
      expect((await call("/get/%E0%A4%A")).status).toBe(400);
    });

    it("encodes text as base64 where asked, at every depth, and leaves OK as it is", async () => {
      const headers = { "upstash-encoding": "base64" };
      const script = "return { 'é', 1, false, { 'in' } }";
      const encoded = await call("/", { method: "POST", headers, body: JSON.stringify(["EVAL", script, 0]) });
      expect(encoded.body).toEqual({ result: ["w6k=", 1, null, ["aW4="]] });
      const stored = await call("/", { method: "POST", headers, body: '["SET","k","v"]' });
      expect(stored.body).toEqual({ result: "OK" });
    });

    it("gives the sync token back", async () => {
      const { headers } = await call("/ping", { headers: { "upstash-sync-token": "abc" } });
      expect(headers.get("upstash-sync-token")).toBe("abc");
    });

    it("answers 400 with Redis' own words to a command that is wrong", async () => {
      await post(["SET", "text", "x"]);
      expect(await post(["GET"])).toMatchObject({
        status: 400,
        body: { error: "ERR wrong number of arguments for 'get' command" },
      });
      const unknown = (await post(["NOSUCH", "a"])).body as { error: string };
      expect(unknown.error.trim()).toBe("ERR unknown command 'NOSUCH', with args beginning with: 'a'");
      expect((await post(["LPUSH", "text", "x"])).body).toEqual({
        error: "WRONGTYPE Operation against a key holding the wrong kind of value",
      });
    });

    it.each(["SUBSCRIBE", "BLPOP", "CONFIG", "SHUTDOWN", "MULTI", "SELECT"])(
      "refuses %s, which needs a connection of its own or changes the server",
      async (name) => {
        const error = `ERR Command is not available: '${name}'`;
        expect(await post([name, "a", "0"])).toMatchObject({ status: 400, body: { error } });
        expect((await post([[name, "a", "0"]], "/pipeline")).body).toEqual([{ error }]);
        expect(await post([[name, "a", "0"]], "/multi-exec")).toMatchObject({ status: 400, body: { error } });
        expect((await call("/ping")).body).toEqual({ result: "PONG" });
      },
    );

    it.each(["", "{", "null", "{}", "[]", "[null]", '["GET",["k"]]', '["GET",{}]'])(
      "answers 400 to the body %j",
      async (body) => {
        expect((await call("/", { method: "POST", body })).status).toBe(400);
        expect((await call("/pipeline", { method: "POST", body })).status).toBe(400);
        expect((await call("/multi-exec", { method: "POST", body })).status).toBe(400);
      },
    );

    it("refuses more than a thousand commands and more than ten megabytes at once", async () => {
      const many = Array.from({ length: 1001 }, () => ["PING"]);
      expect((await post(many, "/pipeline")).status).toBe(400);
      expect((await post(["SET", "k", "x".repeat(10 * 1024 * 1024)])).status).toBe(413);
    });

    it("keeps the errors of a transaction's commands in their places", async () => {
      const commands = [
        ["SET", "n", "x"],
        ["INCR", "n"],
        ["GET", "n"],
      ];
      expect((await post(commands, "/multi-exec")).body).toEqual([
        { result: "OK" },
        { error: "ERR value is not an integer or out of range" },
        { result: "x" },
      ]);
    });
  });
});
