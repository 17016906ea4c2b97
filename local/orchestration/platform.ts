/**
 * The local platform as one value: every part but the Worker, started in parallel where possible, stopped in order.
 * Used by `npm run platform`, `npm run dev`, the journeys and the benchmark.
 */
import { mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate } from "../migrate.ts";
import { startPostgresPrimary, startPostgresStandby } from "../postgres/cluster.ts";
import { isolateEnvironment } from "../process/environment.ts";
import { seedLargeCatalog } from "../seed/large-catalog.ts";
import { seedCatalog } from "../seed/seed.ts";
import { removeEndpoints, writeEndpoints, type Endpoints } from "./endpoints.ts";
import { allSettled, eachInTurn } from "./in-turn.ts";
import { claimStateDirectory, endLeftOvers, recordPart, releaseStateDirectory } from "./left-overs.ts";
import { startProgram, type RunningPart } from "./part.ts";
import { remember, type PartName, type Remembered } from "./remembered.ts";
import { PROJECT_DIRECTORY, type PlatformSettings } from "./settings.ts";
import { joinStates } from "./state-id.ts";
import { assertStateUsable, describeStartFailure, STATE_DIRECTORIES } from "./state-files.ts";
import { workerVariables, writeWorkerVariables } from "./worker-variables.ts";

/**
 * What the store's webhook endpoint listens to, as it is to be set at Stripe: what may change an order, and no more. A success
 * is our own capture's, whose answer says so (and whose lost answer the order asks for). `charge.refunded` adds nothing to the
 * refund's own events, and comes with each authorization that is given back, too.
 */
const WEBHOOK_EVENTS = [
  "payment_intent.amount_capturable_updated",
  "payment_intent.payment_failed",
  "payment_intent.canceled",
  "refund.created",
  "refund.updated",
  "refund.failed",
  "charge.dispute.created",
  "charge.dispute.updated",
  "charge.dispute.closed",
  "charge.dispute.funds_withdrawn",
  "charge.dispute.funds_reinstated",
  "radar.early_fraud_warning.created",
  "radar.early_fraud_warning.updated",
];

export interface PlatformOptions {
  readonly settings: PlatformSettings;
  /** Start from empty state. */
  readonly fresh?: boolean;
  /** The TMPDIR of the Worker whose e-mails are listed; the system's where the Worker is started by hand. */
  readonly workerTemporaryDirectory?: string;
  /** Where that Worker's simulated binding writes the text of what it sends. */
  readonly emailDirectory?: string;
  /** Told one line per part when it is ready, and what parts print of their own accord. */
  readonly onLine?: (line: string) => void;
  /** Called once left-overs of a killed start are ended and before any part is started; what it throws stops the start. */
  readonly beforeParts?: () => Promise<void>;
}

export interface Platform {
  readonly settings: PlatformSettings;
  readonly endpoints: Endpoints;
  readonly variables: Readonly<Record<string, string>>;
  /** The env file with {@link variables}, inside the state directory. */
  readonly variablesFile: string;
  /** Records a process that belongs to the platform though it was started elsewhere (the Worker). */
  adopt(name: string, pid: number): void;
  stopPart(name: PartName): Promise<void>;
  /** The TMPDIR that the Worker is to be started with. */
  readonly workerTemporaryDirectory: string;
  /** Starts a stopped part again, at the same address. */
  startPart(name: PartName): Promise<void>;
  /** Stops everything; safe to call twice. */
  stop(): Promise<void>;
}

/** @throws Error with one clear sentence when a part cannot be started; what was started is stopped then */
export async function startPlatform({
  settings,
  fresh = false,
  workerTemporaryDirectory = tmpdir(),
  emailDirectory = join(PROJECT_DIRECTORY, ".wrangler/tmp/email"),
  onLine = () => undefined,
  beforeParts = () => Promise.resolve(),
}: PlatformOptions): Promise<Platform> {
  isolateEnvironment();
  const { stateDirectory } = settings;
  mkdirSync(stateDirectory, { recursive: true });
  claimStateDirectory(stateDirectory);
  let remembered: Remembered;
  try {
    for (const name of await endLeftOvers(stateDirectory)) onLine(`ended a left-over ${name}`);
    removeEndpoints(stateDirectory);
    await beforeParts();
    if (fresh) removeState(settings);
    assertStateUsable(settings);
    mkdirSync(workerTemporaryDirectory, { recursive: true });
    remembered = await remember(stateDirectory);
    joinStates(settings, remembered.stateId);
  } catch (error) {
    await releaseStateDirectory(stateDirectory);
    throw error;
  }
  const starters = partStarters(settings, remembered, { workerTemporaryDirectory, emailDirectory }, onLine);
  const parts = new Map<PartName, RunningPart>();
  const startPart = async (name: PartName): Promise<void> => {
    const part = await starters[name]().catch((error: unknown) => {
      throw new Error(`${name} cannot start: ${describeStartFailure(error)}`, { cause: error });
    });
    parts.set(name, part);
    recordPart(stateDirectory, part.name, part.pid);
    onLine(`ready  ${name.padEnd(16)} ${publicAddress(part.url)}`);
  };
  const stopPart = async (name: PartName): Promise<void> => {
    const part = parts.get(name);
    parts.delete(name);
    await part?.stop();
  };
  const stop = async (): Promise<void> => {
    removeEndpoints(stateDirectory);
    await eachInTurn([
      () => allSettled((["mail", "stripe", "turnstile", "redis", "neon"] as const).map(stopPart)),
      () => stopPart("postgresReplica"),
      () => stopPart("postgres"),
      () => releaseStateDirectory(stateDirectory),
    ]);
  };

  try {
    await allSettled([
      startPart("postgres").then(async () => {
        const { url } = required(parts.get("postgres"));
        await migrate(url);
        await seedCatalog(url);
        await startPart("postgresReplica");
        await startPart("neon");
        // At last: it takes a while, in which another program could take the ports that parts were given.
        if (settings.generatedProducts > 0) await seedLargeCatalog(url, settings.generatedProducts);
      }),
      startPart("redis"),
      startPart("stripe"),
      startPart("turnstile"),
      startPart("mail"),
    ]);
  } catch (error) {
    await stop();
    throw error;
  }
  const endpoints = endpointsOf(settings, remembered, parts);
  const variables = workerVariables(settings, endpoints, remembered);
  const variablesFile = join(stateDirectory, "worker.vars");
  writeWorkerVariables(variablesFile, variables);
  writeEndpoints(stateDirectory, endpoints);
  const pids: Record<string, number> = { ...endpoints.pids };
  return {
    settings,
    endpoints,
    variables,
    variablesFile,
    workerTemporaryDirectory,
    adopt(name, pid) {
      recordPart(stateDirectory, name, pid);
      pids[name] = pid;
      writeEndpoints(stateDirectory, { ...endpoints, pids });
    },
    stopPart,
    async startPart(name) {
      await startPart(name);
      pids[name] = required(parts.get(name)).pid;
      writeEndpoints(stateDirectory, { ...endpoints, pids });
    },
    stop,
  };
}

