import { describe, expect, it } from "vitest";
import { createTelemetry } from "../../adapters/telemetry/telemetry.ts";
import type { StockLevel } from "../../contracts/messages.ts";
import { EdgeCache } from "./edge-cache.ts";
import { dropPagesOfSkus } from "./stock-changes.ts";

const FRESH_MS = 30_000;

const level = (sku: string): StockLevel => ({
  sku,
  sequence: 2,
  available: 0,
  held: 0,
  sold: 5,
  received: 5,
  adjusted: 0,
  opensAt: null,
  at: 1,
});

/** Pages of the products `phone` and `cable`, each with a SKU of its name, behind a cache whose clock stands still. */
function world() {
  const lines: string[] = [];
  const learned: StockLevel[] = [];
  const state = { now: 1_000_000, lines, learned, catalogAway: false };
  const edgeCache = new EdgeCache({
    clock: () => state.now,
    waitUntil: () => undefined,
    delay: () => new Promise(() => undefined),
    report: (error) => {
      throw error;
    },
  });
  const deps = {
    edgeCache,
    availability: { learn: (levels: readonly StockLevel[]) => void learned.push(...levels) },
    catalog: {
      slugOf: (sku: string) => {
        if (state.catalogAway) return Promise.reject(new Error("no catalog"));
        return Promise.resolve(sku === "GONE" ? null : sku.toLowerCase());
      },
    },
    telemetry: createTelemetry({ metrics: null, write: (_level, line) => lines.push(line) }),
  };
  const statusOf = async (slug: string): Promise<string | null> => {
    const headers = {
      "cache-control": `public, max-age=0, s-maxage=${FRESH_MS / 1000}, stale-while-revalidate=600`,
      "cache-tag": `product:${slug}`,
    };
    const request = new Request(`https://store.example/products/${slug}`);
    const ctx = { waitUntil: () => undefined };
    const response = await edgeCache.serve(request, ctx, () => new Response("page", { headers }));
    return response.headers.get("cf-cache-status");
  };
  const dropPagesOf = (...skus: string[]) => dropPagesOfSkus(skus.map(level), deps);
  return { state, statusOf, dropPagesOf };
}

describe("a change of a SKU's status", () => {
  it("drops its product's page at once, and no other, which stays fresh until its time is over", async () => {
    const { state, statusOf, dropPagesOf } = world();
    await statusOf("phone");
    await statusOf("cable");
    state.now += FRESH_MS - 1;
    await dropPagesOf("PHONE", "GONE");
    expect(await statusOf("phone")).toBe("MISS");
    expect(await statusOf("cable")).toBe("HIT");
    state.now += 1;
    expect(await statusOf("cable")).toBe("UPDATING");
  });

  it("is learned before pages are made anew, so that they show it", async () => {
    const { state, dropPagesOf } = world();
    await dropPagesOf("PHONE");
    expect(state.learned.map(({ sku }) => sku)).toEqual(["PHONE"]);
  });

  it("drops nothing without a catalog, and says so", async () => {
    const { state, statusOf, dropPagesOf } = world();
    await statusOf("phone");
    state.catalogAway = true;
    await dropPagesOf("PHONE");
    expect(await statusOf("phone")).toBe("HIT");
    expect(state.lines.join()).toContain("page_cache.drop_failed");
  });
});
