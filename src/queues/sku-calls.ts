/** What the upkeep of SKUs asks of their objects, in one place. */
import type { Terms } from "../domain/inventory/state.ts";
import type { SkuObjects } from "../durable-objects/sku-inventory/sku-objects.ts";

export interface SkuCalls {
  /** Idempotent: the object takes over terms of a higher version, and the initial stock once. */
  configure(
    sku: string,
    terms: Terms,
    initialStock: { readonly id: string; readonly quantity: number },
  ): Promise<void>;
  /** Frees what has lapsed and tells the orders that lost their units. */
  sweep(sku: string): Promise<void>;
}

export function skuCalls(skuObject: SkuObjects): SkuCalls {
  return {
    async configure(sku, terms, initialStock) {
      await skuObject(sku).configure({ terms, initialStock });
    },
    sweep: (sku) => skuObject(sku).sweep(),
  };
}
