/**
 * The composition root: from the bindings and secrets of `Env` to the parts that handlers use. Built once per isolate;
 * a part is built when it is first used, so a missing secret is a problem only of what needs it.
 */
import { waitUntil } from "cloudflare:workers";
import type Stripe from "stripe";
import { createAccess, type Access } from "../adapters/access/access.ts";
import {
  createAccounts,
  type Accounts,
  type AccountsOptions,
  type SocialKeys,
} from "../adapters/accounts/accounts.ts";
import { createAvailability, type Availability } from "../adapters/availability/availability.ts";
import { createCatalog, type Catalog } from "../adapters/catalog/catalog.ts";
import { readCatalogVersion, readIndex, readProducts } from "../adapters/postgres/catalog.ts";
import { createDatabase, type Database } from "../adapters/postgres/connection.ts";
import { renderAccountLetter } from "../adapters/email/account-letter.ts";
import { createMailer, type Mailer } from "../adapters/email/mailer.ts";
import { createNeonClient } from "../adapters/postgres/neon-client.ts";
import { readLevels } from "../adapters/postgres/ledger.ts";
import { claimGuestOrders } from "../adapters/postgres/order-claims.ts";
import { createRedisByPurpose, type RedisByPurpose } from "../adapters/redis/redis.ts";
import {
  accountsSecret,
  mailboxKeyFor,
  parseSigningKeys,
  type SigningKeys,
} from "../adapters/signing/index.ts";
import { SOCIAL_PROVIDERS, type SocialProvider } from "../contracts/accounts.ts";
import { createStripe } from "../adapters/stripe/client.ts";
import { createTurnstile, type Turnstile } from "../adapters/turnstile/turnstile.ts";
import { createTelemetry, type Telemetry } from "../adapters/telemetry/telemetry.ts";
import { orderShards, type OrderShards } from "../durable-objects/order-shard/order-shards.ts";
import { skuObjects, type SkuObjects } from "../durable-objects/sku-inventory/sku-objects.ts";
import type { Durations } from "../domain/order/state.ts";
import { NetworkLimit } from "./network-limit.ts";
import { dropChangedPages } from "./page-cache/catalog-changes.ts";
import { EdgeCache } from "./page-cache/edge-cache.ts";
import {
  BUYER_LIMIT_PERIOD_SECONDS,
  NotConfigured,
  durationsOf,
  unpaidUnitsPerNetworkOf,
  LIMIT_PERIOD_SECONDS,
  NOTICE_LIMIT_PERIOD_SECONDS,
  missingHalves,
  missingSecrets,
  missingSecretsAdvice,
  requireSecrets,
  secret,
} from "./configuration.ts";
import type { SecretName } from "./secret-names.ts";

/** The time limit of a query on the way of a request. */
const DATABASE_TIMEOUT_MS = 3_000;

/** The SDK wants a key to verify webhooks with, which needs none. */
const NO_STRIPE_KEY = "sk_not_configured";

/** Requests of one network in a period that an isolate lets through without asking the binding. */
const UNASKED_PLACEMENTS = 20;
const UNASKED_OF_BUYER = 5;
const UNASKED_READS = 200;
const UNASKED_NOTICES = 3;
const UNASKED_REPORTS = 5;

export class Services {
  readonly #env: Env;
  readonly telemetry: Telemetry;
  readonly missing: readonly SecretName[];
  /** How long orders hold their units. */
  readonly durations: Durations;
  readonly orders: OrderShards;
  /** Unpaid units of a SKU that one network may hold at once. */
  readonly unpaidUnitsPerNetwork: number;
  readonly skuObject: SkuObjects;
  readonly placementLimit: NetworkLimit;
  /** Placements of one buyer. */
  readonly buyerLimit: NetworkLimit;
  /** Placements during a drop by those who did not prove to be persons. */
  readonly unprovenLimit: NetworkLimit;
  /** Waits in the place of a challenge. */
  readonly waitLimit: NetworkLimit;
  readonly readLimit: NetworkLimit;
  readonly noticeLimit: NetworkLimit;
  readonly reportLimit: NetworkLimit;
  /** The answers that every shopper shares. */
  readonly edgeCache: EdgeCache;
  readonly #built = new Map<string, unknown>();

