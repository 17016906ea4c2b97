/** Commands on strings and counters. */
import type { BinaryString } from "../reply.ts";
import { at, fitsInt64, formatFloat, toFloat, toInt64, toInteger, toSlice } from "./arguments.ts";
import { CommandError, NOT_AN_INTEGER, SYNTAX_ERROR } from "./command-error.ts";
import { OK } from "./command-table.ts";
import type { CommandTable, EmbeddedReply } from "./command-table.ts";
import { MAX_STRING_BYTES } from "./keyspace.ts";
import type { Keyspace } from "./keyspace.ts";
import { expiryFrom } from "./expiry.ts";

const TOO_LONG = "ERR string exceeds maximum allowed size (proto-max-bulk-len)";

export const STRING_COMMANDS: CommandTable = {
  get: { arity: 2, run: (keyspace, args) => read(keyspace, at(args, 0)) },
  set: { arity: -3, run: set },
  setnx: {
    arity: 3,
    run: (keyspace, args) => {
      if (keyspace.has(at(args, 0))) return 0;
      write(keyspace, at(args, 0), at(args, 1));
      return 1;
    },
  },
  setex: { arity: 4, run: (keyspace, args) => setWithExpiry(keyspace, args, "ex", "setex") },
  psetex: { arity: 4, run: (keyspace, args) => setWithExpiry(keyspace, args, "px", "psetex") },
  getset: {
    arity: 3,
    run: (keyspace, args) => {
      const former = read(keyspace, at(args, 0));
      write(keyspace, at(args, 0), at(args, 1));
      return former;
    },
  },
  getdel: {
    arity: 2,
    run: (keyspace, args) => {
      const former = read(keyspace, at(args, 0));
      keyspace.delete(at(args, 0));
      return former;
    },
  },
  getex: { arity: -2, run: getex },
  mget: {
    arity: -2,
    run: (keyspace, args) =>
      args.map((key) => {
        const value = keyspace.any(key);
        return value?.type === "string" ? value.text : null;
      }),
  },
  mset: {
    arity: -3,
    run: (keyspace, args) => {
      writePairs(keyspace, args, "mset");
      return OK;
    },
  },
  msetnx: {
    arity: -3,
    run: (keyspace, args) => {
      if (args.some((key, index) => index % 2 === 0 && keyspace.has(key))) return 0;
      writePairs(keyspace, args, "msetnx");
      return 1;
    },
  },
  incr: { arity: 2, run: (keyspace, args) => add(keyspace, at(args, 0), 1n) },
  decr: { arity: 2, run: (keyspace, args) => add(keyspace, at(args, 0), -1n) },
  incrby: { arity: 3, run: (keyspace, args) => add(keyspace, at(args, 0), toInt64(at(args, 1))) },
  decrby: { arity: 3, run: (keyspace, args) => add(keyspace, at(args, 0), -toInt64(at(args, 1))) },
  incrbyfloat: { arity: 3, run: addFloat },
  append: {
    arity: 3,
    run: (keyspace, args) => {
      const joined = (read(keyspace, at(args, 0)) ?? "") + at(args, 1);
      write(keyspace, at(args, 0), joined, true);
      return joined.length;
    },
  },
  strlen: { arity: 2, run: (keyspace, args) => read(keyspace, at(args, 0))?.length ?? 0 },
  getrange: {
    arity: 4,
    run: (keyspace, args) => {
      const [from, to] = [toInteger(at(args, 1)), toInteger(at(args, 2))];
      const text = read(keyspace, at(args, 0)) ?? "";
      if (from < 0 && to < from) return "";
      // Unlike other ranges, an end before the beginning is the first byte.
      return text.slice(...toSlice(from, Math.max(to, -text.length), text.length));
    },
  },
  setrange: {
    arity: 4,
    run: (keyspace, args) => {
      const offset = toInteger(at(args, 1));
      const patch = at(args, 2);
      if (offset < 0) throw new CommandError("ERR offset is out of range");
      const text = read(keyspace, at(args, 0)) ?? "";
      if (patch === "") return text.length;
      if (offset + patch.length > MAX_STRING_BYTES) throw new CommandError(TOO_LONG);
      const patched = text.slice(0, offset).padEnd(offset, "\0") + patch + text.slice(offset + patch.length);
      write(keyspace, at(args, 0), patched, true);
      return patched.length;
    },
  },
};

