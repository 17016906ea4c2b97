/** The Upstash REST protocol over one engine: `@upstash/redis` and `@upstash/ratelimit` run against it unchanged. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { FAULTS_PATH, FaultControl } from "../faults/part-faults.ts";
import { refusalOf } from "./engine.ts";
import type { Command, RedisEngine } from "./engine.ts";
import { isErrorReply, toBinary, toText } from "./reply.ts";
import type { Reply } from "./reply.ts";
import { ScriptShebangs } from "./script-shebang.ts";

/** The hosted service's limit for one request. */
const MAX_REQUEST_BYTES = 10 * 1024 * 1024;
const MAX_COMMANDS_PER_REQUEST = 1000;
const MAX_ARGUMENTS_PER_COMMAND = 100_000;

const SYNC_TOKEN_HEADER = "upstash-sync-token";

type WireReply = { result: unknown } | { error: string };

export interface RedisProtocolOptions {
  readonly engine: RedisEngine;
  /** The bearer token every request must carry. */
  readonly token: string;
}

export interface RunningRedisServer {
  readonly port: number;
  readonly url: string;
  /** Stops taking requests, ends open connections and closes the engine. */
  close(): Promise<void>;
}

/** The protocol as a Hono app, with its control of faults beside it. A command's error is HTTP 400 `{error}`, a wrong token 401, a lost engine 500. */
function createRedisProtocolApp({ engine, token }: RedisProtocolOptions): Hono {
  const shebangs = new ScriptShebangs();
  const faults = new FaultControl();
  const app = new Hono();

  // Before the token is asked for: it is not Redis' own, and listens on the local machine only.
  app.all(FAULTS_PATH, async (c) => {
    const { status, body } = faults.answer(c.req.method, await c.req.text());
    return c.json(body, status);
  });
  app.use(async (c, next) => {
    if (await faults.inject()) return c.json({ error: "ERR a fault that was asked for" }, 500);
    return next();
  });
  app.use(async (c, next) => {
    await next();
    c.header(SYNC_TOKEN_HEADER, c.req.header(SYNC_TOKEN_HEADER) ?? "");
  });
  app.use(async (c, next) => {
    if (!isAuthorised(c, token)) return c.json({ error: "Unauthorized" }, 401);
    return next();
  });
  app.use(
    bodyLimit({
      maxSize: MAX_REQUEST_BYTES,
      onError: (c) => c.json({ error: "ERR max request size exceeded" }, 413),
    }),
  );

  app.post("/", async (c) => {
    const command = parseCommand(parseJson(await c.req.text()));
    if (command === undefined) return c.json({ error: "ERR failed to parse command" }, 400);
    return answer(c, await execute(command));
  });

  app.post("/pipeline", async (c) => {
    const commands = parseCommands(parseJson(await c.req.text()));
    if (commands === undefined) return c.json({ error: "ERR failed to parse pipeline request" }, 400);
    // Issued together and in order: on one connection they run in order, as the hosted service runs them.
    const replies = await Promise.all(commands.map((command) => execute(command)));
    return c.json(replies.map((reply) => toWire(reply, encoderFor(c))));
  });

  app.post("/multi-exec", async (c) => {
    const commands = parseCommands(parseJson(await c.req.text()));
    if (commands === undefined) return c.json({ error: "ERR failed to parse multi-exec request" }, 400);
    const refusal = commands.map((command) => refusalOf(command)).find((reason) => reason !== undefined);
    if (refusal !== undefined) return c.json({ error: refusal }, 400);
    const outcome = await engine.transaction(commands.map((command) => shebangs.rewrite(command)));
    if (!outcome.ok) return c.json({ error: outcome.reason }, 400);
    return c.json(outcome.replies.map((reply) => toWire(reply, encoderFor(c))));
  });

  app.all("*", async (c) => {
    const command = await commandFromPath(c);
    if (command === undefined) return c.json({ error: "ERR failed to parse command" }, 400);
    return answer(c, await execute(command));
  });

  app.onError((error, c) => {
    console.error("redis server: request failed:", error);
    return c.json({ error: "ERR internal error" }, 500);
  });

  async function execute(command: Command): Promise<Reply> {
    const refusal = refusalOf(command);
    if (refusal !== undefined) return { error: refusal };
    const reply = await engine.execute(shebangs.rewrite(command));
    const loadedSha = shebangs.loadedSha(command);
    return loadedSha !== undefined && typeof reply === "string" ? loadedSha : reply;
  }

  return app;
}

