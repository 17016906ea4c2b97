/** Tokens as Cloudflare Access issues them, for ops calls to the store on this machine. */
import { createHash, randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import { loadSigningKey, SIGNING_ALGORITHM } from "./signing-key.ts";

export const OPS_ROLES = ["viewer", "support", "manager"] as const;
export type OpsRole = (typeof OPS_ROLES)[number];

/** The audience tag of the local store; `ACCESS_AUDIENCE` of the Worker. */
export const LOCAL_AUDIENCE = "holdfast-local";

const TOKEN_LIFETIME_SECONDS = 15 * 60;

export interface OpsTokenOptions {
  /** Where the key pair lies. */
  readonly stateDirectory: string;
  readonly role: OpsRole;
  /** Who acts, as the audit log will name them; made from the role when left out. */
  readonly email?: string;
  readonly audience: string;
  /** The origin of the server with the key set, without a slash at its end; `ACCESS_ISSUER` of the Worker. */
  readonly issuer: string;
}

/** A signed token, good for 15 minutes. The role stands in `custom.role`, where Access puts claims of the identity provider. */
export async function signOpsToken(options: OpsTokenOptions): Promise<string> {
  const { stateDirectory, role, audience, issuer } = options;
  const email = options.email ?? `${role}@holdfast.example`;
  const key = await loadSigningKey(stateDirectory);
  const issuedAtSeconds = Math.floor(Date.now() / 1000);
  return new SignJWT({
    email,
    type: "app",
    identity_nonce: randomUUID(),
    custom: { role },
  })
    .setProtectedHeader({ alg: SIGNING_ALGORITHM, kid: key.keyId, typ: "JWT" })
    .setIssuer(issuer)
    .setAudience([audience])
    .setSubject(subjectOf(email))
    .setIssuedAt(issuedAtSeconds)
    .setNotBefore(issuedAtSeconds)
    .setExpirationTime(issuedAtSeconds + TOKEN_LIFETIME_SECONDS)
    .sign(key.privateKey);
}

/** The role a word names, or undefined. */
export function toOpsRole(word: string): OpsRole | undefined {
  return OPS_ROLES.find((role) => role === word);
}

/** Access knows a person by a UUID that stays the same from token to token. */
function subjectOf(email: string): string {
  const hex = createHash("sha256").update(email).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    "-",
  );
}