function partStarters(
  settings: PlatformSettings,
  remembered: Remembered,
  directories: { readonly workerTemporaryDirectory: string; readonly emailDirectory: string },
  onLine: (line: string) => void,
): Record<PartName, () => Promise<RunningPart>> {
  const { stateDirectory, inMemory } = settings;
  const { ports } = remembered;
  let primaryUrl = "";
  let replicaUrl = "";
  const program = async (
    name: PartName,
    file: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<RunningPart> => {
    const child = await startProgram({
      name,
      program: file,
      args: ["--port", String(ports[name]), ...args],
      env,
      onLine: (line) => onLine(`${name}: ${line}`),
    });
    return { name, url: `http://127.0.0.1:${String(ports[name])}`, pid: child.pid, stop: () => child.stop() };
  };
  return {
    async postgres() {
      const cluster = await startPostgresPrimary({
        directory: join(stateDirectory, "postgres"),
        port: ports.postgres,
        inMemory,
      });
      primaryUrl = cluster.url;
      return { name: "postgres", url: cluster.url, pid: cluster.pid, stop: () => cluster.stop() };
    },
    async postgresReplica() {
      const cluster = await startPostgresStandby({
        directory: join(stateDirectory, "postgres-replica"),
        port: ports.postgresReplica,
        primary: { url: primaryUrl },
        inMemory,
      });
      replicaUrl = cluster.url;
      return { name: "postgresReplica", url: cluster.url, pid: cluster.pid, stop: () => cluster.stop() };
    },
    neon: () => program("neon", "neon/main.ts", [], { NEON_UPSTREAMS: `${primaryUrl} ${replicaUrl}` }),
    redis: () =>
      program("redis", "redis/main.ts", [
        "--token",
        remembered.redisToken,
        "--directory",
        join(stateDirectory, "redis"),
      ]),
    stripe: () =>
      program("stripe", "stripe/main.ts", [
        "--directory",
        join(stateDirectory, "stripe"),
        "--webhook-url",
        `http://127.0.0.1:${String(settings.port)}/api/webhooks/stripe`,
        "--webhook-events",
        WEBHOOK_EVENTS.join(","),
        "--webhook-secret",
        remembered.webhookSecret,
        "--secret-key",
        remembered.stripeSecretKey,
        "--publishable-key",
        remembered.stripePublishableKey,
      ]),
    turnstile: () =>
      program("turnstile", "turnstile/main.ts", [
        "--site-key",
        remembered.turnstileSiteKey,
        "--secret-key",
        remembered.turnstileSecretKey,
      ]),
    mail: () =>
      program("mail", "mail/main.ts", [
        "--directory",
        directories.emailDirectory,
        "--state",
        stateDirectory,
        "--temporary",
        directories.workerTemporaryDirectory,
      ]),
  };
}

function endpointsOf(
  settings: PlatformSettings,
  remembered: Remembered,
  parts: ReadonlyMap<PartName, RunningPart>,
): Endpoints {
  const url = (name: PartName): string => required(parts.get(name)).url;
  return {
    store: `http://127.0.0.1:${String(settings.port)}`,
    postgres: url("postgres"),
    postgresReplica: url("postgresReplica"),
    neon: url("neon"),
    redis: url("redis"),
    stripe: url("stripe"),
    turnstile: url("turnstile"),
    mail: url("mail"),
    redisToken: remembered.redisToken,
    stripePublishableKey: remembered.stripePublishableKey,
    stripeSecretKey: remembered.stripeSecretKey,
    webhookSecret: remembered.webhookSecret,
    pids: Object.fromEntries([...parts].map(([name, part]) => [name, part.pid])),
  };
}

/** Removes everything this platform keeps, but its ports and secrets: an open editor or browser finds them again. */
function removeState(settings: PlatformSettings): void {
  for (const name of STATE_DIRECTORIES) {
    rmSync(join(settings.stateDirectory, name), { recursive: true, force: true });
  }
  rmSync(settings.workerStateDirectory, { recursive: true, force: true });
}

function publicAddress(url: string): string {
  const parsed = new URL(url);
  parsed.password = "";
  return parsed.toString();
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("a part of the platform is missing");
  return value;
}
