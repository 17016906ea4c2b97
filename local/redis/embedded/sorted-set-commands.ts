/** Commands on sorted sets. */
import type { BinaryString } from "../reply.ts";
import { at, formatFloat, toFloat, toInteger } from "./arguments.ts";
import { CommandError, SYNTAX_ERROR } from "./command-error.ts";
import type { CommandTable, EmbeddedReply } from "./command-table.ts";
import { scanOptions } from "./key-commands.ts";
import { assertRoom } from "./keyspace.ts";
import type { Keyspace } from "./keyspace.ts";
import type { ScoredMember, SortedSet } from "./sorted-set.ts";
import { countByScore, parseRange, selectRange } from "./sorted-set-ranges.ts";
import type { FixedRange, RangeRequest } from "./sorted-set-ranges.ts";

export const SORTED_SET_COMMANDS: CommandTable = {
  zadd: { arity: -4, run: add },
  zincrby: {
    arity: 4,
    run: (keyspace, args) => add(keyspace, [at(args, 0), "incr", at(args, 1), at(args, 2)]),
  },
  zrem: {
    arity: -3,
    run: (keyspace, args) => remove(keyspace, at(args, 0), args.slice(1)),
  },
  zcard: { arity: 2, run: (keyspace, args) => sortedOf(keyspace, at(args, 0))?.size ?? 0 },
  zscore: { arity: 3, run: (keyspace, args) => scoreReply(sortedOf(keyspace, at(args, 0)), at(args, 1)) },
  zmscore: {
    arity: -3,
    run: (keyspace, args) => {
      const sorted = sortedOf(keyspace, at(args, 0));
      return args.slice(1).map((member) => scoreReply(sorted, member));
    },
  },
  zrank: { arity: 3, run: (keyspace, args) => sortedOf(keyspace, at(args, 0))?.rankOf(at(args, 1)) ?? null },
  zrevrank: {
    arity: 3,
    run: (keyspace, args) => {
      const sorted = sortedOf(keyspace, at(args, 0));
      const rank = sorted?.rankOf(at(args, 1));
      return sorted === undefined || rank === undefined ? null : sorted.size - 1 - rank;
    },
  },
  zcount: {
    arity: 4,
    run: (keyspace, args) => countByScore(() => sortedOf(keyspace, at(args, 0)), at(args, 1), at(args, 2)),
  },
  zrange: {
    arity: -4,
    run: (keyspace, args) => range(keyspace, at(args, 0), parseRange(args, 1)),
  },
  zrevrange: {
    arity: -4,
    run: (keyspace, args) => olderRange(keyspace, args, { kind: "rank", reverse: true }),
  },
  zrangebyscore: {
    arity: -4,
    run: (keyspace, args) => olderRange(keyspace, args, { kind: "score", reverse: false }),
  },
  zrevrangebyscore: {
    arity: -4,
    run: (keyspace, args) => olderRange(keyspace, args, { kind: "score", reverse: true }),
  },
  zrangebylex: {
    arity: -4,
    run: (keyspace, args) => olderRange(keyspace, args, { kind: "lex", reverse: false }),
  },
  zremrangebyscore: { arity: 4, run: (keyspace, args) => removeRange(keyspace, args, "score") },
  zremrangebyrank: { arity: 4, run: (keyspace, args) => removeRange(keyspace, args, "rank") },
  zremrangebylex: { arity: 4, run: (keyspace, args) => removeRange(keyspace, args, "lex") },
  zpopmin: { arity: -2, run: (keyspace, args) => pop(keyspace, args, false) },
  zpopmax: { arity: -2, run: (keyspace, args) => pop(keyspace, args, true) },
  zscan: {
    arity: -3,
    // Whole in one page, as Redis does for small sorted sets.
    run: (keyspace, args) => {
      const { test } = scanOptions(args, 2);
      const members = sortedOf(keyspace, at(args, 0))?.slice(0, Infinity) ?? [];
      return [
        "0",
        listed(
          members.filter(({ member }) => test(member)),
          true,
        ),
      ];
    },
  },
};

function sortedOf(keyspace: Keyspace, key: BinaryString): SortedSet | undefined {
  return keyspace.get(key, "zset")?.sorted;
}

function scoreReply(sorted: SortedSet | undefined, member: BinaryString): BinaryString | null {
  const score = sorted?.scoreOf(member);
  return score === undefined ? null : formatFloat(score);
}

interface AddFlags {
  nx: boolean;
  xx: boolean;
  gt: boolean;
  lt: boolean;
  ch: boolean;
  incr: boolean;
}

