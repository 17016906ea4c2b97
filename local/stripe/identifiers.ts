/** Makes ids that look like Stripe's: a prefix that names the kind and random letters and digits. */
import { randomBytes } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ID_LETTERS = 24;

/** Random letters and digits; the slight bias of the modulo does not matter for ids of test objects. */
export function randomLetters(count: number): string {
  const bytes = randomBytes(count);
  let letters = "";
  for (const byte of bytes) letters += ALPHABET.charAt(byte % ALPHABET.length);
  return letters;
}

/** A new id such as `pi_3Nx…`; `prefix` is given without the underscore. */
export function newId(prefix: string): string {
  return `${prefix}_3${randomLetters(ID_LETTERS - 1)}`;
}
