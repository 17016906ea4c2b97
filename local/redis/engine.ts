/** What a Redis engine offers to the protocol server, and the commands no engine takes over a stateless protocol. */
import type { BinaryString, Reply } from "./reply.ts";

/** A command with its arguments, as binary strings; the name comes first. */
export type Command = readonly BinaryString[];

export type TransactionOutcome =
  { readonly ok: true; readonly replies: readonly Reply[] } | { readonly ok: false; readonly reason: string };

export interface RedisEngine {
  readonly name: "redis" | "embedded";
  /** Runs one command. An error of the command is a reply; a lost engine throws. */
  execute(command: Command): Promise<Reply>;
  /** Runs all commands with nothing in between. Refuses, having run none, where one is unknown or has a wrong number of arguments. */
  transaction(commands: readonly Command[]): Promise<TransactionOutcome>;
  /** Ends what the engine started. */
  close(): Promise<void>;
}

/** They need a connection of their own, block it, or change the server itself: the hosted service refuses them as well. */
const UNAVAILABLE_COMMANDS: ReadonlySet<string> = new Set([
  "acl",
  "asking",
  "auth",
  "bgrewriteaof",
  "bgsave",
  "blmove",
  "blmpop",
  "blpop",
  "brpop",
  "brpoplpush",
  "bzmpop",
  "bzpopmax",
  "bzpopmin",
  "client",
  "cluster",
  "config",
  "debug",
  "discard",
  "exec",
  "failover",
  "hello",
  "latency",
  "migrate",
  "module",
  "monitor",
  "move",
  "multi",
  "psubscribe",
  "psync",
  "punsubscribe",
  "quit",
  "readonly",
  "readwrite",
  "replicaof",
  "reset",
  "restore-asking",
  "save",
  "select",
  "shutdown",
  "slaveof",
  "slowlog",
  "ssubscribe",
  "subscribe",
  "sunsubscribe",
  "swapdb",
  "sync",
  "unsubscribe",
  "unwatch",
  "wait",
  "waitaof",
  "watch",
]);

/** The refusal for a command that cannot be offered over HTTP, or undefined where it can. `BLOCK` on streams counts as such. */
export function refusalOf(command: Command): string | undefined {
  const name = command[0]?.toLowerCase();
  if (name === undefined) return "ERR empty command";
  if (UNAVAILABLE_COMMANDS.has(name)) return `ERR Command is not available: '${name.toUpperCase()}'`;
  const blocks =
    (name === "xread" || name === "xreadgroup") &&
    command.some((argument) => argument.toLowerCase() === "block");
  return blocks ? "ERR Command is not available: 'BLOCK'" : undefined;
}
