/** Reading command arguments as Redis reads them, and writing numbers as it writes them. */
import type { BinaryString } from "../reply.ts";
import { CommandError, NOT_AN_INTEGER, NOT_A_FLOAT, SYNTAX_ERROR } from "./command-error.ts";

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** The argument at a position; its absence is a fault of the arity table. */
export function at(args: readonly BinaryString[], index: number): BinaryString {
  const argument = args[index];
  if (argument === undefined) throw new CommandError(SYNTAX_ERROR);
  return argument;
}

/** A signed 64-bit integer, or a refusal. */
export function toInt64(text: BinaryString, refusal = NOT_AN_INTEGER): bigint {
  if (!/^(?:0|-?[1-9]\d{0,18})$/.test(text)) throw new CommandError(refusal);
  const value = BigInt(text);
  if (value < INT64_MIN || value > INT64_MAX) throw new CommandError(refusal);
  return value;
}

/** Whether a sum still fits a signed 64-bit integer. */
export function fitsInt64(value: bigint): boolean {
  return value >= INT64_MIN && value <= INT64_MAX;
}

/** An integer as a number (counts, indexes, times); beyond 2^53 it loses precision, as it would in JSON. */
export function toInteger(text: BinaryString, refusal = NOT_AN_INTEGER): number {
  return Number(toInt64(text, refusal));
}

/** A float; `inf` in every spelling is allowed, NaN is not. */
export function toFloat(text: BinaryString, refusal = NOT_A_FLOAT): number {
  const infinite = /^([+-]?)(?:inf|infinity)$/i.exec(text);
  if (infinite !== null) return infinite[1] === "-" ? -Infinity : Infinity;
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) throw new CommandError(refusal);
  return Number(text);
}

/** A float as Redis prints it. */
export function formatFloat(value: number): BinaryString {
  if (value === Infinity) return "inf";
  if (value === -Infinity) return "-inf";
  return Object.is(value, -0) ? "-0" : String(value);
}

/** Start and end (exclusive) of a Redis range with negative indexes counted from the end. */
export function toSlice(start: number, stop: number, length: number): readonly [number, number] {
  const from = Math.max(0, start < 0 ? start + length : start);
  const to = Math.min(length - 1, stop < 0 ? stop + length : stop);
  return from > to ? [0, 0] : [from, to + 1];
}
