/**
 * Hands the upkeep of SKUs to its queue, in messages of bounded size: changed terms every minute, every SKU once an hour, and
 * those that hold units within five minutes. Who holds units Postgres knows; while it is away every SKU may, and has its turn.
 */
import type { CatalogIndex } from "../../adapters/catalog/catalog-index.ts";
import type { IndexEntry } from "../../adapters/catalog/content.ts";
import type { ChangedProduct } from "../../adapters/postgres/sku-upkeep.ts";
import type { Telemetry } from "../../adapters/telemetry/telemetry.ts";
import { MESSAGE_VERSION, type SkuUpkeepMessage } from "../../contracts/messages.ts";
import { HOLDS_MS, TURN_MS } from "../../queues/sku-upkeep-consumer.ts";

const MINUTE_MS = 60_000;
/** A SKU is called twice at most, and a batch is five messages: 500 calls an invocation, beside what reads the catalog. */
const MAX_SKUS_PER_MESSAGE = 50;
/** A queue takes this many messages at once. */
const MAX_MESSAGES_PER_SEND = 100;
/** Changed products sent in one minute; the others' turn is the next. */
const MAX_CHANGED = 10_000;
/** When changed terms are sent again whose message was lost, or could not be told to every SKU. */
const AGAIN_AFTER_MS = 300_000;
/** SKUs that hold units, checked in one minute. */
const MAX_HOLDING = 5_000;
/** In how many minutes every SKU has its turn, and every one that holds units. */
const TURN_MINUTES = TURN_MS / MINUTE_MS;
const HOLDS_MINUTES = HOLDS_MS / MINUTE_MS;

export interface SendUpkeepDeps {
  /** Throws when neither the catalog nor a copy of it can be had. */
  readonly index: () => Promise<Pick<CatalogIndex, "list">>;
  /** Takes what changed, for a while nobody else's. Throws while Postgres is away: what changed is not known then. */
  readonly takeUnconfigured: (options: {
    readonly limit: number;
    readonly now: number;
    readonly againAfterMs: number;
  }) => Promise<readonly ChangedProduct[]>;
  /** SKUs that hold units and are in this slot of `slots`. Throws while Postgres is away. */
  readonly listHolding: (slot: number, slots: number, limit: number) => Promise<readonly string[]>;
  readonly sendUpkeep: (messages: SkuUpkeepMessage[]) => Promise<void>;
  readonly telemetry: Pick<Telemetry, "fault">;
}

/**
 * @param at the minute this is about, epoch ms
 * @returns how many products were sent
 */
export async function sendChangedTerms(deps: SendUpkeepDeps, at: number): Promise<number> {
  const changed = await deps.takeUnconfigured({ limit: MAX_CHANGED, now: at, againAfterMs: AGAIN_AFTER_MS });
  const parts = inParts(changed, ({ skuCount }) => skuCount);
  await send(
    parts.map((part) => ({
      v: MESSAGE_VERSION,
      type: "terms.changed",
      products: part.map(({ slug }) => slug),
    })),
    deps,
  );
  return changed.length;
}

/**
 * @param at the minute this is about, epoch ms
 * @returns how many SKUs have their hourly turn
 */
export async function sendSkusInTurn(deps: SendUpkeepDeps, at: number): Promise<number> {
  const { list } = await deps.index();
  const inTurn = list.filter(({ slug }) => slotOf(slug, TURN_MINUTES) === minuteOf(at) % TURN_MINUTES);
  const parts = inParts(inTurn, ({ skus }) => skus.length);
  await send(
    parts.map((part) => ({
      v: MESSAGE_VERSION,
      type: "skus.in_turn",
      at,
      products: part.map(({ slug }) => slug),
    })),
    deps,
  );
  return inTurn.reduce((sum, { skus }) => sum + skus.length, 0);
}

/**
 * @param at the minute this is about, epoch ms
 * @returns how many SKUs are checked
 */
export async function sendHoldsToCheck(deps: SendUpkeepDeps, at: number): Promise<number> {
  const slot = minuteOf(at) % HOLDS_MINUTES;
  const skus = await holding(slot, deps);
  const parts = inParts(skus, () => 1);
  await send(
    parts.map((part) => ({ v: MESSAGE_VERSION, type: "holds.to_check", at, skus: part })),
    deps,
  );
  return skus.length;
}

async function holding(slot: number, deps: SendUpkeepDeps): Promise<readonly string[]> {
  try {
    return await deps.listHolding(slot, HOLDS_MINUTES, MAX_HOLDING);
  } catch (fault) {
    deps.telemetry.fault("upkeep.holders_unknown", fault);
    return skusInSlot((await deps.index()).list, slot);
  }
}

function skusInSlot(list: readonly IndexEntry[], slot: number): string[] {
  return list.flatMap(({ skus }) => skus).filter((sku) => slotOf(sku, HOLDS_MINUTES) === slot);
}

async function send(messages: SkuUpkeepMessage[], { sendUpkeep }: SendUpkeepDeps): Promise<void> {
  for (let start = 0; start < messages.length; start += MAX_MESSAGES_PER_SEND)
    await sendUpkeep(messages.slice(start, start + MAX_MESSAGES_PER_SEND));
}

/** Parts whose sizes add up to no more than a message takes; what is larger by itself is a part of its own. */
function inParts<T>(items: readonly T[], sizeOf: (item: T) => number): T[][] {
  const parts: T[][] = [];
  let size = Infinity;
  for (const item of items) {
    // What has nothing to call still costs its place in the message.
    const more = Math.max(1, sizeOf(item));
    const last = parts.at(-1);
    if (last === undefined || size + more > MAX_SKUS_PER_MESSAGE) {
      parts.push([item]);
      size = more;
    } else {
      last.push(item);
      size += more;
    }
  }
  return parts;
}

function minuteOf(at: number): number {
  return Math.floor(at / MINUTE_MS);
}

/** The same for a name each time, whatever else is in the catalog (FNV-1a). */
export function slotOf(name: string, slots: number): number {
  let hash = 2_166_136_261;
  for (let index = 0; index < name.length; index += 1)
    hash = Math.imul(hash ^ name.charCodeAt(index), 16_777_619);
  return (hash >>> 0) % slots;
}
