/**
 * Does the cron's work on SKUs, a bounded part of it in each invocation: their objects learn changed terms, and free what has
 * lapsed should their own alarms be late. Nothing is repeated here: what fails has its turn again with the cron.
 */
import type { FoundSku } from "../adapters/catalog/catalog.ts";
import type { CatalogProduct, SkuTerms } from "../adapters/catalog/content.ts";
import type { ConfiguredProduct, Unconfigured } from "../adapters/postgres/sku-upkeep.ts";
import { SkuUpkeepMessage } from "../contracts/messages.ts";
import { forEachBounded } from "./bounded-concurrency.ts";
import { receive } from "./intake.ts";
import type { QueueBatch } from "./message-batch.ts";
import { Settlement } from "./settlement.ts";
import type { SettlementDeps } from "./settlement.ts";
import type { SkuCalls } from "./sku-calls.ts";

/** Every SKU has its turn as often as this, and every one that holds units; a message older than that has been overtaken. */
export const TURN_MS = 60 * 60 * 1000;
export const HOLDS_MS = 5 * 60 * 1000;
/** SKU objects called at once. */
const SKU_CONCURRENCY = 10;

export interface SkuUpkeepDeps extends SettlementDeps {
  readonly skuCalls: SkuCalls;
  /** The SKUs of these products with their terms, from the cached catalog: needs no Postgres. Throws where there is none. */
  readonly walk: (slugs: readonly string[]) => Promise<readonly FoundSku[]>;
  /** What Postgres has of those of these products that still wait to be configured. */
  readonly readUnconfigured: (slugs: readonly string[]) => Promise<Unconfigured>;
  readonly markConfigured: (configured: readonly ConfiguredProduct[]) => Promise<void>;
}

export async function consumeSkuUpkeep(batch: QueueBatch, deps: SkuUpkeepDeps): Promise<void> {
  const settlement = new Settlement(batch, deps);
  for (const { message, body } of await receive(batch, SkuUpkeepMessage, settlement)) {
    try {
      if (!isOvertaken(body, deps.clock())) await upkeep(body, deps);
    } catch (fault) {
      deps.telemetry.fault("sku.upkeep_failed", fault, { reason: body.type });
    }
    settlement.acknowledge(message);
  }
  settlement.report();
}

/** What piled up while SKUs could not be called is not made up for: the next message about them is there already. */
function isOvertaken(body: SkuUpkeepMessage, now: number): boolean {
  switch (body.type) {
    case "terms.changed":
      return false;
    case "skus.in_turn":
      return now - body.at >= TURN_MS;
    case "holds.to_check":
      return now - body.at >= HOLDS_MS;
  }
}

async function upkeep(body: SkuUpkeepMessage, deps: SkuUpkeepDeps): Promise<void> {
  switch (body.type) {
    case "terms.changed":
      await configureChanged(body.products, deps);
      return;
    case "skus.in_turn":
      await forEachBounded(await deps.walk(body.products), SKU_CONCURRENCY, async ({ sku, terms }) => {
        // Always, though mostly for nothing: it costs one call, and whatever made an object forget its terms is mended.
        const isConfigured = await attempt(sku.sku, () => configure(sku.sku, terms, deps), deps);
        if (isConfigured) await attempt(sku.sku, () => deps.skuCalls.sweep(sku.sku), deps);
      });
      return;
    case "holds.to_check":
      await forEachBounded(body.skus, SKU_CONCURRENCY, async (sku) => {
        await attempt(sku, () => deps.skuCalls.sweep(sku), deps);
      });
  }
}

/** A product is marked when all of its SKUs have its terms; else the cron sends it again. */
async function configureChanged(slugs: readonly string[], deps: SkuUpkeepDeps): Promise<void> {
  const { products, unlisted } = await deps.readUnconfigured(slugs);
  const failed = new Set<CatalogProduct>();
  const calls = products.flatMap((product) =>
    Object.entries(product.terms).map(([sku, terms]) => ({ product, sku, terms })),
  );
  await forEachBounded(calls, SKU_CONCURRENCY, async ({ product, sku, terms }) => {
    if (!(await attempt(sku, () => configure(sku, terms, deps), deps))) failed.add(product);
  });
  const done = products.filter((product) => !failed.has(product));
  await deps.markConfigured([
    ...unlisted,
    ...done.map(({ product, revision }) => ({ slug: product.slug, revision })),
  ]);
}

async function configure(
  sku: string,
  { initialStock, ...terms }: SkuTerms,
  { skuCalls }: SkuUpkeepDeps,
): Promise<void> {
  await skuCalls.configure(sku, terms, initialStock);
}

/** @returns whether it succeeded; one SKU that fails keeps no other from its turn */
async function attempt(
  sku: string,
  work: () => Promise<void>,
  { telemetry }: SkuUpkeepDeps,
): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (fault) {
    telemetry.fault("sku.not_tended", fault, { sku });
    return false;
  }
}
