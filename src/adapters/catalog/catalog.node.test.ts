import { describe, expect, it } from "vitest";
import { CatalogUnavailable, FRESH_MS, STALE_WHILE_REVALIDATE_MS, createCatalog } from "./catalog.ts";
import type { CatalogOptions } from "./catalog.ts";
import type { CatalogEntry } from "./content.ts";
import { MAX_COPY_AGE_MS } from "./copies.ts";
import type { CopyStore, EdgeCache } from "./copies.ts";

const START = Date.UTC(2026, 10, 22);
const OPENS_AT = START + 3_600_000;

function entries(unitAmountMinor: number): CatalogEntry[] {
  const terms = { version: 1, unitAmountMinor, currency: "USD", purchaseLimit: 2, opensAt: null };
  const product = (slug: string, sku: string, dropAt: string | undefined): CatalogEntry => ({
    product: {
      slug,
      name: slug,
      description: "",
      category: "phones",
      ...(dropAt === undefined ? {} : { dropAt }),
      images: [],
      options: [],
      skus: [
        {
          sku,
          name: sku,
          options: {},
          price: { amount: unitAmountMinor, currency: "USD" },
          purchaseLimit: 2,
        },
      ],
    },
    terms: {
      [sku]: {
        ...terms,
        opensAt: dropAt === undefined ? null : OPENS_AT,
        initialStock: { id: `initial:${sku}`, quantity: 10 },
      },
    },
  });
  return [
    product("phone", "PHONE-1", undefined),
    product("fold", "FOLD-1", new Date(OPENS_AT).toISOString()),
  ];
}

function edgeCache(): EdgeCache & { kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    match: (url) => Promise.resolve(kept.has(url) ? new Response(kept.get(url)) : undefined),
    put: async (url, response) => {
      kept.set(url, await response.text());
    },
  };
}

interface TestStore extends CopyStore {
  kept: Map<string, string>;
  writes: number;
  isAway: boolean;
  now: () => number;
}

/** Redis as far as the catalog uses it; `writes` counts copies, not notes of the version. */
function redisStore(): TestStore {
  const orAway = <T>(value: T): Promise<T> =>
    store.isAway ? Promise.reject(new Error("Redis is away")) : Promise.resolve(value);
  const store: TestStore = {
    kept: new Map<string, string>(),
    writes: 0,
    isAway: false,
    now: () => START,
    get: (key) => orAway(store.kept.get(key) ?? null),
    set: async (key, value) => {
      await orAway(null);
      if (value.startsWith("{")) store.writes += 1;
      store.kept.set(key, value);
    },
    tryLock: async (key, holdMs) => {
      await orAway(null);
      if (Number(store.kept.get(key) ?? 0) > store.now()) return false;
      store.kept.set(key, String(store.now() + holdMs));
      return true;
    },
  };
  return store;
}

/** A catalog over a Postgres that can be turned off, with a clock that is set by hand. */
function arrange({ redis, ...options }: Partial<CatalogOptions> & { redis?: TestStore | CopyStore } = {}) {
  const state = {
    now: START,
    price: 100,
    version: 1,
    isAway: false,
    reads: 0,
    looks: 0,
    changes: [] as [former: number | null, next: number][],
    reported: [] as unknown[],
    work: [] as Promise<unknown>[],
  };
  if (redis !== undefined && "now" in redis) redis.now = () => state.now;
  const away = () => Promise.reject(new Error("Postgres is away"));
  const change = (price: number): void => {
    state.price = price;
    state.version += 1;
  };
  const isolate = () =>
    createCatalog({
      read: () => {
        state.reads += 1;
        const { version, price } = state;
        return state.isAway ? away() : Promise.resolve({ version, entries: entries(price) });
      },
      readVersion: () => {
        state.looks += 1;
        return state.isAway ? away() : Promise.resolve(state.version);
      },
      onChange: ({ former, next }) => {
        state.changes.push([former?.version ?? null, next.version]);
        return Promise.resolve();
      },
      waitUntil: (work) => state.work.push(work),
      report: (error) => state.reported.push(error),
      now: () => state.now,
      ...(redis === undefined ? {} : { redis }),
      ...options,
    });
  const settle = async () => {
    while (state.work.length > 0) await Promise.all(state.work.splice(0));
  };
  return { state, change, isolate, settle, catalog: isolate() };
}
const priceIn = async (catalog: ReturnType<typeof createCatalog>) =>
  (await catalog.sku("PHONE-1"))?.terms.unitAmountMinor;

