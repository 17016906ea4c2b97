/** Passwords are kept as scrypt hashes, with the cost written beside each so that it can be raised later. */
import { randomBytes, scrypt } from "node:crypto";
import { sameText } from "../signing/signing-keys.ts";

/**
 * OWASP's Password Storage Cheat Sheet names N = 2^14, r = 8, p = 5 as one of its equal choices for scrypt: the one with the least
 * memory (16 MiB), since an isolate has 128.
 */
const COST = { logN: 14, r: 8, p: 5 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** `scrypt$<log2 N>$<r>$<p>$<salt>$<hash>`, the last two in base64url. */
const FORM = /^scrypt\$(\d{1,2})\$(\d{1,2})\$(\d{1,2})\$([\w-]+)\$([\w-]+)$/;

interface Cost {
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES).toString("base64url");
  const { logN, r, p } = COST;
  return `scrypt$${logN}$${r}$${p}$${salt}$${await derive(password, salt, COST)}`;
}

/** @throws Error for a stored value that is not a hash of ours */
export async function verifyPassword(stored: string, password: string): Promise<boolean> {
  const [, logN, r, p, salt, hash] = FORM.exec(stored) ?? [];
  if (salt === undefined || hash === undefined) throw new Error("a stored password has an unknown form");
  const cost = { logN: Number(logN), r: Number(r), p: Number(p) };
  return sameText(hash, await derive(password, salt, cost));
}

/** Normalised, so that a password typed on another keyboard is the same (NIST SP 800-63B, 3.1.1.2). */
function derive(password: string, salt: string, { logN, r, p }: Cost): Promise<string> {
  const options = { N: 2 ** logN, r, p, maxmem: 256 * 2 ** logN * r };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, HASH_BYTES, options, (error, key) => {
      if (error === null) resolve(key.toString("base64url"));
      else reject(error);
    });
  });
}
