/**
 * The whole store on ten thousand products and thirty thousand SKUs, cron included. The local runtime does not enforce what the
 * platform limits, so the calls of every invocation are counted and the isolate's heap is measured; the local Redis refuses more
 * than 10 MB by itself.
 */
import { describe, expect, it } from "vitest";
import { choosePort } from "../../local/process/free-port.ts";
import { waitFor } from "../../local/process/wait-for.ts";
import {
  LARGE_STORE_PRODUCTS,
  LARGE_STORE_SKUS,
  largestInvocations,
  listEverything,
  stockedFrom,
  untilConfigured,
  type ListedProduct,
} from "../fixtures/large-store.ts";
import { isolateHeapBytes } from "../harness/isolate-heap.ts";
import { ownStore } from "../harness/own-store.ts";
import { EVENTUALLY_MS, type Store } from "../harness/store.ts";

/** Of the 10,000 calls that the platform allows an invocation. */
const MOST_CALLS = 1_000;
/** Of the 128 MB that the platform allows an isolate, in which requests need room too. */
const MOST_HEAP_BYTES = 64_000_000;
/** Of the 10 MB that Redis takes in a request. */
const MOST_REQUEST_CHARACTERS = 2_000_000;
const TIMEOUT_MS = 1_200_000;
const MINUTE_MS = 60_000;

const inspectorPort = await choosePort();
const running = ownStore({ generatedProducts: 10_000, countCalls: true, inspectorPort });
const store = (): Store => running().store;
let products: ListedProduct[] = [];

describe("a store of ten thousand products", () => {
  it(
    "lists, finds, compares and sells any of them",
    async () => {
      const listed = await listEverything(store());
      products = listed.products;
      expect([products.length, listed.skuCount]).toEqual([LARGE_STORE_PRODUCTS, LARGE_STORE_SKUS]);
      expect(new Set(products.map(({ slug }) => slug)).size).toBe(LARGE_STORE_PRODUCTS);

      const deep = await stockedFrom(store(), products, 7_654);
      const paths = [
        "/",
        "/products",
        `/products?category=${deep.category}`,
        "/search?q=lumaro",
        "/api/search?q=phone",
        `/products/${deep.slug}`,
      ];
      for (const path of paths)
        expect([path, (await store().request("GET", path)).status]).toEqual([path, 200]);
      const sitemap = String((await store().request("GET", "/sitemap.xml")).body);
      expect(sitemap.match(/<loc>[^<]*\/products\/[^<]*<\/loc>/g)).toHaveLength(LARGE_STORE_PRODUCTS);
      const compared = await store().request("GET", `/compare?p=${deep.slug}&p=${products[3]!.slug}`);
      expect(String(compared.body)).toContain(`/products/${deep.slug}`);
      const order = await store().placed({ lines: [{ sku: deep.sku, quantity: 1 }] });
      expect(order.lines[0]?.unitPrice.amount).toBe(deep.amount);
    },
    TIMEOUT_MS,
  );

  it(
    "keeps its isolate far below what the platform allows, with as many products in memory as fit",
    async () => {
      expect(await isolateHeapBytes(inspectorPort)).toBeLessThan(MOST_HEAP_BYTES);
    },
    TIMEOUT_MS,
  );

  it(
    "tells the SKUs of a thousand new products their terms, from one tick of the cron",
    async () => {
      // The other nine thousand change nothing but how long it takes: `node tests/bench/large-catalog.ts` tells all of them.
      await store().rows(
        `update catalog_revisions set configured_revision = revision
          where product_slug in (select slug from products order by position desc limit 9000)`,
      );
      await store().runCron(Date.now());
      await untilConfigured(store());
      expect(await isolateHeapBytes(inspectorPort)).toBeLessThan(MOST_HEAP_BYTES);
    },
    TIMEOUT_MS,
  );

  it(
    "tells one product's new price to its SKU with the next tick",
    async () => {
      const { sku, slug, amount } = await stockedFrom(store(), products, 9_000);
      await store().rows("update prices set unit_amount_minor = $2 where sku = $1 and valid_until is null", [
        sku,
        amount + 700,
      ]);
      await store().runCron(Date.now());
      await untilConfigured(store());
      const order = await store().placed({ lines: [{ sku, quantity: 1 }] });
      expect(order.lines[0]?.unitPrice.amount).toBe(amount + 700);
      expect(String((await store().request("GET", `/products/${slug}`)).body)).toContain(slug);
    },
    TIMEOUT_MS,
  );

  it(
    "gives SKUs their turns minute by minute, and checks those that hold units within five",
    async () => {
      const isTold = () =>
        store()
          .invocations()
          .filter(({ name }) => name === "queue sku-upkeep")
          .reduce((sum, { kinds }) => sum + (kinds.object ?? 0), 0);
      const before = isTold();
      const start = Date.UTC(2026, 11, 1, 12, 0);
      for (let minute = 0; minute < 5; minute += 1) await store().runCron(start + minute * MINUTE_MS);
      // Two calls for each of a twelfth of all SKUs; slots are hashes, so not exactly.
      const expected = (2 * LARGE_STORE_SKUS * 5) / 60;
      await waitFor(() => isTold() - before > 0.8 * expected, {
        what: "five minutes of turns",
        timeoutMs: 10 * EVENTUALLY_MS,
      });
    },
    TIMEOUT_MS,
  );

  it("has made no invocation that comes near the platform's limit, nor a request that Redis would refuse", () => {
    const invocations = store().invocations();
    const names = new Set(invocations.map(({ name }) => name));
    for (const name of ["fetch", "cron * * * * *", "queue sku-upkeep", "queue stock-ledger"])
      expect(names).toContain(name);
    expect(largestInvocations(invocations).filter(({ calls }) => calls > MOST_CALLS)).toEqual([]);
    expect(Math.max(...invocations.map(({ largestBody }) => largestBody))).toBeLessThan(
      MOST_REQUEST_CHARACTERS,
    );
  });

  it(
    "goes on selling what was shown here, and what Redis has, when Postgres is away; also in a Worker that has just started",
    async () => {
      const { sku, slug } = await stockedFrom(store(), products, 5_432);
      for (const part of ["postgresReplica", "postgres"] as const) await running().stopPart(part);
      await running().killWorker();
      await running().startWorker();
      expect((await store().request("GET", `/products/${slug}`)).status).toBe(200);
      await store().placed({ lines: [{ sku, quantity: 1 }] });
      await running().stopPart("redis");
      await running().killWorker();
      await running().startWorker();
      expect((await store().request("GET", `/products/${slug}`)).status).toBe(200);
      await store().placed({ lines: [{ sku, quantity: 1 }] });
    },
    TIMEOUT_MS,
  );
});
