/** Ports and local-only secrets, chosen once per state directory and kept, so that a second start is the same platform. */
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { choosePort } from "../process/free-port.ts";

export const PART_NAMES = [
  "postgres",
  "postgresReplica",
  "neon",
  "redis",
  "stripe",
  "turnstile",
  "mail",
] as const;
export type PartName = (typeof PART_NAMES)[number];

export interface Remembered {
  /** Tells this store's state from another's. */
  readonly stateId: string;
  readonly ports: Readonly<Record<PartName, number>>;
  readonly redisToken: string;
  readonly stripeSecretKey: string;
  readonly stripePublishableKey: string;
  readonly webhookSecret: string;
  readonly signingKeys: string;
  readonly turnstileSiteKey: string;
  readonly turnstileSecretKey: string;
}

/** Reads what an earlier start chose; a port that somebody else has taken since is chosen anew. */
export async function remember(stateDirectory: string): Promise<Remembered> {
  const file = join(stateDirectory, "platform.json");
  const earlier = read(file);
  const ports = {} as Record<PartName, number>;
  const taken = new Set<number>();
  for (const name of PART_NAMES) {
    let port = await choosePort(earlier.ports?.[name]);
    while (taken.has(port)) port = await choosePort();
    taken.add(port);
    ports[name] = port;
  }
  const secret = (): string => randomBytes(24).toString("hex");
  const remembered: Remembered = {
    stateId: earlier.stateId ?? secret(),
    ports,
    redisToken: earlier.redisToken ?? secret(),
    stripeSecretKey: earlier.stripeSecretKey ?? `sk_test_local_${secret()}`,
    stripePublishableKey: earlier.stripePublishableKey ?? `pk_test_local_${secret()}`,
    webhookSecret: earlier.webhookSecret ?? `whsec_local_${secret()}`,
    signingKeys: earlier.signingKeys ?? `v1:${secret()}${secret()}`,
    turnstileSiteKey: earlier.turnstileSiteKey ?? `0x4local_${secret()}`,
    turnstileSecretKey: earlier.turnstileSecretKey ?? `0x4local_secret_${secret()}`,
  };
  mkdirSync(stateDirectory, { recursive: true });
  // Written beside and renamed: a start killed in between leaves either the old file or the new one.
  writeFileSync(`${file}.new`, `${JSON.stringify(remembered, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return remembered;
}

function read(file: string): Partial<Remembered> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Partial<Remembered>;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}
