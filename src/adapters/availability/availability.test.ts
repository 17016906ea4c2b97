import { describe, expect, it } from "vitest";
import type { StockLevel } from "../../contracts/messages.ts";
import { createAvailability } from "./availability.ts";
import type { AvailabilitySource, WantedSku } from "./availability.ts";
import { publishLevels, stockKey } from "./stock-copy.ts";

function level(sku: string, available: number, sequence = 1): StockLevel {
  return {
    sku,
    sequence,
    available,
    held: 0,
    sold: 0,
    received: available,
    adjusted: 0,
    opensAt: null,
    at: 1,
  };
}

function wanted(sku: string, over: Partial<WantedSku> = {}): WantedSku {
  return { sku, opensAt: null, initialQuantity: 100, ...over };
}

let worlds = 0;

/** The data centre's real cache, and Redis and Postgres behind the injected functions; both can be taken away. */
function world({ cache = caches.default }: { cache?: Cache | null } = {}) {
  worlds += 1;
  const stored = new Map<string, string>();
  const levels = new Map<string, StockLevel>();
  const background: Promise<unknown>[] = [];
  const faults: AvailabilitySource[] = [];
  const state = {
    now: 1_000_000,
    redisAway: false,
    postgresAway: false,
    postgresHangs: false,
    /** Resolve these, and Postgres answers late. */
    late: [] as (() => void)[],
    asked: [] as string[],
  };
  const deps = {
    redis: {
      mget: async (keys: readonly string[]) => {
        state.asked.push("redis");
        await Promise.resolve();
        if (state.redisAway) throw new Error("Redis is away");
        return keys.map((key) => stored.get(key) ?? null);
      },
      setIfNewer: (entries: readonly { key: string; value: object }[]) => {
        for (const { key, value } of entries) stored.set(key, JSON.stringify(value));
        return Promise.resolve(entries.length);
      },
    },
    cache,
    origin: `https://world-${worlds}.example`,
    readLevels: (skus: readonly string[]) => {
      state.asked.push("postgres");
      if (state.postgresHangs) {
        return new Promise<StockLevel[]>((resolve) => {
          state.late.push(() => {
            resolve(skus.flatMap((sku) => levels.get(sku) ?? []));
          });
        });
      }
      if (state.postgresAway) return Promise.reject(new Error("Postgres is away"));
      return Promise.resolve(skus.flatMap((sku) => levels.get(sku) ?? []));
    },
    clock: () => state.now,
    waitUntil: (work: Promise<unknown>) => {
      background.push(work);
    },
    onFault: (source: AvailabilitySource) => {
      faults.push(source);
    },
  };
  return {
    state,
    stored,
    levels,
    faults,
    background,
    publish: (...published: StockLevel[]) => publishLevels(deps.redis, published),
    settle: () => Promise.all(background),
    /** A further isolate of the same data centre. */
    isolate: () => createAvailability(deps),
  };
}

