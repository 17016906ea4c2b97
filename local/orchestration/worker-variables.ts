/** The Worker's variables for the local platform, as `wrangler dev` reads them from an env file. */
import { writeFileSync } from "node:fs";
import type { Endpoints } from "./endpoints.ts";
import type { PlatformSettings } from "./settings.ts";
import type { Remembered } from "./remembered.ts";
import { LOCAL_AUDIENCE } from "../access/sign-ops-token.ts";

/** Tests walk the way of those who cannot be challenged, and should not wait for it long. */
const LOCAL_CHALLENGE_WAIT_SECONDS = 3;

export function workerVariables(
  settings: PlatformSettings,
  endpoints: Endpoints,
  remembered: Remembered,
): Readonly<Record<string, string>> {
  return {
    DATABASE_URL: endpoints.postgres,
    DATABASE_REPLICA_URLS: endpoints.postgresReplica,
    NEON_PROXY_URL: endpoints.neon,
    UPSTASH_REDIS_REST_URL: endpoints.redis,
    UPSTASH_REDIS_REST_TOKEN: remembered.redisToken,
    STRIPE_API_URL: endpoints.stripe,
    STRIPE_JS_URL: `${endpoints.stripe}/v3/`,
    STRIPE_SECRET_KEY: remembered.stripeSecretKey,
    STRIPE_PUBLISHABLE_KEY: remembered.stripePublishableKey,
    STRIPE_WEBHOOK_SECRET: remembered.webhookSecret,
    SIGNING_KEYS: remembered.signingKeys,
    TURNSTILE_SITE_KEY: remembered.turnstileSiteKey,
    TURNSTILE_SECRET_KEY: remembered.turnstileSecretKey,
    TURNSTILE_URL: `${endpoints.turnstile}/turnstile/v0/api.js`,
    TURNSTILE_VERIFY_URL: `${endpoints.turnstile}/turnstile/v0/siteverify`,
    CHALLENGE_WAIT_SECONDS: String(LOCAL_CHALLENGE_WAIT_SECONDS),
    STORE_ORIGIN: endpoints.store,
    IMAGE_DELIVERY: "files",
    ACCESS_ISSUER: endpoints.mail,
    ACCESS_AUDIENCE: LOCAL_AUDIENCE,
    HOLD_SECONDS: String(settings.holdSeconds),
    PAYMENT_SECONDS: String(settings.paymentSeconds),
    GRACE_SECONDS: String(settings.graceSeconds),
  };
}

export function writeWorkerVariables(file: string, variables: Readonly<Record<string, string>>): void {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const note = "# Written by the local platform at every start. Nothing here is valid anywhere else.";
  writeFileSync(file, `${note}\n${lines.join("\n")}\n`, { mode: 0o600 });
}
