/** Commands on hashes. */
import type { BinaryString } from "../reply.ts";
import { at, fitsInt64, formatFloat, toFloat, toInt64 } from "./arguments.ts";
import { CommandError } from "./command-error.ts";
import { OK } from "./command-table.ts";
import type { CommandTable, EmbeddedReply } from "./command-table.ts";
import { scanOptions } from "./key-commands.ts";
import { assertRoom } from "./keyspace.ts";
import type { Keyspace } from "./keyspace.ts";

const NO_FIELDS: ReadonlyMap<BinaryString, BinaryString> = new Map();

export const HASH_COMMANDS: CommandTable = {
  hset: { arity: -4, run: (keyspace, args) => setFields(keyspace, args, "hset") },
  hmset: {
    arity: -4,
    run: (keyspace, args) => {
      setFields(keyspace, args, "hmset");
      return OK;
    },
  },
  hsetnx: {
    arity: 4,
    run: (keyspace, args) =>
      fieldsOf(keyspace, at(args, 0)).has(at(args, 1)) ? 0 : setFields(keyspace, args, "hsetnx"),
  },
  hget: { arity: 3, run: (keyspace, args) => fieldsOf(keyspace, at(args, 0)).get(at(args, 1)) ?? null },
  hmget: {
    arity: -3,
    run: (keyspace, args) => {
      const fields = fieldsOf(keyspace, at(args, 0));
      return args.slice(1).map((field) => fields.get(field) ?? null);
    },
  },
  hgetall: { arity: 2, run: (keyspace, args) => [...fieldsOf(keyspace, at(args, 0))].flat() },
  hkeys: { arity: 2, run: (keyspace, args) => [...fieldsOf(keyspace, at(args, 0)).keys()] },
  hvals: { arity: 2, run: (keyspace, args) => [...fieldsOf(keyspace, at(args, 0)).values()] },
  hlen: { arity: 2, run: (keyspace, args) => fieldsOf(keyspace, at(args, 0)).size },
  hexists: { arity: 3, run: (keyspace, args) => (fieldsOf(keyspace, at(args, 0)).has(at(args, 1)) ? 1 : 0) },
  hstrlen: {
    arity: 3,
    run: (keyspace, args) => fieldsOf(keyspace, at(args, 0)).get(at(args, 1))?.length ?? 0,
  },
  hdel: {
    arity: -3,
    run: (keyspace, args) => {
      const hash = keyspace.get(at(args, 0), "hash");
      const removed = args.slice(1).filter((field) => hash?.fields.delete(field) === true).length;
      keyspace.dropIfEmpty(at(args, 0));
      return removed;
    },
  },
  hincrby: { arity: 4, run: addToField },
  hincrbyfloat: { arity: 4, run: addFloatToField },
  hscan: {
    arity: -3,
    // Whole in one page, as Redis does for small hashes.
    run: (keyspace, args) => {
      const { test } = scanOptions(args, 2);
      return ["0", [...fieldsOf(keyspace, at(args, 0))].filter(([field]) => test(field)).flat()];
    },
  },
};

function fieldsOf(keyspace: Keyspace, key: BinaryString): ReadonlyMap<BinaryString, BinaryString> {
  return keyspace.get(key, "hash")?.fields ?? NO_FIELDS;
}

function setFields(keyspace: Keyspace, args: readonly BinaryString[], name: string): number {
  if (args.length % 2 === 0) throw new CommandError(`ERR wrong number of arguments for '${name}' command`);
  assertRoom(fieldsOf(keyspace, at(args, 0)).size + (args.length - 1) / 2);
  const { fields } = keyspace.getOrCreate(at(args, 0), "hash");
  const before = fields.size;
  for (let index = 1; index < args.length; index += 2) fields.set(at(args, index), at(args, index + 1));
  return fields.size - before;
}

function addToField(keyspace: Keyspace, args: readonly BinaryString[]): EmbeddedReply {
  const delta = toInt64(at(args, 2));
  const current = fieldsOf(keyspace, at(args, 0)).get(at(args, 1)) ?? "0";
  const sum = toInt64(current, "ERR hash value is not an integer") + delta;
  if (!fitsInt64(sum)) throw new CommandError("ERR increment or decrement would overflow");
  setFields(keyspace, [at(args, 0), at(args, 1), String(sum)], "hincrby");
  return Number(sum);
}

function addFloatToField(keyspace: Keyspace, args: readonly BinaryString[]): EmbeddedReply {
  const delta = toFloat(at(args, 2));
  const current = fieldsOf(keyspace, at(args, 0)).get(at(args, 1)) ?? "0";
  const sum = toFloat(current, "ERR hash value is not a float") + delta;
  if (!Number.isFinite(sum)) throw new CommandError("ERR increment would produce NaN or Infinity");
  const text = formatFloat(Number(sum.toPrecision(15)));
  setFields(keyspace, [at(args, 0), at(args, 1), text], "hincrbyfloat");
  return text;
}
