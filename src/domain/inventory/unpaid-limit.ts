/**
 * How many unpaid units of a SKU one network may hold (docs/decisions/0024): one address cannot take a whole launch off sale for half
 * an hour. Judged in the step that takes the units, so it costs no call more.
 */
import { countedHolds, openOrders } from "./buyer-limit.ts";
import type { Reserve, ReserveOutcome } from "./rules.ts";
import type { Hold, InventoryView } from "./state.ts";

/** A network whose shopper proved to be a person may hold this many times as much: an office or a campus shares one address. */
export const UNPAID_UNITS_FACTOR_OF_PERSONS = 5;
/** Open orders named in a refusal. */
const MAX_NAMED = 10;

/** The network a request came from. */
export interface NetworkOfBuyer {
  /** Keyed HMAC of the network. */
  readonly key: string;
  /** Unpaid units of a SKU that it may hold at once; more where the request proved to be a person. */
  readonly unpaidUnits: number;
}

/** The refusal of a hold that would be more than its network may hold unpaid, or null. @param replaced the order's own earlier hold */
export function tooManyUnpaid(
  view: InventoryView,
  command: Reserve,
  replaced: Hold | null,
): ReserveOutcome | null {
  const { network, quantity } = command;
  if (network === null) return null;
  const own = replaced?.network === network.key ? replaced.quantity : 0;
  const units = view.unpaidUnitsOf(network.key) - own;
  if (units + quantity <= network.unpaidUnits) return null;
  const holds = countedHolds(view, command).filter(({ orderId }) => orderId !== command.orderId);
  return {
    ok: false,
    reason: "too_many_unpaid",
    available: Math.max(0, network.unpaidUnits - units),
    orderIds: openOrders(holds, command)
      .slice(0, MAX_NAMED)
      .map(({ orderId }) => orderId),
  };
}
