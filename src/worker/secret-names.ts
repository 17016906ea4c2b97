/**
 * The secrets of a deployment, by name. The variables stand in wrangler.toml; the secrets are set with
 * `wrangler secret put NAME` (locally `npm run platform` writes them to `.dev.vars`):
 *
 * - `DATABASE_URL`, `UPSTASH_REDIS_REST_URL`, `UPSTASH_REDIS_REST_TOKEN`
 * - `STRIPE_SECRET_KEY`, `STRIPE_PUBLISHABLE_KEY`, `STRIPE_WEBHOOK_SECRET`
 * - `SIGNING_KEYS`: `v2:<secret>,v1:<secret>@<retired-at>`, see src/adapters/signing
 * - `GOOGLE_CLIENT_SECRET`, `APPLE_CLIENT_SECRET`: only where signing in with them is offered
 * - `TURNSTILE_SECRET_KEY`: only where people are told from programs by Turnstile; with `TURNSTILE_SITE_KEY`
 */
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
export type OptionalSecretName = (typeof OPTIONAL_SECRET_NAMES)[number];