describe("availability", () => {
  it("tells what was published, in the order asked for", async () => {
    const { publish, isolate } = world();
    await publish(level("SKU-A", 3), level("SKU-B", 0), level("SKU-C", 50));
    const { items, degraded } = await isolate().read([wanted("SKU-C"), wanted("SKU-A"), wanted("SKU-B")]);
    expect(items).toEqual([
      { sku: "SKU-C", status: "in_stock", available: 50 },
      { sku: "SKU-A", status: "low_stock", available: 3 },
      { sku: "SKU-B", status: "sold_out", available: 0 },
    ]);
    expect(degraded).toBe(false);
  });

  it("asks Redis at most once a second, and Postgres not at all for what Redis knows", async () => {
    const { state, publish, isolate } = world();
    await publish(level("SKU-A", 3));
    const availability = isolate();
    for (let request = 0; request < 20; request += 1) await availability.read([wanted("SKU-A")]);
    expect(state.asked).toEqual(["redis"]);
    state.now += 1_000;
    await publish(level("SKU-A", 2, 2));
    const { items, asOf } = await availability.read([wanted("SKU-A")]);
    expect(items[0]?.available).toBe(2);
    expect(asOf).toBe(state.now);
    expect(state.asked).toEqual(["redis", "redis"]);
  });

  it("refills once for many requests at the same time", async () => {
    const { state, publish, isolate } = world();
    await publish(level("SKU-A", 3));
    const availability = isolate();
    await Promise.all(Array.from({ length: 50 }, () => availability.read([wanted("SKU-A")])));
    expect(state.asked).toEqual(["redis"]);
  });

  it("answers with the copy at hand while another request refills", async () => {
    const { state, publish, isolate } = world({ cache: null });
    await publish(level("SKU-A", 3));
    const availability = isolate();
    await availability.read([wanted("SKU-A")]);
    state.now += 1_500;
    const refilling = availability.read([wanted("SKU-A")]);
    const { items, asOf } = await availability.read([wanted("SKU-A")]);
    expect(items[0]?.available).toBe(3);
    expect(asOf).toBe(1_000_000);
    await refilling;
  });

  it("shares one copy among the isolates of a data centre", async () => {
    const { state, publish, isolate, settle } = world();
    await publish(level("SKU-A", 3), level("SKU-B", 9));
    await isolate().read([wanted("SKU-A"), wanted("SKU-B")]);
    await settle();
    const { items } = await isolate().read([wanted("SKU-B"), wanted("SKU-A")]);
    expect(items.map(({ available }) => available)).toEqual([9, 3]);
    expect(state.asked).toEqual(["redis"]);
  });

  it("falls back to Postgres for what Redis lost, and gives it back to Redis", async () => {
    const { state, stored, levels, isolate, settle } = world();
    levels.set("SKU-A", level("SKU-A", 7, 12));
    const { items } = await isolate().read([wanted("SKU-A")]);
    expect(items[0]?.available).toBe(7);
    await settle();
    expect(JSON.parse(stored.get(stockKey("SKU-A")) ?? "null")).toMatchObject({ sequence: 12, available: 7 });
    expect(state.asked).toEqual(["redis", "postgres"]);
  });

  it("falls back to Postgres while Redis is away", async () => {
    const { state, levels, isolate, faults } = world();
    state.redisAway = true;
    levels.set("SKU-A", level("SKU-A", 7));
    const { items, degraded } = await isolate().read([wanted("SKU-A")]);
    expect(items[0]?.available).toBe(7);
    expect(degraded).toBe(false);
    expect(faults).toEqual(["redis"]);
  });

  it("tells the last known figures, with their age, while both are away", async () => {
    const { state, publish, isolate, settle } = world();
    await publish(level("SKU-A", 7));
    const availability = isolate();
    await availability.read([wanted("SKU-A")]);
    await settle();
    state.redisAway = true;
    state.postgresAway = true;
    state.now += 60_000;
    // Also an isolate that never saw them: the data centre's copy outlives its freshness.
    for (const reader of [availability, isolate()]) {
      const { items, asOf, degraded } = await reader.read([wanted("SKU-A")]);
      expect(items[0]?.available).toBe(7);
      expect(asOf).toBe(1_000_000);
      expect(degraded).toBe(true);
    }
  });

  it("tells the catalog's own stock when a copy is too old or was never had", async () => {
    const { state, publish, isolate } = world({ cache: null });
    await publish(level("SKU-A", 7));
    const availability = isolate();
    await availability.read([wanted("SKU-A")]);
    state.redisAway = true;
    state.postgresAway = true;
    state.now += 600_000;
    const { items, degraded } = await availability.read([wanted("SKU-A", { initialQuantity: 40 })]);
    expect(items[0]).toEqual({ sku: "SKU-A", status: "in_stock", available: 40 });
    expect(degraded).toBe(true);
  });

  it("leaves Postgres alone for a while after it failed", async () => {
    const { state, isolate } = world({ cache: null });
    state.redisAway = true;
    state.postgresAway = true;
    const availability = isolate();
    for (let second = 0; second < 5; second += 1) {
      await availability.read([wanted("SKU-A")]);
      state.now += 900;
    }
    expect(state.asked.filter((source) => source === "postgres")).toHaveLength(1);
    state.now += 5_000;
    await availability.read([wanted("SKU-A")]);
    expect(state.asked.filter((source) => source === "postgres")).toHaveLength(2);
  });

  it("does not wait for a Postgres that hangs", async () => {
    const { state, isolate, faults } = world({ cache: null });
    state.redisAway = true;
    state.postgresHangs = true;
    const { items, degraded } = await isolate().read([wanted("SKU-A", { initialQuantity: 40 })]);
    expect(items[0]?.available).toBe(40);
    expect(degraded).toBe(true);
    expect(faults).toEqual(["redis", "postgres"]);
  });

  it("learns what a slow Postgres says late, and asks it about other SKUs meanwhile", async () => {
    const { state, isolate, levels, background } = world({ cache: null });
    state.redisAway = true;
    state.postgresHangs = true;
    levels.set("SKU-A", level("SKU-A", 0));
    levels.set("SKU-B", level("SKU-B", 3));
    const availability = isolate();
    await availability.read([wanted("SKU-A")]);

    state.postgresHangs = false;
    expect((await availability.read([wanted("SKU-B")])).items[0]?.available).toBe(3);
    await availability.read([wanted("SKU-A")]);
    expect(state.asked.filter((source) => source === "postgres")).toHaveLength(2);

    state.late.forEach((answer) => {
      answer();
    });
    await Promise.all(background);
    expect((await availability.read([wanted("SKU-A")])).items[0]).toMatchObject({
      available: 0,
      status: "sold_out",
    });
  });

  it("does not ask Postgres each second about a SKU that has published nothing yet", async () => {
    const { state, isolate } = world({ cache: null });
    const availability = isolate();
    for (let second = 0; second < 4; second += 1) {
      const { items } = await availability.read([wanted("SKU-NEW", { initialQuantity: 12 })]);
      expect(items[0]).toEqual({ sku: "SKU-NEW", status: "in_stock", available: 12 });
      state.now += 1_000;
    }
    expect(state.asked.filter((source) => source === "postgres")).toHaveLength(1);
  });

  it("never goes back to an older figure when a source lags behind", async () => {
    const { state, publish, levels, isolate } = world({ cache: null });
    await publish(level("SKU-A", 1, 20));
    const availability = isolate();
    await availability.read([wanted("SKU-A")]);
    levels.set("SKU-A", level("SKU-A", 9, 15));
    state.redisAway = true;
    state.now += 2_000;
    const { items } = await availability.read([wanted("SKU-A")]);
    expect(items[0]?.available).toBe(1);
  });

  it("opens a drop by the clock, without any message", async () => {
    const { state, publish, isolate } = world();
    await publish(level("SKU-A", 50));
    const availability = isolate();
    const drop = wanted("SKU-A", { opensAt: state.now + 500 });
    expect((await availability.read([drop])).items[0]?.status).toBe("coming_soon");
    state.now += 500;
    expect((await availability.read([drop])).items[0]?.status).toBe("in_stock");
  });

  it("takes a broken copy for none", async () => {
    const { stored, isolate } = world();
    stored.set(stockKey("SKU-A"), "{broken");
    const { items } = await isolate().read([wanted("SKU-A", { initialQuantity: 5 })]);
    expect(items[0]?.available).toBe(5);
  });
});
