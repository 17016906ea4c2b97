/** Makes ids that look like Stripe's: a prefix that names the kind and random letters and digits. */
import { randomBytes } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ID_LETTERS = 24;

/** Drawn in bulk: one call to the system serves many ids. */
const POOL_BYTES = 4096;
let pool = randomBytes(POOL_BYTES);
let used = 0;

/** Random letters and digits, up to the pool's size at once; the slight bias of the modulo does not matter for ids of test objects. */
export function randomLetters(count: number): string {
  if (used + count > POOL_BYTES) {
    pool = randomBytes(POOL_BYTES);
    used = 0;
  }
  const bytes = pool.subarray(used, used + count);
  used += count;
  let letters = "";
  for (const byte of bytes) letters += ALPHABET.charAt(byte % ALPHABET.length);
  return letters;
}

/** A new id such as `pi_3Nx…`; `prefix` is given without the underscore. */
export function newId(prefix: string): string {
  return `${prefix}_3${randomLetters(ID_LETTERS - 1)}`;
}
