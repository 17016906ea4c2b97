/** Shoppers place orders, try again, and judge what they hear. */
import { generationOf } from "../../../domain/inventory/attempt.ts";
import type { PlaceOutcome, PlaceRequest } from "../../../durable-objects/order-shard/placements.ts";
import { placeInEpochs, type EpochsDeps } from "../place-in-epochs.ts";
import { CONTENTS, SHOPPERS, type ContentName, type Key } from "./scenarios.ts";
import type { Instance } from "./shard-instance.ts";
import { shardOf, type ShardName, type World } from "./world.ts";

/** For so long a shard may tell `sold_out` without asking, ms. */
const SOLD_OUT_FOR_MS = 250;
/** By how much the Workers' clocks differ, ms: they decide which epoch it is. */
const WORKER_SKEW_MS = [0, 0, -1_500, 1_500] as const;

export interface ShoppersDeps {
  readonly world: World;
  readonly log: (text: () => string) => void;
  readonly onBroken: (promise: string) => void;
}

interface Try {
  readonly key: string;
  readonly content: ContentName;
  readonly expectedTotal: number | null;
  readonly startedAt: number;
  /** The instances that it has reached. */
  readonly reached: Instance[];
  /** The id under which it was to be placed last. */
  orderId: string | null;
}

export class Shoppers {
  readonly #deps: ShoppersDeps;
  /** What was acknowledged, by key. */
  readonly acknowledged = new Map<string, { readonly content: string; readonly orderId: string }>();

  constructor(deps: ShoppersDeps) {
    this.#deps = deps;
  }

  order(): void {
    const { scenario, chance } = this.#deps.world;
    const key = chance.pick(scenario.keys);
    const content = chance.pick(scenario.contents);
    const total = totalOf(content);
    this.#place(key, content, chance.happens(scenario.wrongTotal) ? total - 1 : chance.pick([null, total]));
  }

  /** Many orders of one unit, each of a shopper of its own. */
  async rush(count: number): Promise<void> {
    for (let each = 0; each < count; each++) {
      this.#place(`r${each}`, "x", null);
      // What a shard answers at once is answered before the next one.
      for (let turns = 0; turns < 12; turns++) await Promise.resolve();
    }
  }

  #place(key: string, content: ContentName, expectedTotal: number | null): void {
    const { world, log } = this.#deps;
    const workerNow = world.now + world.chance.pick(WORKER_SKEW_MS);
    const isSecond = workerNow >= world.epochFrom;
    const former =
      isSecond && !world.off.has("formerFirst") && world.epochFrom !== Infinity ? `1-${key}` : null;
    const ids = {
      current: `${isSecond ? 2 : 1}-${key}`,
      former,
      next: !isSecond && world.epochFrom !== Infinity ? `2-${key}` : null,
    };
    const tried: Try = { key, content, expectedTotal, startedAt: world.now, reached: [], orderId: null };
    log(() => `${key} orders ${content} as ${ids.current}, expecting ${expectedTotal ?? "any total"}`);
    placeInEpochs(this.#ways(tried), ids, requestOf(world, tried), []).then(
      (outcome) => this.#hear(tried, outcome),
      // The instance was displaced or has failed: the client hears nothing, or a fault.
      () => undefined,
    );
  }

  #ways(tried: Try): EpochsDeps {
    const { world } = this.#deps;
    const shard = (name: string) => {
      const instance = world.reached(name as ShardName);
      tried.reached.push(instance);
      return {
        place: (request: PlaceRequest) => {
          tried.orderId = request.orderId;
          return instance.place(request);
        },
        closeUnlessPlaced: (orderId: string, fingerprint: string) =>
          instance.closeUnlessPlaced(orderId, fingerprint),
      };
    };
    return {
      orders: { nameOf: shardOf, shard: shard as unknown as EpochsDeps["orders"]["shard"] },
      skuObject: () => {
        throw new Error("every SKU is configured");
      },
    };
  }

  #hear(tried: Try, outcome: PlaceOutcome): void {
    const { log, onBroken } = this.#deps;
    const { key, content, expectedTotal } = tried;
    log(() => `${key} hears ${JSON.stringify(outcome).slice(0, 120)}`);
    if (outcome.ok) {
      const { orderId, fingerprint } = outcome.record;
      if (fingerprint !== content)
        onBroken(`${key} hears 201 for ${content}, but the order is ${fingerprint}`);
      const known = this.acknowledged.get(key);
      if (known !== undefined && known.orderId !== orderId) onBroken(`key ${key} has two orders`);
      this.acknowledged.set(key, { content, orderId });
    } else if (outcome.reason === "price_changed") {
      if (expectedTotal === null || expectedTotal === totalOf(content))
        onBroken(`${key} hears another total than the right one it expected`);
    } else if (outcome.reason === "refused") {
      for (const { sku, requested, outcome: refusal } of outcome.refusals)
        if (refusal.reason === "sold_out" && !this.#wasSoldOut(tried, sku, requested))
          onBroken(`${key} hears that ${sku} is sold out, and it was not at any time since`);
    }
  }

  /** Whether there were too few units for it at any time since just before the request, its own earlier attempts' counted. */
  #wasSoldOut({ orderId, startedAt, reached }: Try, sku: string, requested: number): boolean {
    const { supply } = this.#deps.world.sku(sku);
    const since = startedAt - SOLD_OUT_FOR_MS;
    const first = supply.findLastIndex(({ at }) => at < since);
    return supply.slice(Math.max(0, first)).some(({ available, holds }) => {
      const own = holds.filter(
        (hold) =>
          hold.orderId === orderId &&
          reached.some(
            ({ shard, rows }) =>
              shard === shardOf(orderId) && generationOf(hold.attempt) <= (rows.ownGeneration ?? 0),
          ),
      );
      return own.reduce((sum, { quantity }) => sum + quantity, available) < requested;
    });
  }
}

function requestOf({ holdMs, scenario, unpaidUnits }: World, tried: Try): Omit<PlaceRequest, "orderId"> {
  const { key, content, expectedTotal } = tried;
  const shopper = SHOPPERS[key as Key] as (typeof SHOPPERS)[Key] | undefined;
  return {
    fingerprint: content,
    buyer: shopper?.buyer ?? key,
    accountId: null,
    cart: shopper?.cart ?? null,
    network: unpaidUnits === null ? null : { key: "network", unpaidUnits },
    lines: Object.entries(CONTENTS[content]).map(([sku, quantity]) => ({ sku, name: sku, quantity })),
    shippingMethod: "standard",
    terms: {
      shipping: { name: "Standard", amountMinor: 0, freeFromMinor: null, leastDays: 3, mostDays: 5 },
      taxRates: [],
    },
    expectedTotal,
    agreed: null,
    durations: { holdMs, windowMs: scenario.windowMs, graceMs: scenario.graceMs },
    contact: {
      email: key,
      shippingAddress: { name: "", line1: "", city: "", postalCode: "", country: "US" },
    },
    isProven: true,
  };
}

function totalOf(content: ContentName): number {
  return Object.values(CONTENTS[content]).reduce((sum, quantity) => sum + 100 * quantity, 0);
}
