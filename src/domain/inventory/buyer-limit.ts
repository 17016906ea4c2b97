/**
 * How many units of a SKU one buyer may have (docs/decisions/0013): by account, by a guest's address, by payment card.
 *
 * Judged twice, each time in the step that takes the units: for the hold by what its buyer may know of, for the sale by all that was
 * sold to the same address and card.
 */
import type { Reserve, ReserveOutcome } from "./rules.ts";
import type { Hold, InventoryView, Terms } from "./state.ts";

/** A buyer who is signed in. */
export interface AccountBuyer {
  /** The key under which guests with the account's own, verified address are counted. */
  readonly guest: string;
  /** Orders that this browser has the right to, so that those it placed as a guest count. Bounded by the caller. */
  readonly orders: readonly string[];
}

const unitsOf = (holds: readonly Hold[]) => holds.reduce((sum, { quantity }) => sum + quantity, 0);

/**
 * The units that count against a caller's next hold, and no others: an account's own, with the guest orders it can show to be its own; a
 * guest's own unpaid holds, and all that was sold to the address. A hold that another browser made under the same address is one
 * the caller could neither see nor end.
 */
export function countedHolds(view: InventoryView, command: Reserve): readonly Hold[] {
  const { buyer, cart, account } = command;
  if (account === undefined)
    return view.holdsOf(buyer).filter((hold) => hold.state === "committed" || hold.cart === cart);
  return view
    .holdsOf(buyer, account.guest)
    .filter(
      (hold) => hold.buyer === buyer || isSameCart(hold, cart) || account.orders.includes(hold.orderId),
    );
}

const isSameCart = (hold: Hold, cart: string | null) => cart !== null && hold.cart === cart;

/** The refusal of a hold that would be more than its buyer may have, or null. @param free units that could be held now */
export function overLimit(
  view: InventoryView,
  terms: Terms,
  command: Reserve,
  free: number,
): ReserveOutcome | null {
  if (terms.purchaseLimit === null) return null;
  // Never the order's own hold: an earlier attempt's is about to be replaced.
  const holds = countedHolds(view, command).filter(({ orderId }) => orderId !== command.orderId);
  const units = unitsOf(holds);
  if (units + command.quantity <= terms.purchaseLimit) return null;
  const settledUnits = unitsOf(holds.filter(({ state }) => state !== "tentative"));
  return {
    ok: false,
    reason: "purchase_limit",
    available: Math.max(0, Math.min(terms.purchaseLimit - units, free)),
    orderId: openOrder(holds, command),
    tentativeOnly: settledUnits + command.quantity <= terms.purchaseLimit,
  };
}

/** The caller's own order that is not paid yet, one that is certain before one that is being placed. */
function openOrder(holds: readonly Hold[], command: Reserve): string | null {
  const own = openOrders(holds, command);
  const open = own.find(({ state }) => state === "confirmed") ?? own[0];
  return open?.orderId ?? null;
}

/** The caller's own holds that are not paid yet. Without account and cart nobody can tell whose a hold is. */
export function openOrders(holds: readonly Hold[], { cart, account }: Reserve): readonly Hold[] {
  return holds.filter(
    (hold) => hold.state !== "committed" && (account !== undefined || isSameCart(hold, cart)),
  );
}

/**
 * Whether selling a hold's units would be more than its buyer, or the card that pays for it, may have: by the limit of the moment of
 * the hold, and by what other orders were sold.
 *
 * @param payer the key of the card, or null where it is not known
 */
export function overLimitWhenSold(view: InventoryView, hold: Hold, payer: string | null): boolean {
  const { purchaseLimit, quantity, buyer, state } = hold;
  if (purchaseLimit === null) return false;
  // Never the hold itself: it is not sold yet, or its card is not known yet.
  const tooMany = (holds: readonly Hold[]) =>
    unitsOf(holds.filter((other) => other.state === "committed")) + quantity > purchaseLimit;
  return (
    (state !== "committed" && tooMany(view.holdsOf(buyer))) ||
    (payer !== null && tooMany(view.holdsPaidBy(payer)))
  );
}
