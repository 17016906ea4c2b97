/** The key pair that stands in for Cloudflare Access' own: made once per state directory, kept there. */
import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exportJWK, generateKeyPair, importJWK } from "jose";
import type { CryptoKey, JWK } from "jose";

/** What Access signs with. */
export const SIGNING_ALGORITHM = "RS256";

const KEY_FILE = "access-key.json";

export interface SigningKey {
  readonly keyId: string;
  readonly privateKey: CryptoKey;
  /** As it stands in the key set. */
  readonly publicJwk: JWK;
}

/**
 * The key of a state directory, made where there is none yet. Several processes may ask at once: all get the same one.
 * Throws where the directory cannot be written or the file in it is no key.
 */
export async function loadSigningKey(stateDirectory: string): Promise<SigningKey> {
  const file = join(stateDirectory, KEY_FILE);
  const stored = await readStored(file);
  if (stored !== undefined) return toSigningKey(stored, file);
  await mkdir(stateDirectory, { recursive: true });
  await storeNew(file);
  const kept = await readStored(file);
  if (kept === undefined) throw new Error(`${file} went away while it was made`);
  return toSigningKey(kept, file);
}

async function readStored(file: string): Promise<JWK | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as JWK;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`${file} cannot be read as a key; remove it and a new one is made`, { cause: error });
  }
}

/** Written beside and linked into place: the file is whole when it appears, and whoever comes first wins. */
async function storeNew(file: string): Promise<void> {
  const { privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), kid: randomUUID(), alg: SIGNING_ALGORITHM, use: "sig" };
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(jwk), { mode: 0o600 });
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function toSigningKey(jwk: JWK, file: string): Promise<SigningKey> {
  const { kid, kty, alg, use, n, e } = jwk;
  if (kid === undefined || kty === undefined || n === undefined || e === undefined) {
    throw new Error(`${file} is no RSA key; remove it and a new one is made`);
  }
  const privateKey = await importJWK(jwk, SIGNING_ALGORITHM);
  if (privateKey instanceof Uint8Array)
    throw new Error(`${file} is no RSA key; remove it and a new one is made`);
  return {
    keyId: kid,
    privateKey,
    publicJwk: { kid, kty, alg: alg ?? SIGNING_ALGORITHM, use: use ?? "sig", n, e },
  };
}
