/** Free text in bodies: trimmed, bounded, and such that everything it passes through can keep it. */
import { z } from "zod";

/** Halves of a character, which are no Unicode text, and the one character that Postgres cannot store. */
const UNSTORABLE = /[\0\p{Cs}]/u;
const NOT_ON_A_LINE = /[\p{Cc}\p{Cs}]/u;

interface Length {
  /** 1 when left out. In UTF-16 units, after trimming, as is `max`. */
  readonly min?: number;
  readonly max: number;
}

/** Text of one line, as on an address label. */
export const singleLine = (length: Length) =>
  bounded(length, NOT_ON_A_LINE, "must be one line of text without control characters");

/** Text that may have several lines. */
export const freeText = (length: Length) => bounded(length, UNSTORABLE, "must be Unicode text");

function bounded({ min = 1, max }: Length, forbidden: RegExp, message: string) {
  return z
    .string()
    .trim()
    .min(min)
    .max(max)
    .refine((text) => !forbidden.test(text), message);
}
