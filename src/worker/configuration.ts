/** What this deployment is configured with: which secrets are there (secret-names.ts), and what its variables say. */
import type { Durations } from "../domain/order/state.ts";
import { SECRET_NAMES, type OptionalSecretName, type SecretName } from "./secret-names.ts";

/** A request needed a part of the store that this deployment has no secrets for. Answered with 503. */
export class NotConfigured extends Error {
  override readonly name = "NotConfigured";
  readonly missing: readonly SecretName[];

  constructor(missing: readonly SecretName[]) {
    super(`not configured: ${missing.join(", ")}`);
    this.missing = missing;
  }
}

/** The secrets that are not set. The store starts without them, says `degraded`, and refuses what needs them. */
export function missingSecrets(env: Env): SecretName[] {
  return SECRET_NAMES.filter((name) => secret(env, name) === "");
}

/** What is of use only in pairs: a variable of wrangler.toml with a secret. */
const PAIRS = [
  ["GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"],
  ["APPLE_CLIENT_ID", "APPLE_CLIENT_SECRET"],
  ["TURNSTILE_SITE_KEY", "TURNSTILE_SECRET_KEY"],
] as const satisfies readonly (readonly [keyof Env, OptionalSecretName])[];

/** The halves that are missing beside one that is set: somebody meant to switch something on, and it is off. */
export function missingHalves(env: Env): string[] {
  return PAIRS.flatMap(([variable, secretName]) => {
    // The generated type knows only the default.
    const value: string = env[variable];
    const hasSecret = secret(env, secretName) !== "";
    if ((value !== "") === hasSecret) return [];
    return [hasSecret ? variable : secretName];
  });
}

/** @throws NotConfigured unless every named secret is set */
export function requireSecrets(env: Env, ...names: readonly SecretName[]): void {
  const missing = names.filter((name) => secret(env, name) === "");
  if (missing.length > 0) throw new NotConfigured(missing);
}

/** A secret's value, empty where it is not set (the generated type cannot know). */
export function secret(env: Env, name: SecretName | OptionalSecretName): string {
  return (env as Partial<Record<SecretName | OptionalSecretName, string>>)[name] ?? "";
}

/** What to do about missing secrets, for the log and for the health page. */
export function missingSecretsAdvice(missing: readonly string[]): string {
  return `Not configured: ${missing.join(", ")}. Locally \`npm run platform\` starts what they point at and writes .dev.vars; a deployment sets them with \`wrangler secret put\`.`;
}

/**
 * How long orders hold their units, from the variables in seconds.
 *
 * @throws Error for a variable that is no positive number: a deployment that cannot sell must not look as if it could
 */
export function durationsOf(env: Env): Durations {
  return {
    holdMs: milliseconds("HOLD_SECONDS", env.HOLD_SECONDS),
    windowMs: milliseconds("PAYMENT_SECONDS", env.PAYMENT_SECONDS),
    graceMs: milliseconds("GRACE_SECONDS", env.GRACE_SECONDS),
  };
}

/**
 * How long (ms) somebody waits in the place of a challenge.
 *
 * @throws Error for a variable that is no number of seconds
 */
export function challengeWaitMsOf(env: Env): number {
  return milliseconds("CHALLENGE_WAIT_SECONDS", env.CHALLENGE_WAIT_SECONDS);
}

/**
 * Unpaid units of a SKU that one network may hold at once.
 *
 * @throws Error for a variable that is no whole number above zero
 */
export function unpaidUnitsPerNetworkOf(env: Env): number {
  const units = Number(env.UNPAID_UNITS_PER_NETWORK);
  if (!Number.isSafeInteger(units) || units < 1)
    throw new Error(
      `UNPAID_UNITS_PER_NETWORK must be a number of units, not "${env.UNPAID_UNITS_PER_NETWORK}"`,
    );
  return units;
}

/**
 * Whether a paid order that has not left is refunded by itself when its buyer cancels it.
 *
 * @throws Error for a variable that is neither `automatic` nor `by_staff`
 */
export function refundsAtOnceOf(env: Env): boolean {
  const text: string = env.CANCELLATION_REFUNDS;
  if (text !== "automatic" && text !== "by_staff")
    throw new Error(`CANCELLATION_REFUNDS must be "automatic" or "by_staff", not "${text}"`);
  return text === "automatic";
}

function milliseconds(name: string, text: string): number {
  const seconds = Number(text);
  if (text.trim() === "" || !Number.isFinite(seconds) || seconds < 0) {
    throw new Error(`${name} must be a number of seconds, not "${text}"`);
  }
  return Math.round(seconds * 1000);
}

/** The period of the rate-limit bindings in wrangler.toml; the longest a limited caller has to wait. */
export const LIMIT_PERIOD_SECONDS = 10;
/** The period of `BUYER_LIMIT` and `WAIT_LIMIT` there. */
export const BUYER_LIMIT_PERIOD_SECONDS = 60;
/** The period of `NOTICE_LIMIT` and `REPORT_LIMIT` there: what they count is rare. */
export const NOTICE_LIMIT_PERIOD_SECONDS = 60;
