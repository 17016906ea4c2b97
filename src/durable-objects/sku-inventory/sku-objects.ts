/** The way to a SKU's object. A new one is born where the first caller's hint says, and stays there. */
import { locationOf } from "../location-hint.ts";
import type { SkuInventory } from "./sku-inventory.ts";

/** @param sku a SKU of the catalog: no stranger's name may ever create an object */
export type SkuObjects = (sku: string) => DurableObjectStub<SkuInventory>;

export function skuObjects(env: Pick<Env, "SKU_INVENTORY" | "SKU_LOCATION_HINT">): SkuObjects {
  const location = locationOf(env);
  return (sku) => env.SKU_INVENTORY.getByName(sku, location);
}
