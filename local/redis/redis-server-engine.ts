/** The engine that talks to a real `redis-server` over one connection. */
import { Command as RespCommand, Redis } from "ioredis";
import type { Command, RedisEngine, TransactionOutcome } from "./engine.ts";
import type { Reply } from "./reply.ts";
import type { RedisProcess } from "./redis-process.ts";

/** Connects to a running process and takes it over: closing the engine ends it. Rejects where no connection can be made. */
export async function startRedisServerEngine(server: RedisProcess): Promise<RedisEngine> {
  const connection = new Redis({
    path: server.socketPath,
    protocol: 2,
    lazyConnect: true,
    // The server is our own child: when it is gone, so are we. Nothing waits for it in a queue.
    retryStrategy: () => null,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
  });
  let closing = false;
  // Commands in flight fail by themselves; without a listener the event would end this process.
  connection.on("error", (error: Error) => {
    if (!closing) console.error("redis server: connection:", error.message);
  });
  await connection.connect();

  return {
    name: "redis",
    execute: async (command) => {
      try {
        return toReply(await send(connection, command));
      } catch (error) {
        return errorReply(error);
      }
    },
    transaction: async (commands): Promise<TransactionOutcome> => {
      // Written in one go on the one connection, so no other request's command comes between.
      const sent = [["MULTI"], ...commands, ["EXEC"]].map((command) => send(connection, command));
      const outcomes = await Promise.allSettled(sent);
      const executed = outcomes.at(-1);
      if (executed?.status === "fulfilled" && Array.isArray(executed.value)) {
        return { ok: true, replies: (executed.value as unknown[]).map(toReply) };
      }
      const refusal = errorReply(executed?.status === "rejected" ? executed.reason : undefined);
      return { ok: false, reason: refusal.error };
    },
    close: async () => {
      closing = true;
      connection.disconnect();
      await server.stop();
    },
  };
}

function send(connection: Redis, command: Command): Promise<unknown> {
  const [name = "", ...args] = command;
  // In upper case the client's own transformations, which go by lower-case names, leave the reply as it came.
  const resp = new RespCommand(
    name.toUpperCase(),
    args.map((argument) => Buffer.from(argument, "latin1")),
    { replyEncoding: "latin1" },
  );
  return connection.sendCommand(resp) as Promise<unknown>;
}

function toReply(value: unknown): Reply {
  if (typeof value === "string" || typeof value === "number" || value === null) return value;
  if (Buffer.isBuffer(value)) return value.toString("latin1");
  if (Array.isArray(value)) return (value as unknown[]).map(toReply);
  if (value instanceof Error) return { error: value.message };
  throw new Error(`unexpected reply of type ${typeof value} from redis-server`);
}

/** An error that Redis answered, as a reply; a lost connection is a fault. */
function errorReply(error: unknown): { readonly error: string } {
  if (error instanceof Error && error.name === "ReplyError") return { error: error.message };
  throw error instanceof Error ? error : new Error("redis-server gave no answer");
}
