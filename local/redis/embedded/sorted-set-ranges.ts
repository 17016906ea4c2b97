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

/** Reads `start stop [BYSCORE|BYLEX] [REV] [LIMIT offset count] [WITHSCORES]` from a position on. */
export function parseRange(
  args: readonly BinaryString[],
  from: number,
): RangeRequest & { withScores: boolean } {
  let kind: RangeKind = "rank";
  let reverse = false;
  let withScores = false;
  let limit: RangeRequest["limit"];
  for (let index = from + 2; index < args.length; index += 1) {
    const option = at(args, index).toLowerCase();
    if (option === "byscore") kind = "score";
    else if (option === "bylex") kind = "lex";
    else if (option === "rev") reverse = true;
    else if (option === "withscores") withScores = true;
    else if (option === "limit") {
      limit = { offset: toInteger(at(args, index + 1)), count: toInteger(at(args, index + 2)) };
      index += 2;
    } else throw new CommandError(SYNTAX_ERROR);
  }
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

/** The members of a range, in the order asked for. Refuses bounds that cannot be read, also on an absent set. */
export function selectRange(sorted: SortedSet | undefined, request: RangeRequest): ScoredMember[] {
  const { kind, reverse, start, stop, limit } = request;
  const size = sorted?.size ?? 0;
  if (kind === "rank") {
    const [from, to] = toSlice(toInteger(start), toInteger(stop), size);
    if (sorted === undefined) return [];
    return reverse ? sorted.slice(size - to, size - from).reverse() : sorted.slice(from, to);
  }
  const span = kind === "score" ? scoreSpan : lexSpan;
  const [from, to] = reverse ? span(sorted, stop, start) : span(sorted, start, stop);
  if (sorted === undefined) return [];
  const inside = sorted.slice(from, Math.max(from, to));
  if (reverse) inside.reverse();
  if (limit === undefined) return inside;
  if (limit.offset < 0) return [];
  return inside.slice(limit.offset, limit.count < 0 ? undefined : limit.offset + limit.count);
}

/** Positions (end exclusive) between two scores, `(` before one leaving it out. */
export function scoreSpan(
  sorted: SortedSet | undefined,
  min: BinaryString,
  max: BinaryString,
): readonly [number, number] {
  const low = parseScore(min);
  const high = parseScore(max);
  if (sorted === undefined) return [0, 0];
  const from = sorted.firstIndex(({ score }) => (low.exclusive ? score > low.score : score >= low.score));
  const to = sorted.firstIndex(({ score }) => (high.exclusive ? score >= high.score : score > high.score));
  return [from, to];
}

function lexSpan(
  sorted: SortedSet | undefined,
  min: BinaryString,
  max: BinaryString,
): readonly [number, number] {
  const low = parseName(min);
  const high = parseName(max);
  if (sorted === undefined) return [0, 0];
  const edge = (bound: NameBound, inclusiveStop: boolean): number => {
    if (bound === "lowest") return 0;
    if (bound === "highest") return sorted.size;
    const before = inclusiveStop ? !bound.exclusive : bound.exclusive;
    return sorted.firstIndex(({ member }) => (before ? member > bound.name : member >= bound.name));
  };
  return [edge(low, false), edge(high, true)];
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