function read(keyspace: Keyspace, key: BinaryString): BinaryString | null {
  return keyspace.get(key, "string")?.text ?? null;
}

function write(keyspace: Keyspace, key: BinaryString, text: BinaryString, keepExpiry = false): void {
  if (text.length > MAX_STRING_BYTES) throw new CommandError(TOO_LONG);
  keyspace.set(key, { type: "string", text }, { keepExpiry });
}

function writePairs(keyspace: Keyspace, args: readonly BinaryString[], name: string): void {
  if (args.length % 2 !== 0) throw new CommandError(`ERR wrong number of arguments for '${name}' command`);
  for (let index = 0; index < args.length; index += 2) write(keyspace, at(args, index), at(args, index + 1));
}

function set(keyspace: Keyspace, args: readonly BinaryString[]): EmbeddedReply {
  const key = at(args, 0);
  let condition: "nx" | "xx" | undefined;
  let keepExpiry = false;
  let answerFormer = false;
  let expiresAtMs: number | undefined;
  for (let index = 2; index < args.length; index += 1) {
    const option = at(args, index).toLowerCase();
    if ((option === "nx" || option === "xx") && (condition ?? option) === option) condition = option;
    else if (option === "get") answerFormer = true;
    else if (option === "keepttl" && expiresAtMs === undefined) keepExpiry = true;
    else if (/^(?:ex|px|exat|pxat)$/.test(option) && !keepExpiry && expiresAtMs === undefined) {
      index += 1;
      expiresAtMs = expiryFrom(keyspace, option, at(args, index), "set");
    } else throw new CommandError(SYNTAX_ERROR);
  }
  const former = answerFormer ? read(keyspace, key) : null;
  const exists = keyspace.has(key);
  if ((condition === "nx" && exists) || (condition === "xx" && !exists)) return former;
  write(keyspace, key, at(args, 1), keepExpiry);
  if (expiresAtMs !== undefined) keyspace.setExpiry(key, expiresAtMs);
  return answerFormer ? former : OK;
}

function setWithExpiry(
  keyspace: Keyspace,
  args: readonly BinaryString[],
  unit: "ex" | "px",
  name: string,
): EmbeddedReply {
  const expiresAtMs = expiryFrom(keyspace, unit, at(args, 1), name);
  write(keyspace, at(args, 0), at(args, 2));
  keyspace.setExpiry(at(args, 0), expiresAtMs);
  return OK;
}

function getex(keyspace: Keyspace, args: readonly BinaryString[]): EmbeddedReply {
  const key = at(args, 0);
  const option = args[1]?.toLowerCase();
  if (option === undefined) return read(keyspace, key);
  if (option === "persist" && args.length === 2) {
    const text = read(keyspace, key);
    keyspace.setExpiry(key, undefined);
    return text;
  }
  if (!/^(?:ex|px|exat|pxat)$/.test(option) || args.length !== 3) throw new CommandError(SYNTAX_ERROR);
  const expiresAtMs = expiryFrom(keyspace, option, at(args, 2), "getex");
  const text = read(keyspace, key);
  keyspace.setExpiry(key, expiresAtMs);
  return text;
}

function add(keyspace: Keyspace, key: BinaryString, delta: bigint): number {
  const sum = toInt64(read(keyspace, key) ?? "0", NOT_AN_INTEGER) + delta;
  if (!fitsInt64(sum)) throw new CommandError("ERR increment or decrement would overflow");
  write(keyspace, key, String(sum), true);
  return Number(sum);
}

function addFloat(keyspace: Keyspace, args: readonly BinaryString[]): BinaryString {
  const sum = toFloat(read(keyspace, at(args, 0)) ?? "0") + toFloat(at(args, 1));
  if (!Number.isFinite(sum)) throw new CommandError("ERR increment would produce NaN or Infinity");
  // Redis adds in long doubles; 15 digits hide the error that doubles show (0.1 + 0.2).
  const text = formatFloat(Number(sum.toPrecision(15)));
  write(keyspace, at(args, 0), text, true);
  return text;
}
