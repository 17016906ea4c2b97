/** Commands on lists. */
import type { BinaryString } from "../reply.ts";
import { at, toInteger, toSlice } from "./arguments.ts";
import { CommandError } from "./command-error.ts";
import { OK } from "./command-table.ts";
import type { CommandTable, EmbeddedReply } from "./command-table.ts";
import { assertRoom } from "./keyspace.ts";
import type { Keyspace } from "./keyspace.ts";

const NOT_POSITIVE = "ERR value is out of range, must be positive";

type End = "left" | "right";

export const LIST_COMMANDS: CommandTable = {
  lpush: { arity: -3, run: (keyspace, args) => push(keyspace, args, "left") },
  rpush: { arity: -3, run: (keyspace, args) => push(keyspace, args, "right") },
  lpushx: { arity: -3, run: (keyspace, args) => pushExisting(keyspace, args, "left") },
  rpushx: { arity: -3, run: (keyspace, args) => pushExisting(keyspace, args, "right") },
  lpop: { arity: -2, run: (keyspace, args) => pop(keyspace, args, "left") },
  rpop: { arity: -2, run: (keyspace, args) => pop(keyspace, args, "right") },
  llen: { arity: 2, run: (keyspace, args) => itemsOf(keyspace, at(args, 0)).length },
  lindex: {
    arity: 3,
    run: (keyspace, args) => {
      const list = keyspace.get(at(args, 0), "list");
      return list?.items.at(toInteger(at(args, 1))) ?? null;
    },
  },
  lrange: {
    arity: 4,
    run: (keyspace, args) => {
      const [from, to] = [toInteger(at(args, 1)), toInteger(at(args, 2))];
      const items = itemsOf(keyspace, at(args, 0));
      return items.slice(...toSlice(from, to, items.length));
    },
  },
  lset: {
    arity: 4,
    run: (keyspace, args) => {
      const list = keyspace.get(at(args, 0), "list");
      if (list === undefined) throw new CommandError("ERR no such key");
      const index = toInteger(at(args, 1));
      const position = index < 0 ? index + list.items.length : index;
      if (list.items[position] === undefined) throw new CommandError("ERR index out of range");
      list.items[position] = at(args, 2);
      return OK;
    },
  },
  ltrim: {
    arity: 4,
    run: (keyspace, args) => {
      const [from, to] = [toInteger(at(args, 1)), toInteger(at(args, 2))];
      const list = keyspace.get(at(args, 0), "list");
      const [start, end] = toSlice(from, to, list?.items.length ?? 0);
      list?.items.splice(end);
      list?.items.splice(0, start);
      keyspace.dropIfEmpty(at(args, 0));
      return OK;
    },
  },
  lrem: { arity: 4, run: removeEqual },
};

function itemsOf(keyspace: Keyspace, key: BinaryString): readonly BinaryString[] {
  return keyspace.get(key, "list")?.items ?? [];
}

function push(keyspace: Keyspace, args: readonly BinaryString[], end: End): number {
  assertRoom(itemsOf(keyspace, at(args, 0)).length + args.length - 1);
  const { items } = keyspace.getOrCreate(at(args, 0), "list");
  for (const item of args.slice(1)) {
    if (end === "left") items.unshift(item);
    else items.push(item);
  }
  return items.length;
}

function pushExisting(keyspace: Keyspace, args: readonly BinaryString[], end: End): number {
  return itemsOf(keyspace, at(args, 0)).length === 0 ? 0 : push(keyspace, args, end);
}

function pop(keyspace: Keyspace, args: readonly BinaryString[], end: End): EmbeddedReply {
  const wanted = args[1] === undefined ? undefined : toInteger(args[1], NOT_POSITIVE);
  if (args.length > 2) {
    throw new CommandError(`ERR wrong number of arguments for '${end === "left" ? "lpop" : "rpop"}' command`);
  }
  if (wanted !== undefined && wanted < 0) {
    throw new CommandError(NOT_POSITIVE);
  }
  const list = keyspace.get(at(args, 0), "list");
  if (list === undefined) return null;
  const amount = Math.min(wanted ?? 1, list.items.length);
  const popped =
    end === "left" ? list.items.splice(0, amount) : list.items.splice(list.items.length - amount).reverse();
  keyspace.dropIfEmpty(at(args, 0));
  return wanted === undefined ? (popped[0] ?? null) : popped;
}

/** LREM: a positive count removes from the left, a negative one from the right, zero all. */
function removeEqual(keyspace: Keyspace, args: readonly BinaryString[]): number {
  const wanted = toInteger(at(args, 1));
  const unwanted = at(args, 2);
  const list = keyspace.get(at(args, 0), "list");
  if (list === undefined) return 0;
  const positions = list.items.flatMap((item, index) => (item === unwanted ? [index] : []));
  const chosen = new Set(
    wanted === 0 ? positions : wanted > 0 ? positions.slice(0, wanted) : positions.slice(wanted),
  );
  const kept = list.items.filter((_, index) => !chosen.has(index));
  list.items.splice(0, list.items.length, ...kept);
  keyspace.dropIfEmpty(at(args, 0));
  return chosen.size;
}
