/** Health: whether what the store depends on answers. Always 200: the store sells without Postgres and Redis. */
import { pingPostgres } from "../../adapters/postgres/connection.ts";
import type { AppContext } from "../app-env.ts";
import { servicesOf, type Services } from "../compose.ts";
import { missingSecretsAdvice } from "../configuration.ts";
import type { Health } from "../openapi/schemas.ts";
import { register, type App } from "./register.ts";

/** A dependency that takes longer counts as down. */
const CHECK_TIMEOUT_MS = 900;
/** One check answers everybody for this long. */
const CHECK_EVERY_MS = 1_500;

let latest: { readonly health: Health; readonly at: number } | null = null;
/** When the check under way began, epoch ms; 0 when none is. */
let checkingSince = 0;

export function registerHealth(app: App): void {
  register(app, "getHealth", getHealth);
}

async function getHealth(c: AppContext): Promise<Response> {
  return c.json(await currentHealth(servicesOf(c.env), c.env.STRIPE_API_URL), 200, {
    "cache-control": "no-store",
  });
}

/**
 * The last finished check, or a new one. Only what is finished is shared: a promise of another request may never settle
 * once that request is gone.
 */
async function currentHealth(services: Services, stripeApiUrl: string): Promise<Health> {
  const now = Date.now();
  const isChecking = now - checkingSince < CHECK_TIMEOUT_MS;
  if (latest !== null && (isChecking || now - latest.at < CHECK_EVERY_MS)) return latest.health;
  checkingSince = now;
  const health = await check(services, stripeApiUrl);
  latest = { health, at: Date.now() };
  checkingSince = 0;
  return health;
}

async function check(services: Services, stripeApiUrl: string): Promise<Health> {
  const [postgres, redis, stripe] = await Promise.all([
    answers(() => pingPostgres(services.database)),
    answers(() => services.redis.health.ping()),
    answers(() => reach(stripeApiUrl, services)),
  ]);
  const dependencies = { postgres, redis, stripe };
  const isOk = services.missing.length === 0 && Object.values(dependencies).every((state) => state === "up");
  return {
    status: isOk ? "ok" : "degraded",
    dependencies,
    challenge: services.turnstile === null ? "off" : "on",
    ...(services.missing.length === 0 ? {} : { advice: missingSecretsAdvice(services.missing) }),
  };
}

/** Whether the call answers within the time limit. Why it did not is in the log of whoever needed it. */
async function answers(call: () => Promise<unknown>): Promise<"up" | "down"> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<"down">((resolve) => {
    timer = setTimeout(() => {
      resolve("down");
    }, CHECK_TIMEOUT_MS);
  });
  const outcome = (async () => {
    try {
      await call();
      return "up";
    } catch {
      return "down";
    }
  })();
  try {
    return await Promise.race([outcome, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether Stripe's API answers at all. Without credentials, so that health checks use up none of Stripe's rate limit. */
async function reach(stripeApiUrl: string, services: Services): Promise<void> {
  services.secret("STRIPE_SECRET_KEY");
  const response = await fetch(new URL("/v1/", stripeApiUrl), {
    signal: AbortSignal.timeout(CHECK_TIMEOUT_MS),
  });
  await response.body?.cancel();
  if (response.status >= 500) throw new Error(`Stripe answered ${response.status}`);
}
