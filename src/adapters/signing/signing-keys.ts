/**
 * The secrets behind order ids, tokens and cookies, as written in the secret `SIGNING_KEYS`.
 *
 * Form: `v2:<secret>,v1:<secret>`. The first key signs, every other key still verifies. An order id is made with the key of its
 * epoch (`ORDER_EPOCHS`, order-epochs.ts), whichever key is first.
 *
 * To rotate while two versions of the Worker run side by side: deploy `v1:…,v2:…` everywhere, then `v2:…,v1:…` with a new epoch
 * that names `v2`. Ids and tokens of a key hold for as long as the key is listed.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { OrderEpoch } from "../../domain/order/epochs.ts";
import { parseOrderEpochs } from "./order-epochs.ts";

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
}

export interface SigningKeys {
  readonly current: SigningKey;
  /** Current first. */
  readonly all: readonly SigningKey[];
  readonly byVersion: ReadonlyMap<string, SigningKey>;
  /** Oldest first; each names a key that is listed. */
  readonly epochs: readonly OrderEpoch[];
}

/**
 * Reads the secret `SIGNING_KEYS` and the variable `ORDER_EPOCHS`.
 *
 * @throws Error that names what is wrong, never the secret itself.
 */
export function parseSigningKeys(text: string, epochsText: string): SigningKeys {
  const all = text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "")
    .map(parseKey);
  const current = all[0];
  if (current === undefined) throw new Error("SIGNING_KEYS is empty; expected v1:<secret>");
  if (all.length > MAX_KEYS) throw new Error(`SIGNING_KEYS lists more than ${MAX_KEYS} keys`);
  const byVersion = new Map(all.map((key) => [key.version, key]));
  if (byVersion.size !== all.length) throw new Error("SIGNING_KEYS: two keys share a version");
  const epochs = parseOrderEpochs(epochsText);
  for (const { name, keyVersion } of epochs) {
    if (!byVersion.has(keyVersion))
      throw new Error(
        `ORDER_EPOCHS: epoch ${name} names the key v${keyVersion}, which SIGNING_KEYS does not list`,
      );
  }
  return { current, all, byVersion, epochs };
}

function parseKey(entry: string): SigningKey {
  const colon = entry.indexOf(":");
  const version = KEY_ID.exec(entry.slice(0, Math.max(colon, 0)))?.[1];
  if (version === undefined) throw new Error("SIGNING_KEYS: a key must look like v1:<secret>");
  const secret = entry.slice(colon + 1);
  if (secret.length < MIN_SECRET_LENGTH) {
    throw new Error(
      `SIGNING_KEYS: the secret of v${version} is shorter than ${MIN_SECRET_LENGTH} characters`,
    );
  }
  return { version, secret: utf8.encode(secret) };
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
