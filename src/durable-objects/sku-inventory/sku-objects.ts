/** The way to a SKU's object. A new one is born where the first caller's hint says, and stays there. */
import type { SkuInventory } from "./sku-inventory.ts";

/** @param sku a SKU of the catalog: no stranger's name may ever create an object */
export type SkuObjects = (sku: string) => DurableObjectStub<SkuInventory>;

const LOCATION_HINTS: ReadonlySet<string> = new Set<DurableObjectLocationHint>([
  "wnam",
  "enam",
  "sam",
  "weur",
  "eeur",
  "apac",
  "apac-ne",
  "apac-se",
  "oc",
  "afr",
  "me",
]);

/** @throws Error when `SKU_LOCATION_HINT` is set to something that is no hint */
export function skuObjects(env: Pick<Env, "SKU_INVENTORY" | "SKU_LOCATION_HINT">): SkuObjects {
  const hint: string = env.SKU_LOCATION_HINT;
  if (hint === "") return (sku) => env.SKU_INVENTORY.getByName(sku);
  if (!isLocationHint(hint)) throw new Error(`SKU_LOCATION_HINT: "${hint}" is no location hint`);
  const options = { locationHint: hint };
  return (sku) => env.SKU_INVENTORY.getByName(sku, options);
}

function isLocationHint(text: string): text is DurableObjectLocationHint {
  return LOCATION_HINTS.has(text);
}
