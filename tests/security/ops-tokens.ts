/** Tokens of ops: good ones of each role, and those that must open nothing. */
import { SignJWT, generateKeyPair, type CryptoKey } from "jose";
import { LOCAL_AUDIENCE } from "../../local/access/sign-ops-token.ts";
import { loadSigningKey, SIGNING_ALGORITHM } from "../../local/access/signing-key.ts";
import type { Store } from "../harness/store.ts";

export const OPS_TOKENS = ["viewer", "support", "manager", "roleless", "forged", "stale"] as const;
export type OpsTokenKind = (typeof OPS_TOKENS)[number];

const LIFETIME_SECONDS = 15 * 60;
/** Past whatever clocks may differ by. */
const STALE_SECONDS = 60 * 60;

export async function opsToken(store: Store, kind: OpsTokenKind): Promise<string> {
  const known = await loadSigningKey(store.place.stateDirectory);
  const key = kind === "forged" ? await somebodyElsesKey() : known.privateKey;
  const role = kind === "forged" || kind === "stale" ? "manager" : kind;
  const nowSeconds = Math.floor(Date.now() / 1000);
  const issuedAt = kind === "stale" ? nowSeconds - STALE_SECONDS : nowSeconds;
  return await new SignJWT({ email: `${kind}@holdfast.example`, type: "app", custom: { role } })
    .setProtectedHeader({ alg: SIGNING_ALGORITHM, kid: known.keyId, typ: "JWT" })
    .setIssuer(store.endpoints.mail)
    .setAudience([LOCAL_AUDIENCE])
    .setSubject(`matrix-${kind}`)
    .setIssuedAt(issuedAt)
    .setNotBefore(issuedAt)
    .setExpirationTime(issuedAt + LIFETIME_SECONDS)
    .sign(key);
}

async function somebodyElsesKey(): Promise<CryptoKey> {
  return (await generateKeyPair(SIGNING_ALGORITHM)).privateKey;
}
