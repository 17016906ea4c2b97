/** Crockford's base 32, lower case: letters and digits that survive being read aloud and case-folding systems. */

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** The characters of the first `byteCount` bytes; the last character is padded with zero bits. */
export function toBase32(bytes: Uint8Array, byteCount = bytes.length): string {
  let text = "";
  let buffer = 0;
  let bits = 0;
  for (let index = 0; index < byteCount; index++) {
    buffer = (buffer << 8) | (bytes[index] ?? 0);
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET.charAt((buffer >> bits) & 31);
    }
    buffer &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + ALPHABET.charAt((buffer << (5 - bits)) & 31);
}

/** A pattern's character class for the alphabet above. */
export const BASE32_CLASS = "[0-9a-hjkmnp-tv-z]";
