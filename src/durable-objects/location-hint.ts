/** Where new objects are born: said by the variable `SKU_LOCATION_HINT`, for SKUs and for the shards that call them all day. */

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
export function locationOf(
  env: Pick<Env, "SKU_LOCATION_HINT">,
): DurableObjectNamespaceGetDurableObjectOptions | undefined {
  const hint: string = env.SKU_LOCATION_HINT;
  if (hint === "") return undefined;
  if (!isLocationHint(hint)) throw new Error(`SKU_LOCATION_HINT: "${hint}" is no location hint`);
  return { locationHint: hint };
}

function isLocationHint(text: string): text is DurableObjectLocationHint {
  return LOCATION_HINTS.has(text);
}
