/** Commands about the server itself. */
import { at } from "./arguments.ts";
import { CommandError, SYNTAX_ERROR } from "./command-error.ts";
import { OK } from "./command-table.ts";
import type { CommandTable } from "./command-table.ts";
import type { Keyspace } from "./keyspace.ts";

export const SERVER_COMMANDS: CommandTable = {
  ping: {
    arity: -1,
    run: (_, args) => {
      if (args.length > 1) throw new CommandError("ERR wrong number of arguments for 'ping' command");
      return args[0] ?? { status: "PONG" };
    },
  },
  echo: { arity: 2, run: (_, args) => at(args, 0) },
  time: {
    arity: 1,
    run: (keyspace) => [
      String(Math.floor(keyspace.nowMs / 1000)),
      String(Math.floor((keyspace.nowMs % 1000) * 1000)),
    ],
  },
  dbsize: { arity: 1, run: (keyspace) => keyspace.keys().length },
  flushdb: { arity: -1, run: flush },
  flushall: { arity: -1, run: flush },
  info: {
    arity: -1,
    run: (keyspace) =>
      `# Server\r\nredis_version:7.0.0\r\nredis_mode:standalone\r\nengine:embedded\r\n` +
      `# Keyspace\r\ndb0:keys=${String(keyspace.size)}\r\n`,
  },
  // Nobody can subscribe over a stateless protocol, so nobody is ever reached.
  publish: { arity: 3, run: () => 0 },
};

function flush(keyspace: Keyspace, args: readonly string[]): typeof OK {
  if (args.length > 1 || (args[0] !== undefined && !/^(?:a?sync)$/i.test(args[0]))) {
    throw new CommandError(SYNTAX_ERROR);
  }
  keyspace.clear();
  return OK;
}