  constructor(env: Env) {
    this.#env = env;
    this.telemetry = createTelemetry({ metrics: env.METRICS });
    this.durations = durationsOf(env);
    this.skuObject = skuObjects(env);
    this.orders = orderShards(env);
    this.unpaidUnitsPerNetwork = unpaidUnitsPerNetworkOf(env);
    this.placementLimit = networkLimit(env.PLACEMENT_LIMIT, UNASKED_PLACEMENTS);
    this.buyerLimit = networkLimit(env.BUYER_LIMIT, UNASKED_OF_BUYER, BUYER_LIMIT_PERIOD_SECONDS);
    this.unprovenLimit = networkLimit(env.UNPROVEN_LIMIT, 0);
    this.waitLimit = networkLimit(env.WAIT_LIMIT, 0, BUYER_LIMIT_PERIOD_SECONDS);
    this.readLimit = networkLimit(env.READ_LIMIT, UNASKED_READS);
    this.noticeLimit = networkLimit(env.NOTICE_LIMIT, UNASKED_NOTICES, NOTICE_LIMIT_PERIOD_SECONDS);
    this.reportLimit = networkLimit(env.REPORT_LIMIT, UNASKED_REPORTS, NOTICE_LIMIT_PERIOD_SECONDS);
    this.edgeCache = new EdgeCache({
      clock: Date.now,
      waitUntil,
      delay: (ms) => scheduler.wait(ms),
      report: (error) => this.telemetry.fault("page_cache.drop_failed", error),
    });
    this.missing = missingSecrets(env);
    const unset = [...this.missing, ...missingHalves(env)];
    if (unset.length > 0) {
      this.telemetry.log("error", "configuration.incomplete", { reason: missingSecretsAdvice(unset) });
    }
  }

  /** @throws NotConfigured without `SIGNING_KEYS` */
  get signing(): SigningKeys {
    return this.#once("signing", () => parseSigningKeys(this.secret("SIGNING_KEYS"), this.#env.ORDER_EPOCHS));
  }

  /** Without `DATABASE_URL` one whose every query throws `NotConfigured`: as good as a Postgres that is away. */
  get database(): Database {
    return this.#once("database", () => {
      const primaryUrl = secret(this.#env, "DATABASE_URL");
      if (primaryUrl === "") return unconfiguredDatabase();
      return createDatabase({
        primaryUrl,
        replicaUrls: listed(this.#env.DATABASE_REPLICA_URLS),
        proxyUrl: this.#env.NEON_PROXY_URL,
        timeoutMs: DATABASE_TIMEOUT_MS,
      });
    });
  }

