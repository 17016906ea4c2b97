/** The way to an order: to the shard that owns it, and to one order in it. */
import { parseOrderEpochs } from "../../adapters/signing/order-epochs.ts";
import { isOfEpoch, shardOf } from "../../domain/order/epochs.ts";
import { locationOf } from "../location-hint.ts";
import { byShard } from "./by-shard.ts";
import type { OrderShard } from "./order-shard.ts";

/** An order's own commands, as `OrderShard` documents them. */
export type OrderClient = ReturnType<typeof clientOf>;

export interface OrderShards {
  /**
   * The shard that owns an order.
   *
   * @param orderId one of ours: its tag was checked, as no stranger's id may cost a call
   * @throws RangeError for an id of no epoch listed
   */
  nameOf(orderId: string): string;
  shard(name: string): DurableObjectStub<OrderShard>;
  /** Every shard that may have orders, of all epochs. */
  readonly names: readonly string[];
  /** Items by the shard that owns their order, for one call each. Those of no epoch listed are left out: no shard knows them. */
  byShard<Item extends { readonly orderId: string }>(
    items: readonly Item[],
  ): (readonly [name: string, items: readonly Item[]])[];
  of(orderId: string): OrderClient;
}

/** @throws Error for an `ORDER_EPOCHS` that cannot be read */
export function orderShards(
  env: Pick<Env, "ORDER_SHARD" | "ORDER_EPOCHS" | "SKU_LOCATION_HINT">,
): OrderShards {
  const epochs = parseOrderEpochs(env.ORDER_EPOCHS);
  const location = locationOf(env);
  const nameOf = (orderId: string) => `orders-${shardOf(epochs, orderId)}`;
  const shard = (name: string) => env.ORDER_SHARD.getByName(name, location);
  return {
    nameOf,
    shard,
    names: Array.from(
      { length: Math.max(...epochs.map(({ shards }) => shards)) },
      (_, index) => `orders-${index}`,
    ),
    byShard(items) {
      const { shards } = byShard(items, (id) => (isOfEpoch(epochs, id) ? nameOf(id) : null));
      return [...shards];
    },
    of: (orderId) => clientOf(shard(nameOf(orderId)), orderId),
  };
}

function clientOf(shard: DurableObjectStub<OrderShard>, orderId: string) {
  return {
    read: () => shard.read(orderId),
    isOf: (accountId: string) => shard.isOf(orderId, accountId),
    cancel: (refundsAtOnce: boolean) => shard.cancel(orderId, refundsAtOnce),
    startPayment: () => shard.startPayment(orderId),
    paymentCreated: (result: Parameters<OrderShard["paymentCreated"]>[1]) =>
      shard.paymentCreated(orderId, result),
    erasePerson: () => shard.erasePerson(orderId),
    cancelByStaff: (command: Parameters<OrderShard["cancelByStaff"]>[1]) =>
      shard.cancelByStaff(orderId, command),
    requestRefund: (request: Parameters<OrderShard["requestRefund"]>[1]) =>
      shard.requestRefund(orderId, request),
    ship: (shipment: Parameters<OrderShard["ship"]>[1]) => shard.ship(orderId, shipment),
    deliver: (delivery: Parameters<OrderShard["deliver"]>[1]) => shard.deliver(orderId, delivery),
  };
}
