/**
 * Who an ops call comes from: the JWT that Cloudflare Access puts on every request it lets through, checked here again, so
 * that a Worker reached around Access still fails closed.
 *
 * @see https://developers.cloudflare.com/cloudflare-one/identity/authorization-cookie/validating-json/
 */
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from "jose";

export const OPS_ROLES = ["viewer", "support", "manager"] as const;
export type OpsRole = (typeof OPS_ROLES)[number];

/** The longest a check waits for the issuer's keys. */
const KEYS_TIMEOUT_MS = 2_000;
/** How long fetched keys serve before they are fetched again. Access rotates its keys every six weeks and keeps the former for a week. */
const KEYS_MAX_AGE_MS = 600_000;
/** An unknown key id makes the keys be fetched again at most this often, so that forged tokens cost no fetch each. */
const KEYS_COOLDOWN_MS = 30_000;
/** Clocks of issuer and Worker may differ by this much. */
const CLOCK_TOLERANCE_SECONDS = 5;
/** Access signs with RS256; ES256 for other issuers. Never a symmetric one. */
const ALGORITHMS = ["RS256", "ES256"];

export interface OpsPrincipal {
  readonly subject: string;
  readonly email: string | null;
  readonly role: OpsRole;
}

export type AccessDecision =
  | { readonly ok: true; readonly principal: OpsPrincipal }
  /** `invalid`: not to be trusted. `no_role`: a person, but without a role here. */
  | { readonly ok: false; readonly reason: "invalid" | "no_role" };

export interface AccessOptions {
  /** `https://<team>.cloudflareaccess.com`; its keys are at `/cdn-cgi/access/certs`. Empty: nobody is let in. */
  readonly issuer: string;
  /** The application's audience tag. Empty: nobody is let in. */
  readonly audience: string;
  /** Where the keys come from; the issuer's own address when left out. */
  readonly keys?: JWTVerifyGetKey;
}

export interface Access {
  /**
   * Checks a token: signature, issuer, audience, expiry, role.
   *
   * @throws when the issuer's keys cannot be had: then nothing can be said about the token
   */
  verify(token: string): Promise<AccessDecision>;
}

export function createAccess({ issuer, audience, keys }: AccessOptions): Access {
  if (issuer === "" || audience === "")
    return { verify: () => Promise.resolve({ ok: false, reason: "invalid" }) };
  const keySet =
    keys ??
    createRemoteJWKSet(new URL("/cdn-cgi/access/certs", issuer), {
      timeoutDuration: KEYS_TIMEOUT_MS,
      cacheMaxAge: KEYS_MAX_AGE_MS,
      cooldownDuration: KEYS_COOLDOWN_MS,
    });
  return {
    async verify(token) {
      let payload: JWTPayload;
      try {
        ({ payload } = await jwtVerify(token, keySet, {
          issuer,
          audience,
          algorithms: ALGORITHMS,
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
          requiredClaims: ["exp", "sub"],
        }));
      } catch (error) {
        if (isTokenFault(error)) return { ok: false, reason: "invalid" };
        throw error;
      }
      const role = roleOf(payload);
      if (role === null) return { ok: false, reason: "no_role" };
      const email = typeof payload["email"] === "string" ? payload["email"] : null;
      return { ok: true, principal: { subject: payload.sub ?? "", email, role } };
    },
  };
}

/** Failures to get the issuer's keys, as `jose` names them; the generic one is an answer other than 200, or no JSON. */
const KEYS_FAULTS = new Set(["ERR_JOSE_GENERIC", "ERR_JWKS_TIMEOUT", "ERR_JWKS_INVALID"]);

/** Whether the token is at fault, rather than the way to the issuer's keys. */
function isTokenFault(error: unknown): boolean {
  return error instanceof errors.JOSEError && !KEYS_FAULTS.has(error.code);
}

/** `custom.role`, where Access puts the identity provider's claim of that name. */
function roleOf(payload: JWTPayload): OpsRole | null {
  const custom = payload["custom"];
  const role = typeof custom === "object" && custom !== null && "role" in custom ? custom.role : undefined;
  return OPS_ROLES.find((known) => known === role) ?? null;
}
