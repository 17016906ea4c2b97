/** Free text in bodies: without what nobody sees, trimmed, bounded, and such that everything it passes through can keep it. */
import { z } from "zod";
import { isOneLine, readableText } from "../domain/plain-text.ts";

/** Halves of a character, which are no Unicode text, and the one character that Postgres cannot store. */
const UNSTORABLE = /[\0\p{Cs}]/u;

interface Length {
  /** 1 when left out. In UTF-16 units, after cleaning, as is `max`. */
  readonly min?: number;
  readonly max: number;
}

/** Text of one line, as on an address label. */
export const singleLine = (length: Length) =>
  bounded(length, isOneLine, "must be one line of text without control characters");

/** Text that may have several lines. */
export const freeText = (length: Length) =>
  bounded(length, (text) => !UNSTORABLE.test(text), "must be Unicode text");

function bounded({ min = 1, max }: Length, isFit: (text: string) => boolean, message: string) {
  return z
    .string()
    .overwrite(readableText)
    .min(min, "must have something to read")
    .max(max)
    .refine(isFit, message);
}
