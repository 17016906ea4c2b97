/** Walks the catalog's SKUs: each object gets the catalog's terms, and frees what has lapsed should its alarm be late. */
import type { Telemetry } from "../../adapters/telemetry/telemetry.ts";
import type { Terms } from "../../domain/inventory/state.ts";
import { forEachBounded } from "../../queues/bounded-concurrency.ts";

/** SKU objects called at once. */
const SKU_CONCURRENCY = 10;

export interface CatalogSku {
  readonly sku: string;
  readonly terms: Terms;
  readonly initialStock: { readonly id: string; readonly quantity: number };
}

export interface TendSkusDeps {
  /** Every SKU of the cached catalog. Throws when neither the catalog nor a copy of it can be had. */
  readonly listSkus: () => Promise<CatalogSku[]>;
  /** Idempotent: the object takes over terms of a higher version, and the initial stock once. */
  readonly configureSku: (sku: CatalogSku) => Promise<unknown>;
  readonly sweepSku: (sku: string) => Promise<void>;
  readonly telemetry: Telemetry;
}

/**
 * @returns how many SKUs were tended; one that fails is logged and left to the next run
 * @throws when there is no catalog to walk
 */
export async function tendSkus(deps: TendSkusDeps): Promise<number> {
  let tended = 0;
  await forEachBounded(await deps.listSkus(), SKU_CONCURRENCY, async (entry) => {
    try {
      // Always, though mostly for nothing: it costs one call, and whatever made an object forget its terms is mended.
      await deps.configureSku(entry);
      await deps.sweepSku(entry.sku);
      tended += 1;
    } catch (fault) {
      deps.telemetry.fault("sku.not_tended", fault, { sku: entry.sku });
    }
  });
  return tended;
}
