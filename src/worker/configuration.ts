/**
 * What this deployment is configured with. The variables stand in wrangler.toml; the secrets are set with
 * `wrangler secret put NAME` (locally `npm run platform` writes them to `.dev.vars`):
 *
 * - `DATABASE_URL`, `UPSTASH_REDIS_REST_URL`, `UPSTASH_REDIS_REST_TOKEN`
 * - `STRIPE_SECRET_KEY`, `STRIPE_PUBLISHABLE_KEY`, `STRIPE_WEBHOOK_SECRET`
 * - `SIGNING_KEYS`: `v2:<secret>,v1:<secret>@<retired-at>`, see src/adapters/signing
 * - `GOOGLE_CLIENT_SECRET`, `APPLE_CLIENT_SECRET`: only where signing in with them is offered
 * - `TURNSTILE_SECRET_KEY`: only where people are told from programs by Turnstile; with `TURNSTILE_SITE_KEY`
 */
import type { Durations } from "../domain/order/state.ts";

export const SECRET_NAMES = [
  "DATABASE_URL",
  "UPSTASH_REDIS_REST_URL",
  "UPSTASH_REDIS_REST_TOKEN",
  "STRIPE_SECRET_KEY",
  "STRIPE_PUBLISHABLE_KEY",
  "STRIPE_WEBHOOK_SECRET",
  "SIGNING_KEYS",
] as const;
/** Secrets that switch something on where they are set; without them the store is whole. */
export const OPTIONAL_SECRET_NAMES = [
  "GOOGLE_CLIENT_SECRET",
  "APPLE_CLIENT_SECRET",
  "TURNSTILE_SECRET_KEY",
] as const;
export type SecretName = (typeof SECRET_NAMES)[number];
type OptionalSecretName = (typeof OPTIONAL_SECRET_NAMES)[number];

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
export function missingSecretsAdvice(missing: readonly SecretName[]): string {
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