  /** Without its secrets a client whose every call says that Redis is unavailable. */
  get redis(): RedisByPurpose {
    return this.#once("redis", () =>
      createRedisByPurpose({
        url: secret(this.#env, "UPSTASH_REDIS_REST_URL"),
        token: secret(this.#env, "UPSTASH_REDIS_REST_TOKEN"),
      }),
    );
  }

  /** Without `STRIPE_SECRET_KEY` a client whose every call Stripe refuses. */
  get stripe(): Stripe {
    return this.#once("stripe", () => {
      const secretKey = secret(this.#env, "STRIPE_SECRET_KEY") || NO_STRIPE_KEY;
      return createStripe({ secretKey, apiUrl: this.#env.STRIPE_API_URL });
    });
  }

  /** Null where the deployment has no keys for it: then nobody is challenged. */
  get turnstile(): Turnstile | null {
    return this.#once("turnstile", () => {
      const secretKey = secret(this.#env, "TURNSTILE_SECRET_KEY");
      if (secretKey === "" || this.#env.TURNSTILE_SITE_KEY === "") return null;
      return createTurnstile({
        verifyUrl: this.#env.TURNSTILE_VERIFY_URL,
        secretKey,
        clock: Date.now,
        report: (fault) => {
          this.telemetry.fault("challenge.siteverify_failed", fault);
        },
      });
    });
  }

  get access(): Access {
    return this.#once("access", () =>
      createAccess({ issuer: this.#env.ACCESS_ISSUER, audience: this.#env.ACCESS_AUDIENCE }),
    );
  }

  get catalog(): Catalog {
    return this.#once("catalog", () =>
      createCatalog({
        // Read when needed: without a database the copies still serve, and without copies the catalog is unavailable.
        readIndex: async (atLeast, known) => readIndex(this.database, atLeast, known),
        readProducts: async (wanted) => readProducts(this.database, wanted),
        readVersion: async () => readCatalogVersion(this.database),
        edge: caches.default,
        redis: {
          get: (key) => this.redis.copies.get(key),
          mget: (keys) => this.redis.copies.mget(keys),
          set: (key, value, ttlSeconds) => this.redis.publishing.set(key, value, { ttlSeconds }),
          setMany: (entries, ttlSeconds) => this.redis.publishing.setMany(entries, { ttlSeconds }),
          tryLock: (key, holdMs) => this.redis.copies.tryLock(key, holdMs),
        },
        onChange: async (change) => {
          const { edgeCache, telemetry } = this;
          await dropChangedPages(change, { edgeCache, telemetry, redis: this.redis.publishing });
        },
        waitUntil,
        report: (error) => {
          this.telemetry.fault("catalog.source_failed", error);
        },
      }),
    );
  }

  get availability(): Availability {
    return this.#once("availability", () =>
      createAvailability({
        redis: {
          mget: (keys) => this.redis.copies.mget(keys),
          setIfNewer: (entries) => this.redis.publishing.setIfNewer(entries),
        },
        cache: caches.default,
        origin: this.origin,
        readLevels: async (skus) => readLevels(this.database, skus),
        clock: Date.now,
        waitUntil,
        onFault: (source, error) => {
          this.telemetry.count("availability_faults", { where: source });
          this.telemetry.fault("availability.source_failed", error, { source });
        },
      }),
    );
  }

  /**
   * Accounts as they are at this origin: passkeys and links in e-mails are bound to it.
   *
   * @throws NotConfigured without `DATABASE_URL` and `SIGNING_KEYS`
   */
  accounts(origin: string): Accounts {
    return this.#once(`accounts ${origin}`, () => {
      const env = this.#env;
      return createAccounts({
        database: createNeonClient(this.secret("DATABASE_URL"), env.NEON_PROXY_URL, DATABASE_TIMEOUT_MS),
        redis: this.redis,
        origin,
        secret: accountsSecret(this.signing),
        social: socialKeys(env),
        waitUntil,
        report: (error) => {
          this.telemetry.fault("accounts.trouble", error);
        },
        send: async ({ kind, to, url }) => {
          const outcome = await this.mailer.send(kind, to, renderAccountLetter(kind, url, origin));
          if (outcome === "refused") this.telemetry.count("notices", { outcome, where: kind });
        },
        claim: (userId) => this.#claimGuestOrders(userId),
      });
    });
  }

  /** @throws NotConfigured without `SIGNING_KEYS`, when it sends */
  get mailer(): Mailer {
    return this.#once("mailer", () =>
      createMailer({
        send: (message) => this.#env.EMAIL.send(message),
        from: this.#env.EMAIL_FROM,
        redis: this.redis.limits,
        mailboxKey: (email) => mailboxKeyFor(this.signing, email),
        telemetry: this.telemetry,
      }),
    );
  }

  /** Where signing in with an account somewhere else is offered. */
  get socialProviders(): readonly SocialProvider[] {
    const keys = socialKeys(this.#env);
    return SOCIAL_PROVIDERS.filter((provider) => keys[provider] !== undefined);
  }

  /** What fails is made up for by the next sign-in. */
  async #claimGuestOrders(userId: string): Promise<void> {
    try {
      await claimGuestOrders(this.database, userId);
    } catch (fault) {
      this.telemetry.fault("orders.unclaimed", fault);
    }
  }

  /** The store's public origin, where it is configured; names cache entries and canonical addresses. */
  get origin(): string {
    const configured: string = this.#env.STORE_ORIGIN;
    return configured === "" ? "https://holdfast.internal" : configured;
  }

  /** A secret's value. @throws NotConfigured where it is not set */
  secret(name: SecretName): string {
    requireSecrets(this.#env, name);
    return secret(this.#env, name);
  }

  #once<T>(name: string, build: () => T): T {
    if (!this.#built.has(name)) this.#built.set(name, build());
    return this.#built.get(name) as T;
  }
}

/** Google's and Apple's keys, each where both of its variables are set. */
function socialKeys(env: Env): AccountsOptions["social"] {
  const google = keysOf(env.GOOGLE_CLIENT_ID, secret(env, "GOOGLE_CLIENT_SECRET"));
  const apple = keysOf(env.APPLE_CLIENT_ID, secret(env, "APPLE_CLIENT_SECRET"));
  return { ...(google === null ? {} : { google }), ...(apple === null ? {} : { apple }) };
}

function keysOf(clientId: string, clientSecret: string): SocialKeys | null {
  return clientId === "" || clientSecret === "" ? null : { clientId, clientSecret };
}

function networkLimit(
  binding: RateLimit,
  unaskedPerPeriod: number,
  periodSeconds = LIMIT_PERIOD_SECONDS,
): NetworkLimit {
  return new NetworkLimit({
    binding,
    unaskedPerPeriod,
    periodMs: periodSeconds * 1000,
    clock: Date.now,
  });
}

let composed: Services | null = null;

/** The isolate's services. An isolate has one `Env`; another one means another deployment, and another isolate. */
export function servicesOf(env: Env): Services {
  composed ??= new Services(env);
  return composed;
}

function unconfiguredDatabase(): Database {
  const refuse = () => Promise.reject(new NotConfigured(["DATABASE_URL"]));
  return {
    read: refuse,
    write: refuse,
    session: () => ({ ...unconfiguredDatabase(), pinnedUntil: () => null }),
  };
}

function listed(commaSeparated: string): string[] {
  return commaSeparated
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}