describe("the cached catalog", () => {
  it("finds products by slug and SKUs with their terms, and nothing that is not there", async () => {
    const { catalog } = arrange();
    expect((await catalog.products()).map((product) => product.slug)).toEqual(["phone", "fold"]);
    expect(await catalog.product("phone")).toMatchObject({ name: "phone", status: "in_stock" });
    expect(await catalog.sku("FOLD-1")).toMatchObject({
      product: { slug: "fold" },
      sku: { sku: "FOLD-1" },
      terms: { version: 1, opensAt: OPENS_AT, initialStock: { id: "initial:FOLD-1", quantity: 10 } },
    });
    expect((await catalog.skus()).map((found) => found.sku.sku)).toEqual(["PHONE-1", "FOLD-1"]);
    expect(await catalog.product("nothing")).toBeNull();
    expect(await catalog.sku("NOTHING")).toBeNull();
  });

  it("says coming_soon until the drop opens, from the same copy", async () => {
    const { catalog, state } = arrange();
    state.now = OPENS_AT - 1;
    expect((await catalog.product("fold"))?.status).toBe("coming_soon");
    state.now = OPENS_AT;
    expect((await catalog.product("fold"))?.status).toBe("in_stock");
  });

  it("asks Postgres once for everybody who comes at the same time, and not again while the copy is fresh", async () => {
    const { catalog, state } = arrange();
    await Promise.all(Array.from({ length: 50 }, () => catalog.products()));
    state.now += FRESH_MS - 1;
    await catalog.products();
    expect(state.reads).toBe(1);
  });

  it("looks whether there is a new version, and does not read an old one again", async () => {
    const { catalog, state } = arrange();
    for (let second = 0; second < 10; second += 1) {
      await catalog.products();
      state.now += FRESH_MS;
    }
    expect([state.reads, state.looks]).toEqual([1, 10]);
  });

  it("shows a page what is newest, and lets an order that asks for a SKU wait for nothing", async () => {
    const { catalog, state, change, settle } = arrange();
    await catalog.products();
    change(200);
    state.now += FRESH_MS;
    expect(await priceIn(catalog)).toBe(100);
    await settle();
    expect(await priceIn(catalog)).toBe(200);
    change(300);
    state.now += FRESH_MS;
    expect((await catalog.product("phone"))?.skus[0]?.price.amount).toBe(300);
  });

  it("waits for the newest where what is in memory was not looked at for a minute", async () => {
    const { catalog, state, change } = arrange();
    await catalog.products();
    change(200);
    state.now += STALE_WHILE_REVALIDATE_MS;
    expect(await priceIn(catalog)).toBe(200);
  });

  it("tells of every version it begins to serve, and of what it served before", async () => {
    const { catalog, state, change, isolate, settle } = arrange({ edge: edgeCache() });
    await catalog.products();
    await settle();
    change(200);
    state.now += FRESH_MS;
    await catalog.products();
    await settle();
    await isolate().products();
    change(300);
    // A new isolate knows of the former version from the copy of its place.
    await isolate().products();
    expect(state.changes).toEqual([
      [null, 1],
      [1, 2],
      [null, 2],
      [2, 3],
    ]);
  });

  it("serves what was just changed, whatever it looked at a moment ago", async () => {
    const { catalog, state, change } = arrange({ redis: redisStore() });
    await catalog.products();
    change(200);
    await catalog.changed(state.version);
    expect(await priceIn(catalog)).toBe(200);
    expect(state.changes.at(-1)).toEqual([1, 2]);
  });

  it("goes on from memory while Postgres is away, up to a day, and says what was wrong", async () => {
    const { catalog, state } = arrange();
    await catalog.products();
    state.isAway = true;
    state.now = START + MAX_COPY_AGE_MS;
    expect(await priceIn(catalog)).toBe(100);
    expect(state.reported).toHaveLength(1);
    state.now += STALE_WHILE_REVALIDATE_MS;
    await expect(catalog.products()).rejects.toThrow(CatalogUnavailable);
  });

  it("asks a Postgres that is away only once in a while", async () => {
    const { catalog, state } = arrange();
    await catalog.products();
    state.isAway = true;
    state.now += STALE_WHILE_REVALIDATE_MS;
    for (let request = 0; request < 10; request += 1) await catalog.products();
    expect([state.reads, state.looks]).toEqual([1, 2]);
  });

  it("takes a new version that another isolate has read from Redis, and reads it once for all of them", async () => {
    const redis = redisStore();
    const { state, change, isolate, settle } = arrange({ redis });
    const isolates = [isolate(), isolate(), isolate()];
    for (const each of isolates) {
      await each.products();
      await settle();
    }
    expect(state.reads).toBe(1);
    change(200);
    state.now += FRESH_MS;
    await Promise.all(isolates.map((each) => each.products()));
    await settle();
    state.now += FRESH_MS;
    expect(
      await Promise.all(isolates.map(async (each) => (await each.product("phone"))?.skus[0]?.price.amount)),
    ).toEqual([200, 200, 200]);
    expect(state.reads).toBe(2);
  });

  it("reads by itself where the isolate that took it upon itself never came back", async () => {
    const redis = redisStore();
    redis.kept.set("catalog:refill:1", String(START + 3_000));
    const { catalog } = arrange({ redis });
    expect(await priceIn(catalog)).toBe(100);
  });

  it("asks Postgres itself while Redis is away", async () => {
    const redis = redisStore();
    const { catalog, state, change } = arrange({ redis });
    redis.isAway = true;
    await catalog.products();
    change(200);
    state.now += FRESH_MS;
    expect((await catalog.product("phone"))?.skus[0]?.price.amount).toBe(200);
  });

  it("serves a new isolate from the edge cache, and from Redis where that is empty, while Postgres is away", async () => {
    const edge = edgeCache();
    const redis = redisStore();
    const { catalog, state, settle, isolate } = arrange({ edge, redis });
    await catalog.products();
    await settle();
    state.isAway = true;
    state.now += 3_600_000;
    expect(await priceIn(isolate())).toBe(100);
    edge.kept.clear();
    expect(await priceIn(isolate())).toBe(100);
    redis.kept.clear();
    edge.kept.clear();
    await expect(isolate().products()).rejects.toThrow(CatalogUnavailable);
  });

  it("does not ask Postgres for a new isolate while the edge cache has a recent copy", async () => {
    const { catalog, state, settle, isolate } = arrange({ edge: edgeCache() });
    await catalog.products();
    await settle();
    state.now += 1_000;
    await isolate().products();
    expect(state.reads).toBe(1);
  });

  it("writes to Redis when the version changed, not with every look", async () => {
    const redis = redisStore();
    const { catalog, state, change, settle } = arrange({ redis });
    for (let fetch = 0; fetch < 5; fetch += 1) {
      await catalog.products();
      await settle();
      state.now += FRESH_MS;
    }
    expect(redis.writes).toBe(1);
    change(300);
    await catalog.products();
    await settle();
    expect(redis.writes).toBe(2);
  });

  it("sells on when every cache throws or holds rubbish, as long as Postgres answers", async () => {
    const edge: EdgeCache = {
      match: () => Promise.resolve(new Response('{"readAt":"yesterday"}')),
      put: () => Promise.reject(new Error("no room")),
    };
    const redis: CopyStore = {
      get: () => Promise.reject(new Error("away")),
      set: () => Promise.reject(new Error("away")),
      tryLock: () => Promise.reject(new Error("away")),
    };
    const { catalog, settle } = arrange({ edge, redis });
    expect(await priceIn(catalog)).toBe(100);
    await settle();
  });

  it("does not wait for a Redis that does not answer", async () => {
    const redis: CopyStore = {
      get: () => new Promise(() => undefined),
      set: () => Promise.resolve(),
      tryLock: () => Promise.resolve(true),
    };
    const { state, isolate } = arrange({ redis, redisTimeoutMs: 5 });
    state.isAway = true;
    await expect(isolate().products()).rejects.toThrow(CatalogUnavailable);
  });

  it("tries again when the fetch it would join began with a request that was cancelled", async () => {
    let reads = 0;
    const { state, isolate, settle } = arrange({
      read: () => {
        reads += 1;
        return reads === 2
          ? new Promise(() => undefined)
          : Promise.resolve({ version: reads, entries: entries(reads) });
      },
      readVersion: () => Promise.resolve(reads + 1),
      waitUntil: () => undefined,
    });
    const catalog = isolate();
    expect(await priceIn(catalog)).toBe(1);
    state.now += FRESH_MS;
    expect(await priceIn(catalog)).toBe(1);
    state.now += STALE_WHILE_REVALIDATE_MS;
    expect(await priceIn(catalog)).toBe(3);
    await settle();
  });
});
