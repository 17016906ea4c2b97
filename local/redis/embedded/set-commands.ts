/** Commands on sets. */
import type { BinaryString } from "../reply.ts";
import { at, toInteger } from "./arguments.ts";
import { CommandError } from "./command-error.ts";
import type { CommandTable, EmbeddedReply } from "./command-table.ts";
import { scanOptions } from "./key-commands.ts";
import { assertRoom, MAX_ELEMENTS_PER_KEY } from "./keyspace.ts";
import type { Keyspace } from "./keyspace.ts";

type Members = ReadonlySet<BinaryString>;

const NO_MEMBERS: Members = new Set();

export const SET_COMMANDS: CommandTable = {
  sadd: { arity: -3, run: (keyspace, args) => add(keyspace, at(args, 0), args.slice(1)) },
  srem: { arity: -3, run: (keyspace, args) => remove(keyspace, at(args, 0), args.slice(1)) },
  smembers: { arity: 2, run: (keyspace, args) => [...membersOf(keyspace, at(args, 0))] },
  sismember: {
    arity: 3,
    run: (keyspace, args) => (membersOf(keyspace, at(args, 0)).has(at(args, 1)) ? 1 : 0),
  },
  smismember: {
    arity: -3,
    run: (keyspace, args) => {
      const members = membersOf(keyspace, at(args, 0));
      return args.slice(1).map((member) => (members.has(member) ? 1 : 0));
    },
  },
  scard: { arity: 2, run: (keyspace, args) => membersOf(keyspace, at(args, 0)).size },
  spop: {
    arity: -2,
    run: (keyspace, args) => {
      const picked = pick(membersOf(keyspace, at(args, 0)), args[1] === undefined ? 1 : count(args[1]));
      remove(keyspace, at(args, 0), picked);
      return args[1] === undefined ? (picked[0] ?? null) : picked;
    },
  },
  srandmember: { arity: -2, run: randomMembers },
  smove: {
    arity: 4,
    run: (keyspace, args) => {
      if (!keyspace.has(at(args, 0))) return 0;
      const here = membersOf(keyspace, at(args, 0)).has(at(args, 2));
      membersOf(keyspace, at(args, 1));
      if (at(args, 0) === at(args, 1)) return here ? 1 : 0;
      if (remove(keyspace, at(args, 0), [at(args, 2)]) === 0) return 0;
      add(keyspace, at(args, 1), [at(args, 2)]);
      return 1;
    },
  },
  sunion: {
    arity: -2,
    run: (keyspace, args) => [...new Set(setsOf(keyspace, args).flatMap((set) => [...set]))],
  },
  sinter: {
    arity: -2,
    run: (keyspace, args) => {
      const [first = NO_MEMBERS, ...others] = setsOf(keyspace, args);
      return [...first].filter((member) => others.every((other) => other.has(member)));
    },
  },
  sdiff: {
    arity: -2,
    run: (keyspace, args) => {
      const [first = NO_MEMBERS, ...others] = setsOf(keyspace, args);
      return [...first].filter((member) => !others.some((other) => other.has(member)));
    },
  },
  sscan: {
    arity: -3,
    // Whole in one page, as Redis does for small sets.
    run: (keyspace, args) => ["0", [...membersOf(keyspace, at(args, 0))].filter(scanOptions(args, 2).test)],
  },
};

function membersOf(keyspace: Keyspace, key: BinaryString): Members {
  return keyspace.get(key, "set")?.members ?? NO_MEMBERS;
}

function add(keyspace: Keyspace, key: BinaryString, added: readonly BinaryString[]): number {
  assertRoom(membersOf(keyspace, key).size + added.length);
  const { members } = keyspace.getOrCreate(key, "set");
  const before = members.size;
  for (const member of added) members.add(member);
  return members.size - before;
}

function remove(keyspace: Keyspace, key: BinaryString, removed: readonly BinaryString[]): number {
  const set = keyspace.get(key, "set");
  const gone = removed.filter((member) => set?.members.delete(member) === true).length;
  keyspace.dropIfEmpty(key);
  return gone;
}

function count(text: BinaryString): number {
  const wanted = toInteger(text);
  if (wanted < 0) throw new CommandError("ERR value is out of range, must be positive");
  return wanted;
}

/** Distinct members at random, at most as many as wanted. */
function pick(members: Members, wanted: number): BinaryString[] {
  const pool = [...members];
  const picked: BinaryString[] = [];
  while (picked.length < wanted && pool.length > 0) {
    picked.push(...pool.splice(Math.floor(Math.random() * pool.length), 1));
  }
  return picked;
}

function randomMembers(keyspace: Keyspace, args: readonly BinaryString[]): EmbeddedReply {
  const members = membersOf(keyspace, at(args, 0));
  if (args[1] === undefined) return pick(members, 1)[0] ?? null;
  const wanted = toInteger(args[1]);
  if (wanted >= 0) return pick(members, wanted);
  // A negative count asks for that many with repetition.
  const pool = [...members];
  if (-wanted > MAX_ELEMENTS_PER_KEY) throw new CommandError("ERR value is out of range");
  return pool.length === 0
    ? []
    : Array.from({ length: -wanted }, () => pool[Math.floor(Math.random() * pool.length)] ?? null);
}

function setsOf(keyspace: Keyspace, keys: readonly BinaryString[]): Members[] {
  return keys.map((key) => membersOf(keyspace, key));
}
