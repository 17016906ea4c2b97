/** Commands on keys whatever they hold: existence, expiry, names, scanning. */
import type { BinaryString } from "../reply.ts";
import { at, toInteger } from "./arguments.ts";
import { CommandError, NOT_AN_INTEGER, SYNTAX_ERROR } from "./command-error.ts";
import { OK } from "./command-table.ts";
import type { CommandTable, EmbeddedReply } from "./command-table.ts";
import { momentFrom } from "./expiry.ts";
import { globTest } from "./glob.ts";
import type { Keyspace } from "./keyspace.ts";

const DEFAULT_SCAN_COUNT = 10;

export const KEY_COMMANDS: CommandTable = {
  del: { arity: -2, run: deleteKeys },
  unlink: { arity: -2, run: deleteKeys },
  exists: { arity: -2, run: (keyspace, args) => args.filter((key) => keyspace.has(key)).length },
  touch: { arity: -2, run: (keyspace, args) => args.filter((key) => keyspace.has(key)).length },
  type: {
    arity: 2,
    run: (keyspace, args) => ({ status: keyspace.any(at(args, 0))?.type ?? "none" }),
  },
  expire: { arity: -3, run: (keyspace, args) => expire(keyspace, args, "ex", "expire") },
  pexpire: { arity: -3, run: (keyspace, args) => expire(keyspace, args, "px", "pexpire") },
  expireat: { arity: -3, run: (keyspace, args) => expire(keyspace, args, "exat", "expireat") },
  pexpireat: { arity: -3, run: (keyspace, args) => expire(keyspace, args, "pxat", "pexpireat") },
  ttl: { arity: 2, run: (keyspace, args) => inSeconds(remainingMs(keyspace, at(args, 0))) },
  pttl: { arity: 2, run: (keyspace, args) => remainingMs(keyspace, at(args, 0)) },
  expiretime: { arity: 2, run: (keyspace, args) => inSeconds(momentMs(keyspace, at(args, 0))) },
  pexpiretime: { arity: 2, run: (keyspace, args) => momentMs(keyspace, at(args, 0)) },
  persist: {
    arity: 2,
    run: (keyspace, args) => {
      if (typeof keyspace.expiresAtMs(at(args, 0)) !== "number") return 0;
      keyspace.setExpiry(at(args, 0), undefined);
      return 1;
    },
  },
  keys: { arity: 2, run: (keyspace, args) => keyspace.keys().filter(globTest(at(args, 0))) },
  scan: { arity: -2, run: scan },
  randomkey: {
    arity: 1,
    run: (keyspace) => {
      const keys = keyspace.keys();
      return keys[Math.floor(Math.random() * keys.length)] ?? null;
    },
  },
  rename: {
    arity: 3,
    run: (keyspace, args) => {
      rename(keyspace, at(args, 0), at(args, 1));
      return OK;
    },
  },
  renamenx: {
    arity: 3,
    run: (keyspace, args) => {
      if (keyspace.has(at(args, 0)) && keyspace.has(at(args, 1))) return 0;
      rename(keyspace, at(args, 0), at(args, 1));
      return 1;
    },
  },
};

function deleteKeys(keyspace: Keyspace, args: readonly BinaryString[]): number {
  return args.filter((key) => keyspace.delete(key)).length;
}

function expire(
  keyspace: Keyspace,
  args: readonly BinaryString[],
  unit: "ex" | "px" | "exat" | "pxat",
  name: string,
): number {
  const key = at(args, 0);
  const flags = new Set(args.slice(2).map((flag) => flag.toLowerCase()));
  for (const flag of flags) {
    if (!["nx", "xx", "gt", "lt"].includes(flag)) throw new CommandError(`ERR Unsupported option ${flag}`);
  }
  if (flags.has("nx") && flags.size > 1) {
    throw new CommandError("ERR NX and XX, GT or LT options at the same time are not compatible");
  }
  if (flags.has("gt") && flags.has("lt")) {
    throw new CommandError("ERR GT and LT options at the same time are not compatible");
  }
  const moment = momentFrom(keyspace, unit, toInteger(at(args, 1)), name);
  const current = keyspace.expiresAtMs(key);
  if (current === undefined) return 0;
  // A key without expiry counts as one that lives for ever.
  if (flags.has("nx") && current !== null) return 0;
  if (flags.has("xx") && current === null) return 0;
  if (flags.has("gt") && moment <= (current ?? Infinity)) return 0;
  if (flags.has("lt") && moment >= (current ?? Infinity)) return 0;
  keyspace.setExpiry(key, moment);
  return 1;
}

/** -2 without the key, -1 without an expiry, as all of TTL's kin answer. */
function momentMs(keyspace: Keyspace, key: BinaryString): number {
  const moment = keyspace.expiresAtMs(key);
  return moment === undefined ? -2 : (moment ?? -1);
}

function remainingMs(keyspace: Keyspace, key: BinaryString): number {
  const moment = momentMs(keyspace, key);
  return moment < 0 ? moment : moment - keyspace.nowMs;
}

function inSeconds(milliseconds: number): number {
  return milliseconds < 0 ? milliseconds : Math.floor((milliseconds + 500) / 1000);
}

function rename(keyspace: Keyspace, from: BinaryString, to: BinaryString): void {
  const value = keyspace.any(from);
  if (value === undefined) throw new CommandError("ERR no such key");
  const expiresAtMs = keyspace.expiresAtMs(from) ?? undefined;
  keyspace.delete(from);
  keyspace.set(to, value);
  keyspace.setExpiry(to, expiresAtMs);
}

/** Options that all SCAN commands share. */
export function scanOptions(args: readonly BinaryString[], from: number): ScanOptions {
  let test: (text: BinaryString) => boolean = () => true;
  let count = DEFAULT_SCAN_COUNT;
  let type: string | undefined;
  for (let index = from; index < args.length; index += 2) {
    const option = at(args, index).toLowerCase();
    const value = at(args, index + 1);
    if (option === "match") test = globTest(value);
    else if (option === "count") count = toInteger(value, NOT_AN_INTEGER);
    else if (option === "type") type = value.toLowerCase();
    else throw new CommandError(SYNTAX_ERROR);
  }
  if (count < 1) throw new CommandError(SYNTAX_ERROR);
  return { test, count, type };
}

export interface ScanOptions {
  readonly test: (text: BinaryString) => boolean;
  readonly count: number;
  readonly type: string | undefined;
}

/**
 * Goes through the keys in the order of a hash of their names, so that the cursor needs no memory here and a key that is there
 * from beginning to end is always met, however the others come and go.
 */
function scan(keyspace: Keyspace, args: readonly BinaryString[]): EmbeddedReply {
  const cursor = Number(at(args, 0));
  if (!Number.isSafeInteger(cursor) || cursor < 0) throw new CommandError("ERR invalid cursor");
  const { test, count, type } = scanOptions(args, 1);
  const ahead = keyspace
    .keys()
    .map((key) => ({ key, hash: nameHash(key) }))
    .filter(({ hash }) => hash >= cursor)
    .sort((a, b) => a.hash - b.hash);
  const last = ahead[count - 1];
  // Keys that share the last hash come along, else the next page would have to begin in their middle.
  const page = last === undefined ? ahead : ahead.filter(({ hash }) => hash <= last.hash);
  const next = page.length < ahead.length && last !== undefined ? last.hash + 1 : 0;
  const found = page
    .map(({ key }) => key)
    .filter((key) => test(key) && (type === undefined || keyspace.any(key)?.type === type));
  return [String(next), found];
}

/** FNV-1a, 32 bits. */
function nameHash(key: BinaryString): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash;
}
