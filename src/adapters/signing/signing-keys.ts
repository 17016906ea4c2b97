/**
 * The secrets behind order ids, tokens and cookies, as written in the secret `SIGNING_KEYS`.
 *
 * Form: `v2:<secret>,v1:<secret>@<retired-at>`. The first key signs. Every other key still verifies: one with a
 * retirement time (RFC 3339) was replaced then; one without is known but not yet, or no longer, first.
 *
 * To rotate while two versions of the Worker run side by side: deploy `v1:…,v2:…` everywhere, then
 * `v2:…,v1:…@<now>`. Both deployments look for an order under both keys for 24 hours, so one idempotency key never
 * makes two orders. Ids and tokens of a key hold for as long as the key is listed.
 */
import { createHmac, timingSafeEqual } from "node:crypto";

/** A retired key's order ids are looked at for this long, as long as a repeated request may reasonably come. */
export const FORMER_KEY_MS = 24 * 60 * 60 * 1000;

/** A secret shorter than this is refused: 32 characters of base64 or hex are at least 128 bits. */
const MIN_SECRET_LENGTH = 32;
const MAX_KEYS = 8;
/** `v` and one character; that character is the first one of an order id. */
const KEY_ID = /^v([0-9a-z])$/;

const utf8 = new TextEncoder();

export interface SigningKey {
  /** One character, unique in the list: `2` for `v2`. */
  readonly version: string;
  /** As bytes, so that no signature has to encode it anew. */
  readonly secret: Uint8Array;
  /** Epoch ms of its retirement, or null. */
  readonly retiredAt: number | null;
}

export interface SigningKeys {
  readonly current: SigningKey;
  /** Current first. */
  readonly all: readonly SigningKey[];
  readonly byVersion: ReadonlyMap<string, SigningKey>;
}

/**
 * Reads the secret `SIGNING_KEYS`.
 *
 * @throws Error that names what is wrong, never the secret itself.
 */
export function parseSigningKeys(text: string): SigningKeys {
  const all = text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "")
    .map(parseKey);
  const current = all[0];
  if (current === undefined) throw new Error("SIGNING_KEYS is empty; expected v1:<secret>");
  if (all.length > MAX_KEYS) throw new Error(`SIGNING_KEYS lists more than ${MAX_KEYS} keys`);
  if (current.retiredAt !== null) throw new Error("SIGNING_KEYS: the first key must not be retired");
  const byVersion = new Map(all.map((key) => [key.version, key]));
  if (byVersion.size !== all.length) throw new Error("SIGNING_KEYS: two keys share a version");
  return { current, all, byVersion };
}

function parseKey(entry: string): SigningKey {
  const colon = entry.indexOf(":");
  const version = KEY_ID.exec(entry.slice(0, Math.max(colon, 0)))?.[1];
  if (version === undefined) throw new Error("SIGNING_KEYS: a key must look like v1:<secret>");
  const [secret = "", retired, ...rest] = entry.slice(colon + 1).split("@");
  if (rest.length > 0) throw new Error(`SIGNING_KEYS: the secret of v${version} must not contain "@"`);
  if (secret.length < MIN_SECRET_LENGTH) {
    throw new Error(
      `SIGNING_KEYS: the secret of v${version} is shorter than ${MIN_SECRET_LENGTH} characters`,
    );
  }
  const retiredAt = retired === undefined ? null : Date.parse(retired);
  if (Number.isNaN(retiredAt))
    throw new Error(`SIGNING_KEYS: the retirement time of v${version} is not a date`);
  return { version, secret: utf8.encode(secret), retiredAt };
}

/** The oldest key listed, for what a rotation must not change: it stays until that key is dropped from the list. */
export function lastingKey(keys: SigningKeys): SigningKey {
  return keys.all.at(-1) ?? keys.current;
}

/** HMAC-SHA256 under a label, so that a value signed for one purpose never passes for another. */
export function sign(key: SigningKey, label: string, ...parts: readonly string[]): Buffer {
  // One update: each is a call into the runtime, and placing an order signs three times.
  return createHmac("sha256", key.secret)
    .update([label, ...parts].join("\0"))
    .digest();
}

/** Whether two texts are equal, in a time that does not depend on where they differ. */
export function sameText(left: string, right: string): boolean {
  const leftBytes = utf8.encode(left);
  const rightBytes = utf8.encode(right);
  return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes);
}
