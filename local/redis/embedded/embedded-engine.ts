/**
 * A Redis engine in this process, for machines without `redis-server`. State is in memory only and lost at the end: what is kept
 * in Redis are copies. One command, one script or one transaction is one synchronous step, so each is atomic.
 */
import type { Command, RedisEngine, TransactionOutcome } from "../engine.ts";
import { refusalOf } from "../engine.ts";
import type { BinaryString, Reply } from "../reply.ts";
import { CommandError } from "./command-error.ts";
import type { CommandSpec, CommandTable, EmbeddedReply } from "./command-table.ts";
import { HASH_COMMANDS } from "./hash-commands.ts";
import { KEY_COMMANDS } from "./key-commands.ts";
import { Keyspace } from "./keyspace.ts";
import { LIST_COMMANDS } from "./list-commands.ts";
import { Scripts } from "./scripts.ts";
import { SERVER_COMMANDS } from "./server-commands.ts";
import { SET_COMMANDS } from "./set-commands.ts";
import { SORTED_SET_COMMANDS } from "./sorted-set-commands.ts";
import { STRING_COMMANDS } from "./string-commands.ts";

const SWEEP_INTERVAL_MS = 1000;
/** How much of a stranger's arguments an error repeats. */
const MAX_QUOTED_CHARACTERS = 128;

const DATA_COMMANDS: ReadonlyMap<string, CommandSpec> = new Map(
  Object.entries({
    ...STRING_COMMANDS,
    ...KEY_COMMANDS,
    ...HASH_COMMANDS,
    ...SET_COMMANDS,
    ...SORTED_SET_COMMANDS,
    ...LIST_COMMANDS,
    ...SERVER_COMMANDS,
  }),
);

export interface EmbeddedEngineOptions {
  /** Keys kept; beyond it the least recently used go. */
  readonly maxKeys?: number;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
}

/** Boots the engine, its Lua included. */
export async function startEmbeddedEngine(options: EmbeddedEngineOptions = {}): Promise<RedisEngine> {
  const keyspace = new Keyspace(options);
  const scripts = await Scripts.start((command) => runIn(DATA_COMMANDS, command, "script"));
  const scriptCommands: CommandTable = {
    eval: { arity: -3, run: (_, args) => scripts.evaluate(args) },
    eval_ro: { arity: -3, run: (_, args) => scripts.evaluate(args) },
    evalsha: { arity: -3, run: (_, args) => scripts.evaluateSha(args) },
    evalsha_ro: { arity: -3, run: (_, args) => scripts.evaluateSha(args) },
    script: { arity: -2, run: (_, args) => scripts.manage(args) },
  };
  const commands: ReadonlyMap<string, CommandSpec> = new Map([
    ...DATA_COMMANDS,
    ...Object.entries(scriptCommands),
  ]);
  const sweeper = setInterval(() => {
    keyspace.sweep();
  }, SWEEP_INTERVAL_MS);
  sweeper.unref();

  /** Runs one command; every refusal becomes an error reply here and nowhere else. */
  function runIn(
    table: ReadonlyMap<string, CommandSpec>,
    command: Command,
    caller: "client" | "script",
  ): EmbeddedReply {
    const spec = lookUp(table, command);
    if ("error" in spec) return caller === "script" ? forScript(command, spec) : spec;
    try {
      return spec.run(keyspace, command.slice(1));
    } catch (error) {
      if (error instanceof CommandError) return { error: error.message };
      throw error;
    }
  }

  function forScript(command: Command, refusal: { readonly error: string }): EmbeddedReply {
    const known = commands.has(command[0]?.toLowerCase() ?? "") || refusalOf(command) !== undefined;
    if (!refusal.error.startsWith("ERR unknown command")) {
      return { error: "ERR Wrong number of args calling Redis command from script" };
    }
    return {
      error: known
        ? "ERR This Redis command is not allowed from script"
        : "ERR Unknown Redis command called from script",
    };
  }

  return {
    name: "embedded",
    execute: (command) => {
      keyspace.tick();
      return Promise.resolve(plain(runIn(commands, command, "client")));
    },
    transaction: (queued): Promise<TransactionOutcome> => {
      const wrong = queued.map((command) => lookUp(commands, command)).find((spec) => "error" in spec);
      if (wrong !== undefined) {
        return Promise.resolve({
          ok: false,
          reason: "EXECABORT Transaction discarded because of previous errors.",
        });
      }
      keyspace.tick();
      return Promise.resolve({
        ok: true,
        replies: queued.map((command) => plain(runIn(commands, command, "client"))),
      });
    },
    close: () => {
      clearInterval(sweeper);
      scripts.close();
      return Promise.resolve();
    },
  };
}

function lookUp(
  table: ReadonlyMap<string, CommandSpec>,
  command: Command,
): CommandSpec | { readonly error: string } {
  const [name = "", ...args] = command;
  const spec = table.get(name.toLowerCase());
  if (spec === undefined) return { error: unknownCommand(name, args) };
  const fits = spec.arity > 0 ? command.length === spec.arity : command.length >= -spec.arity;
  return fits ? spec : { error: `ERR wrong number of arguments for '${name.toLowerCase()}' command` };
}

function unknownCommand(name: BinaryString, args: readonly BinaryString[]): string {
  let quoted = "";
  for (const argument of args) {
    if (quoted.length >= MAX_QUOTED_CHARACTERS) break;
    quoted += `'${argument.slice(0, MAX_QUOTED_CHARACTERS - quoted.length)}' `;
  }
  return `ERR unknown command '${name.slice(0, MAX_QUOTED_CHARACTERS)}', with args beginning with: ${quoted}`;
}

/** Status lines as plain text, as clients get them. */
function plain(reply: EmbeddedReply): Reply {
  if (typeof reply !== "object" || reply === null) return reply;
  if ("status" in reply) return reply.status;
  if ("error" in reply) return reply;
  return reply.map(plain);
}
