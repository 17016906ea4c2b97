/** Placing a request in the order epoch in force, and never in two of them. */
import type { OrderIds } from "../../adapters/signing/index.ts";
import type { OrderShards } from "../../durable-objects/order-shard/order-shards.ts";
import type { PlaceOutcome, PlaceRequest } from "../../durable-objects/order-shard/placements.ts";
import type { SkuObjects } from "../../durable-objects/sku-inventory/sku-objects.ts";
import type { RequestedLine } from "./requested-lines.ts";

type Shard = Pick<ReturnType<OrderShards["shard"]>, "place" | "closeUnlessPlaced">;

export interface EpochsDeps {
  readonly orders: { readonly nameOf: (orderId: string) => string; readonly shard: (name: string) => Shard };
  readonly skuObject: (sku: string) => Pick<ReturnType<SkuObjects>, "configure">;
}

/**
 * In the epoch in force. Within a day of its beginning the one before it is asked first, and closes the id there: from then on the
 * request can only become an order here.
 */
export async function placeInEpochs(
  deps: EpochsDeps,
  { current, former, next }: OrderIds,
  placing: Omit<PlaceRequest, "orderId">,
  lines: readonly RequestedLine[],
): Promise<PlaceOutcome> {
  if (former !== null) {
    const before = await deps.orders
      .shard(deps.orders.nameOf(former))
      .closeUnlessPlaced(former, placing.fingerprint);
    if (before.ok || before.reason !== "closed") return before;
  }
  const outcome = await placeIn(deps, { ...placing, orderId: current }, lines);
  // A Worker whose clock is ahead of ours has closed this epoch for the id.
  if (outcome.ok || outcome.reason !== "closed" || next === null) return outcome;
  return await placeIn(deps, { ...placing, orderId: next }, lines);
}

/** SKU objects that nobody has asked yet get their terms from the catalog, and the order is placed again. */
async function placeIn(
  { orders, skuObject }: EpochsDeps,
  placing: PlaceRequest,
  lines: readonly RequestedLine[],
): Promise<PlaceOutcome> {
  const shard = () => orders.shard(orders.nameOf(placing.orderId));
  const outcome = await shard().place(placing);
  if (outcome.ok || outcome.reason !== "refused") return outcome;
  const unknown = outcome.refusals.filter((refusal) => refusal.outcome.reason === "not_configured");
  if (unknown.length === 0) return outcome;
  await Promise.all(
    lines
      .filter(({ sku }) => unknown.some((refusal) => refusal.sku === sku))
      .map(({ sku, terms: { initialStock, ...terms } }) => skuObject(sku).configure({ terms, initialStock })),
  );
  return await shard().place(placing);
}
