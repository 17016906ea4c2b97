/** Ranges of sorted sets: by rank, score or name, forwards or backwards, with a limit. */
import type { BinaryString } from "../reply.ts";
import { at, toFloat, toInteger, toSlice } from "./arguments.ts";
import { CommandError, SYNTAX_ERROR } from "./command-error.ts";
import type { ScoredMember, SortedSet } from "./sorted-set.ts";

type RangeKind = "rank" | "score" | "lex";

export interface RangeRequest {
  readonly kind: RangeKind;
  readonly reverse: boolean;
  /** As given: with `reverse` and not by rank, the greater bound comes first. */
  readonly start: BinaryString;
  readonly stop: BinaryString;
  readonly limit?: { readonly offset: number; readonly count: number };
}

const BAD_SCORE = "ERR min or max is not a float";
const BAD_NAME = "ERR min or max not valid string range item";

/** What an older command (ZREVRANGE, ZRANGEBYSCORE …) says by its name rather than by options. */
export interface FixedRange {
  readonly kind: RangeKind;
  readonly reverse: boolean;
}

/** Reads `start stop [BYSCORE|BYLEX] [REV] [LIMIT offset count] [WITHSCORES]` from a position on. */
export function parseRange(
  args: readonly BinaryString[],
  from: number,
  fixed?: FixedRange,
): RangeRequest & { withScores: boolean } {
  let namedKind: RangeKind | undefined;
  let namedReverse = false;
  let withScores = false;
  let limit: RangeRequest["limit"];
  for (let index = from + 2; index < args.length; index += 1) {
    const option = at(args, index).toLowerCase();
    if (option === "withscores") withScores = true;
    else if (option === "limit") {
      limit = { offset: toInteger(at(args, index + 1)), count: toInteger(at(args, index + 2)) };
      index += 2;
    } else if (fixed === undefined && option === "rev" && !namedReverse) namedReverse = true;
    else if (fixed === undefined && /^by(?:score|lex)$/.test(option) && namedKind === undefined) {
      namedKind = option === "byscore" ? "score" : "lex";
    } else throw new CommandError(SYNTAX_ERROR);
  }
  const { kind, reverse } = fixed ?? { kind: namedKind ?? "rank", reverse: namedReverse };
  if (limit !== undefined && kind === "rank") {
    throw new CommandError(
      "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX",
    );
  }
  if (withScores && kind === "lex") {
    throw new CommandError("ERR syntax error, WITHSCORES not supported in combination with BYLEX");
  }
  const bounds = { start: at(args, from), stop: at(args, from + 1) };
  return { kind, reverse, withScores, ...bounds, ...(limit === undefined ? {} : { limit }) };
}

/** Finds the set, or throws WRONGTYPE. Called after the bounds were read: Redis complains about those first. */
type LookUp = () => SortedSet | undefined;
/** Positions, end exclusive. */
type Span = readonly [number, number];

/** The members of a range, in the order asked for. Refuses bounds that cannot be read, also on an absent set. */
export function selectRange(lookUp: LookUp, request: RangeRequest): ScoredMember[] {
  const { kind, reverse, start, stop, limit } = request;
  const spanIn = spanFinder(kind, reverse && kind !== "rank" ? [stop, start] : [start, stop]);
  const sorted = lookUp();
  if (sorted === undefined) return [];
  const [from, to] = spanIn(sorted);
  if (kind === "rank" && reverse) return sorted.slice(sorted.size - to, sorted.size - from).reverse();
  const inside = sorted.slice(from, Math.max(from, to));
  if (reverse) inside.reverse();
  if (limit === undefined) return inside;
  if (limit.offset < 0) return [];
  return inside.slice(limit.offset, limit.count < 0 ? undefined : limit.offset + limit.count);
}

/** How many members have a score between two bounds. */
export function countByScore(lookUp: LookUp, min: BinaryString, max: BinaryString): number {
  const spanIn = spanFinder("score", [min, max]);
  const sorted = lookUp();
  if (sorted === undefined) return 0;
  const [from, to] = spanIn(sorted);
  return Math.max(0, to - from);
}

/** Reads the bounds at once and answers how to find their positions in a set. */
function spanFinder(
  kind: RangeKind,
  [low, high]: readonly [BinaryString, BinaryString],
): (sorted: SortedSet) => Span {
  if (kind === "rank") {
    const [start, stop] = [toInteger(low), toInteger(high)];
    return (sorted) => toSlice(start, stop, sorted.size);
  }
  if (kind === "score") {
    const [min, max] = [parseScore(low), parseScore(high)];
    return (sorted) => [
      sorted.firstIndex(({ score }) => (min.exclusive ? score > min.score : score >= min.score)),
      sorted.firstIndex(({ score }) => (max.exclusive ? score >= max.score : score > max.score)),
    ];
  }
  const [first, last] = [parseName(low), parseName(high)];
  return (sorted) => [nameEdge(sorted, first, false), nameEdge(sorted, last, true)];
}

function nameEdge(sorted: SortedSet, bound: NameBound, isStop: boolean): number {
  if (bound === "lowest") return 0;
  if (bound === "highest") return sorted.size;
  const passesEqual = isStop ? !bound.exclusive : bound.exclusive;
  return sorted.firstIndex(({ member }) => (passesEqual ? member > bound.name : member >= bound.name));
}

function parseScore(text: BinaryString): { readonly score: number; readonly exclusive: boolean } {
  const exclusive = text.startsWith("(");
  return { score: toFloat(exclusive ? text.slice(1) : text, BAD_SCORE), exclusive };
}

type NameBound = "lowest" | "highest" | { readonly name: BinaryString; readonly exclusive: boolean };

function parseName(text: BinaryString): NameBound {
  if (text === "-") return "lowest";
  if (text === "+") return "highest";
  if (!text.startsWith("[") && !text.startsWith("(")) throw new CommandError(BAD_NAME);
  return { name: text.slice(1), exclusive: text.startsWith("(") };
}
