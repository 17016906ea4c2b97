/** Puts the emulator together: state, journal, API, webhooks, test controls and what browsers load. */
import { setTimeout as delay } from "node:timers/promises";
import { serve } from "@hono/node-server";
import type { ServerType } from "@hono/node-server";
import { Hono, type Context, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { ApiPipeline } from "./api-pipeline.ts";
import { API_ROUTES } from "./api-routes.ts";
import { browserRoutes } from "./browser-routes.ts";
import { controlRoutes } from "./control-routes.ts";
import { parameterInvalid, unrecognizedUrl } from "./errors.ts";
import { FaultInjector } from "./faults.ts";
import { openJournal } from "./journal.ts";
import type { Journal } from "./journal.ts";
import { EmulatorState } from "./state.ts";
import { DEFAULT_RETRY_BASE_MS, WebhookDispatcher } from "./webhook-delivery.ts";
import { configureEndpoint } from "./webhook-endpoints.ts";

const MAX_BODY_BYTES = 256 * 1024;
const LOOPBACK = "127.0.0.1";

export const DEFAULT_SECRET_KEY = "sk_test_holdfast_emulator_secret_key";
export const DEFAULT_PUBLISHABLE_KEY = "pk_test_holdfast_emulator_publishable_key";
export const DEFAULT_WEBHOOK_SECRET = "whsec_holdfast_emulator_webhook_secret";

export type StripeEmulatorOptions = {
  /** 0 (the default) takes a free port. */
  port?: number;
  /** The interface to listen on; the loopback one unless told otherwise. */
  host?: string;
  /** Where state is kept between runs; without one it lives in memory. */
  directory?: string;
  secretKey?: string;
  publishableKey?: string;
  /** The endpoint that gets events without being created through the API. */
  webhookUrl?: string;
  webhookSecret?: string;
  /** Types of event for that endpoint; all of them unless told otherwise. */
  webhookEvents?: readonly string[];
  /** Wait after a first failed delivery; it doubles with each further one. */
  webhookRetryBaseMs?: number;
  nowMs?: () => number;
  /** How the latency of injected faults passes; a timer unless told otherwise. */
  sleep?: (ms: number) => Promise<unknown>;
};

export type StripeEmulator = {
  port: number;
  /** For the SDK's options `protocol`, `host` and `port`, and for `<script src>`. */
  url: string;
  app: Hono;
  state: EmulatorState;
  /** Stops answering and delivering, and writes what is left. Webhooks under way are sent again by the next run. */
  close: () => Promise<void>;
};

/** Starts the emulator. Rejects where the port is in use or the kept state cannot be read. */
export async function createStripeEmulator(options: StripeEmulatorOptions = {}): Promise<StripeEmulator> {
  const nowMs = options.nowMs ?? Date.now;
  const sleep = options.sleep ?? ((ms: number) => delay(ms));
  const host = options.host ?? LOOPBACK;
  const state = new EmulatorState();
  const faults = new FaultInjector();
  const retryBaseMs = options.webhookRetryBaseMs ?? DEFAULT_RETRY_BASE_MS;
  const dispatcher = new WebhookDispatcher({ state, faults, nowMs, retryBaseMs });
  const keys = {
    secretKey: options.secretKey ?? DEFAULT_SECRET_KEY,
    publishableKey: options.publishableKey ?? DEFAULT_PUBLISHABLE_KEY,
  };
  const opened = Promise.withResolvers<undefined>();
  const app = createApp(new ApiPipeline({ state, faults, keys, nowMs, sleep }), opened.promise);
  app.route("/_emulator", controlRoutes({ state, faults, dispatcher }));
  app.route("/", browserRoutes({ state, nowMs }));

  // The port first: an emulator that runs already must not lose its journal to a second one.
  const { server, port } = await listen(app, host, options.port ?? 0);
  let journal: Journal | null = null;
  try {
    if (options.directory !== undefined) journal = await attachJournal(state, options.directory);
    configureEndpoint(state, configuredEndpoint(options), Math.floor(nowMs() / 1000));
    await state.commit();
  } catch (error) {
    await stopServer(server);
    throw error;
  }
  state.whenDeliveriesCommitted((deliveries) => {
    dispatcher.accept(deliveries);
  });
  dispatcher.resume();
  opened.resolve(undefined);
  const close = async (): Promise<void> => {
    await stopServer(server);
    await dispatcher.stop();
    await state.flush();
    await journal?.close();
  };
  return { port, url: `http://${host}:${port}`, app, state, close };
}

async function attachJournal(state: EmulatorState, directory: string): Promise<Journal> {
  const journal = await openJournal({
    directory,
    onRecord: (record) => {
      state.load(record);
    },
    snapshot: () => state.snapshot(),
  });
  state.attachJournal(journal);
  return journal;
}

function configuredEndpoint(
  options: StripeEmulatorOptions,
): { url: string; secret: string; events: readonly string[] } | null {
  if (options.webhookUrl === undefined) return null;
  return {
    url: options.webhookUrl,
    secret: options.webhookSecret ?? DEFAULT_WEBHOOK_SECRET,
    events: options.webhookEvents ?? ["*"],
  };
}

const refuseLargeBody = (context: Context): Response => {
  const failure = parameterInvalid("body", `The request body is larger than ${MAX_BODY_BYTES} bytes.`);
  return context.json({ error: failure.body }, 413);
};

const countBody = bodyLimit({ maxSize: MAX_BODY_BYTES, onError: refuseLargeBody });

/** Where a request says how long it is, its body need not be touched for it, which would make a stream of it. */
const limitBody: MiddlewareHandler = async (context, next) => {
  const length = context.req.header("content-length");
  if (length === undefined || context.req.header("transfer-encoding") !== undefined)
    return countBody(context, next);
  if (Number(length) > MAX_BODY_BYTES) return refuseLargeBody(context);
  await next();
  return undefined;
};

/** Requests that come before `opened` wait for it. */
function createApp(pipeline: ApiPipeline, opened: Promise<undefined>): Hono {
  const app = new Hono();
  app.use(async (_context, next) => {
    await opened;
    await next();
  });
  app.use(
    "/v1/*",
    cors({ origin: "*", exposeHeaders: ["Request-Id", "Idempotent-Replayed", "Stripe-Should-Retry"] }),
  );
  app.use(limitBody);
  for (const route of API_ROUTES)
    app.on(route.method, route.path, (context) => pipeline.serve(context, route));
  app.notFound((context) => {
    const failure = unrecognizedUrl(context.req.method, context.req.path);
    return context.json({ error: failure.body }, 404);
  });
  return app;
}

function listen(app: Hono, hostname: string, port: number): Promise<{ server: ServerType; port: number }> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname, port }, (address) => {
      resolve({ server, port: address.port });
    });
    server.on("error", (error: NodeJS.ErrnoException) => {
      reject(error.code === "EADDRINUSE" ? new Error(`port ${port} is in use.`) : error);
    });
  });
}

function stopServer(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    // Kept-alive connections would hold the server open for as long as their clients like.
    if ("closeIdleConnections" in server) server.closeIdleConnections();
    if ("closeAllConnections" in server)
      setTimeout(() => server.closeAllConnections(), CLOSING_GRACE_MS).unref();
  });
}

/** How long requests under way may take once the emulator is told to stop. */
const CLOSING_GRACE_MS = 500;
