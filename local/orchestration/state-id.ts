/**
 * Objects, Postgres, Redis and the Stripe emulator keep one store between them. Each part's directory is marked with the
 * store's id, so that a part that was removed or comes from another store is noticed before it serves wrong figures (decision 21).
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PlatformSettings } from "./settings.ts";
import { shown } from "./state-files.ts";

const MARK_FILE = "state-id";

interface PartState {
  readonly directory: string;
  /** The id in the mark, or null without one. */
  readonly id: string | null;
  readonly holdsData: boolean;
  /** Whether the other parts are worth nothing without it. */
  readonly isRecord: boolean;
}

/**
 * Marks the parts' directories, those of a new store or of this one.
 *
 * @param stateId the store's own, as this state directory remembers it
 * @throws Error with one sentence where the parts' states do not belong together
 */
export function joinStates(settings: PlatformSettings, stateId: string): void {
  const parts = partStates(settings);
  const used = parts.filter(({ id, holdsData }) => id !== null || holdsData);
  if (used.length > 0) {
    const foreign = used.find(({ id }) => id !== stateId);
    const missing = parts.find((part) => part.isRecord && !used.includes(part)) ?? emptied(parts);
    if (foreign !== undefined) refuse(`${shown(foreign.directory)} belongs to another store than the rest`);
    if (missing !== undefined)
      refuse(`${shown(missing.directory)} is gone, and the rest of the store is there`);
  }
  for (const { directory, id } of parts) {
    if (id !== null) continue;
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, MARK_FILE), `${stateId}\n`);
  }
}

function partStates({ stateDirectory, workerStateDirectory, inMemory }: PlatformSettings): PartState[] {
  const postgres = join(stateDirectory, "postgres");
  const stripe = join(stateDirectory, "stripe");
  const redis = join(stateDirectory, "redis");
  const part = (directory: string, holdsData: boolean, isRecord = true): PartState => ({
    directory,
    id: markIn(directory),
    holdsData,
    isRecord,
  });
  return [
    part(workerStateDirectory, namesIn(join(workerStateDirectory, "v3/do")).some(isSkuFolder)),
    part(postgres, existsSync(join(postgres, inMemory ? "data-in-memory" : "data", "PG_VERSION"))),
    part(stripe, existsSync(join(stripe, "journal.jsonl"))),
    // A cache: it may be empty at any time, and only must not be another store's.
    part(
      redis,
      namesIn(redis).some((name) => name !== MARK_FILE),
      false,
    ),
  ];
}

/** Objects of a Worker that was served without a platform hold no stock: it found no catalog to make SKUs of. */
const isSkuFolder = (name: string): boolean => name.endsWith("-SkuInventory");

/** The directory of Postgres where its data were removed from under its mark, while the objects still have theirs. */
function emptied([objects, postgres]: readonly PartState[]): PartState | undefined {
  return objects?.holdsData === true && postgres?.holdsData === false ? postgres : undefined;
}

function refuse(reason: string): never {
  throw new Error(
    `${reason}: stock and orders would be wrong, so start from empty state with \`npm run dev -- --fresh\`, or put back what was removed.`,
  );
}

function markIn(directory: string): string | null {
  const file = join(directory, MARK_FILE);
  return existsSync(file) ? readFileSync(file, "utf8").trim() : null;
}

function namesIn(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory) : [];
}