function parseFlags(args: readonly BinaryString[]): { readonly flags: AddFlags; readonly pairsFrom: number } {
  const flags: AddFlags = { nx: false, xx: false, gt: false, lt: false, ch: false, incr: false };
  let index = 1;
  for (; index < args.length; index += 1) {
    const name = at(args, index).toLowerCase();
    if (!isFlag(name, flags)) break;
    flags[name] = true;
  }
  return { flags, pairsFrom: index };
}

function isFlag(name: string, flags: AddFlags): name is keyof AddFlags {
  return Object.hasOwn(flags, name);
}

function add(keyspace: Keyspace, args: readonly BinaryString[]): EmbeddedReply {
  const { flags, pairsFrom } = parseFlags(args);
  const pairs = args.slice(pairsFrom);
  if (pairs.length === 0 || pairs.length % 2 !== 0) throw new CommandError(SYNTAX_ERROR);
  if (flags.nx && flags.xx) {
    throw new CommandError("ERR XX and NX options at the same time are not compatible");
  }
  if ((flags.gt && flags.nx) || (flags.lt && flags.nx) || (flags.gt && flags.lt)) {
    throw new CommandError("ERR GT, LT, and/or NX options at the same time are not compatible");
  }
  if (flags.incr && pairs.length > 2) {
    throw new CommandError("ERR INCR option supports a single increment-element pair");
  }
  const scored: ScoredMember[] = [];
  for (let index = 0; index < pairs.length; index += 2) {
    scored.push({ score: toFloat(at(pairs, index)), member: at(pairs, index + 1) });
  }
  const key = at(args, 0);
  assertRoom((sortedOf(keyspace, key)?.size ?? 0) + scored.length);
  const { sorted } = keyspace.getOrCreate(key, "zset");
  try {
    return apply(sorted, scored, flags);
  } finally {
    // XX on an absent key made it for nothing.
    keyspace.dropIfEmpty(key);
  }
}

function apply(sorted: SortedSet, scored: readonly ScoredMember[], flags: AddFlags): EmbeddedReply {
  let added = 0;
  let changed = 0;
  let result: number | undefined;
  for (const { member, score: given } of scored) {
    const current = sorted.scoreOf(member);
    const score = flags.incr ? (current ?? 0) + given : given;
    if (Number.isNaN(score)) throw new CommandError("ERR resulting score is not a number (NaN)");
    const skip =
      current === undefined
        ? flags.xx
        : flags.nx || (flags.gt && score <= current) || (flags.lt && score >= current);
    if (skip) continue;
    result = score;
    if (current === undefined) added += 1;
    else if (current !== score) changed += 1;
    sorted.set(member, score);
  }
  if (flags.incr) return result === undefined ? null : formatFloat(result);
  return flags.ch ? added + changed : added;
}

function remove(keyspace: Keyspace, key: BinaryString, members: readonly BinaryString[]): number {
  const sorted = sortedOf(keyspace, key);
  const removed = members.filter((member) => sorted?.delete(member) === true).length;
  keyspace.dropIfEmpty(key);
  return removed;
}

function range(
  keyspace: Keyspace,
  key: BinaryString,
  request: RangeRequest & { withScores: boolean },
): EmbeddedReply {
  return listed(
    selectRange(() => sortedOf(keyspace, key), request),
    request.withScores,
  );
}

/** ZREVRANGE and its kin: ZRANGE with options in their names. */
function olderRange(keyspace: Keyspace, args: readonly BinaryString[], fixed: FixedRange): EmbeddedReply {
  return range(keyspace, at(args, 0), parseRange(args, 1, fixed));
}

function removeRange(
  keyspace: Keyspace,
  args: readonly BinaryString[],
  kind: RangeRequest["kind"],
): EmbeddedReply {
  const request = { kind, reverse: false, start: at(args, 1), stop: at(args, 2) };
  const inside = selectRange(() => sortedOf(keyspace, at(args, 0)), request);
  return remove(
    keyspace,
    at(args, 0),
    inside.map(({ member }) => member),
  );
}

function pop(keyspace: Keyspace, args: readonly BinaryString[], highest: boolean): EmbeddedReply {
  const wanted = args[1] === undefined ? 1 : toInteger(args[1]);
  if (wanted < 0) throw new CommandError("ERR value is out of range, must be positive");
  const sorted = sortedOf(keyspace, at(args, 0));
  const request = { kind: "rank", reverse: highest, start: "0", stop: String(wanted - 1) } as const;
  const popped = wanted === 0 ? [] : selectRange(() => sorted, request);
  remove(
    keyspace,
    at(args, 0),
    popped.map(({ member }) => member),
  );
  return listed(popped, true);
}

function listed(members: readonly ScoredMember[], withScores: boolean): BinaryString[] {
  return members.flatMap(({ member, score }) => (withScores ? [member, formatFloat(score)] : [member]));
}
