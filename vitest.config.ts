import { defineConfig } from "vitest/config";
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { isolateEnvironment } from "./local/process/environment.ts";

isolateEnvironment();

/** In place of what a running local platform wrote to `.dev.vars`: tests in workerd reach nothing outside. */
const HERMETIC_BINDINGS = {
  DATABASE_URL: "",
  DATABASE_REPLICA_URLS: "",
  NEON_PROXY_URL: "",
  UPSTASH_REDIS_REST_URL: "",
  UPSTASH_REDIS_REST_TOKEN: "",
  STRIPE_API_URL: "http://stripe.invalid",
  STRIPE_JS_URL: "http://stripe.invalid/v3/",
  STRIPE_SECRET_KEY: "sk_test_of_the_tests",
  STRIPE_PUBLISHABLE_KEY: "pk_test_of_the_tests",
  STRIPE_WEBHOOK_SECRET: "whsec_of_the_tests",
  SIGNING_KEYS: "v1:a-secret-of-the-tests-that-is-long-enough",
  TURNSTILE_SITE_KEY: "",
  TURNSTILE_SECRET_KEY: "",
  TURNSTILE_URL: "http://turnstile.invalid/api.js",
  TURNSTILE_VERIFY_URL: "http://turnstile.invalid/siteverify",
  CHALLENGE_WAIT_SECONDS: "30",
  STORE_ORIGIN: "",
  IMAGE_DELIVERY: "files",
  ACCESS_ISSUER: "",
  ACCESS_AUDIENCE: "",
  HOLD_SECONDS: "1800",
  PAYMENT_SECONDS: "600",
  GRACE_SECONDS: "120",
};

/** Messages stay in queues nobody consumes: a test of a consumer calls it itself. */
const UNCONSUMED_QUEUES = {
  ORDERS_QUEUE: { queueName: "orders-of-tests" },
  PAYMENTS_QUEUE: { queueName: "payments-of-tests" },
  LEDGER_QUEUE: { queueName: "stock-ledger-of-tests" },
  NOTIFICATIONS_QUEUE: { queueName: "notifications-of-tests" },
  SKU_UPKEEP_QUEUE: { queueName: "sku-upkeep-of-tests" },
  RECONCILIATION_QUEUE: { queueName: "reconciliation-of-tests" },
};

/** Pure code that is typed for the runtime and needs nothing of it: ten times faster outside. */
const PURCHASE_MODEL = "src/worker/placement/model/*.test.ts";

/** By itself the runner would leave one of two cores idle: most of these files wait for a process to start. */
const SIDE_BY_SIDE = { maxWorkers: 2 };

/** What is waited for comes when the machine gets to it: a deadline is for what never comes. */
const PATIENT = { expect: { poll: { timeout: 15_000 } } };

function inRuntime() {
  return {
    plugins: [
      cloudflareTest({
        wrangler: { configPath: "./wrangler.toml" },
        miniflare: { bindings: HERMETIC_BINDINGS, queueProducers: UNCONSUMED_QUEUES },
      }),
    ],
  };
}

const IN_RUNTIME = { testTimeout: 30_000, ...PATIENT, ...SIDE_BY_SIDE };

/** One process for all of them, one file after the other: each would load the same browser and clients anew. */
const ON_A_RUNNING_STORE = {
  globalSetup: ["tests/harness/global-setup.ts"],
  fileParallelism: false,
  isolate: false,
  // After the files that run side by side, and not beside them.
  sequence: { groupOrder: 1 },
  testTimeout: 120_000,
  hookTimeout: 180_000,
};

/** `pure`: rules; `node`: the local platform, and what speaks to Postgres and Stripe; `workerd`: objects, queues and handlers inside the real runtime; `journeys`: the running store. */
export default defineConfig({
  test: {
    projects: [
      {
        // Functions of their arguments: these files share a process.
        test: {
          name: "pure",
          include: ["src/{domain,contracts}/**/*.test.ts", "web/**/*.node.test.ts"],
          isolate: false,
          ...SIDE_BY_SIDE,
        },
      },
      {
        test: {
          name: "node",
          include: [
            "local/**/*.test.ts",
            "src/**/*.node.test.ts",
            PURCHASE_MODEL,
            "tests/{bench,verify}/**/*.test.ts",
          ],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          ...PATIENT,
          ...SIDE_BY_SIDE,
        },
      },
      {
        // One runtime for all of these files: starting one for each takes longer than the tests.
        ...inRuntime(),
        test: {
          name: "workerd",
          include: ["src/{adapters,durable-objects,queues}/**/*.test.{ts,tsx}", "web/**/*.test.tsx"],
          exclude: ["src/**/*.node.test.ts"],
          isolate: false,
          ...IN_RUNTIME,
        },
      },
      {
        // Of the whole Worker, which keeps copies and counts by network: each file has a runtime of its own.
        ...inRuntime(),
        test: {
          name: "workerd-app",
          include: ["src/worker/**/*.test.{ts,tsx}"],
          exclude: ["src/**/*.node.test.ts", PURCHASE_MODEL],
          ...IN_RUNTIME,
        },
      },
      {
        test: {
          name: "journeys",
          include: ["tests/**/*.test.ts"],
          exclude: ["tests/{bench,verify}/**", "tests/**/*.long.test.ts"],
          ...ON_A_RUNNING_STORE,
        },
      },
      {
        // What waits for minutes of the store's own clock: `npm run verify` runs it, `npm test` does not.
        test: { name: "long", include: ["tests/**/*.long.test.ts"], ...ON_A_RUNNING_STORE },
      },
    ],
  },
});