/** Serves an engine on 127.0.0.1. Port 0 takes a free one. Rejects where the port is in use. */
export async function startRedisServer(
  options: RedisProtocolOptions & { readonly port: number },
): Promise<RunningRedisServer> {
  // Without a custom server the adaptor makes a plain node:http one.
  const server = createAdaptorServer({ fetch: createRedisProtocolApp(options).fetch }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${String(port)}`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await options.engine.close();
    },
  };
}

function isAuthorised(c: Context, token: string): boolean {
  const given =
    /^bearer\s+(.+)$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? c.req.query("_token") ?? "";
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}

function answer(c: Context, reply: Reply): Response {
  const wire = toWire(reply, encoderFor(c));
  return c.json(wire, "error" in wire ? 400 : 200);
}

function encoderFor(c: Context): (text: string) => string {
  if (c.req.header("upstash-encoding")?.toLowerCase() !== "base64") return toText;
  return (text) => Buffer.from(text, "latin1").toString("base64");
}

function toWire(reply: Reply, encode: (text: string) => string): WireReply {
  if (isErrorReply(reply)) return { error: toText(reply.error) };
  // The hosted service leaves a plain OK unencoded, and clients look for exactly that.
  return { result: reply === "OK" ? "OK" : encodeResult(reply, encode) };
}

function encodeResult(reply: Reply, encode: (text: string) => string): unknown {
  if (typeof reply === "string") return encode(reply);
  if (typeof reply === "number" || reply === null) return reply;
  if (isErrorReply(reply)) return encode(reply.error);
  return reply.map((item) => encodeResult(item, encode));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function parseCommands(body: unknown): Command[] | undefined {
  if (!Array.isArray(body) || body.length === 0 || body.length > MAX_COMMANDS_PER_REQUEST) return undefined;
  const commands = body.map(parseCommand);
  return commands.every((command) => command !== undefined) ? commands : undefined;
}

function parseCommand(body: unknown): Command | undefined {
  if (!Array.isArray(body) || body.length === 0 || body.length > MAX_ARGUMENTS_PER_COMMAND) return undefined;
  const command: string[] = [];
  for (const argument of body as unknown[]) {
    if (typeof argument === "string") command.push(toBinary(argument));
    else if (typeof argument === "number" || typeof argument === "boolean") command.push(String(argument));
    else return undefined;
  }
  return command;
}

/** `/set/key/value?EX=60`: path segments, then a POST body as one argument, then the query. */
async function commandFromPath(c: Context): Promise<Command | undefined> {
  const url = new URL(c.req.url);
  const segments = url.pathname.split("/").slice(1);
  if (segments.at(-1) === "") segments.pop();
  if (segments.length === 0) return undefined;
  const command: string[] = [];
  try {
    for (const segment of segments) command.push(decodeURIComponent(segment));
  } catch {
    return undefined;
  }
  if (c.req.method === "POST" || c.req.method === "PUT") {
    const body = await c.req.text();
    if (body !== "") command.push(body);
  }
  for (const [key, value] of url.searchParams) {
    if (key === "_token") continue;
    command.push(...(value === "" ? [key] : [key, value]));
  }
  return command.length > MAX_ARGUMENTS_PER_COMMAND ? undefined : command.map(toBinary);
}
