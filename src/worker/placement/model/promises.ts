/** What must hold of a purchase, after every event and in the end. */
import { assertConserved, type Hold } from "../../../domain/inventory/state.ts";
import { deadlineOf, type OrderState } from "../../../domain/order/state.ts";
import type { ModelSku } from "./model-sku.ts";
import type { World } from "./world.ts";

const unitsOf = (items: readonly { readonly quantity: number }[]) =>
  items.reduce((sum, { quantity }) => sum + quantity, 0);

/** An order that is being written has its units, and time to be paid. @throws Error where it has not */
export function checkPlaced(world: World, state: OrderState): void {
  const { orderId } = state;
  if (world.now >= deadlineOf(state)) throw new Error(`order ${orderId} is written after its own deadline`);
  for (const line of state.lines)
    if (!isHeld(world.sku(line.sku), state, line.quantity))
      throw new Error(`order ${orderId} is written without its units of ${line.sku}`);
}

function isHeld({ units }: ModelSku, { orderId, fingerprint }: OrderState, quantity: number): boolean {
  const hold = units.hold(orderId);
  return hold !== null && hold.fingerprint === fingerprint && hold.quantity === quantity;
}

/** @throws Error that says which promise is broken */
export function checkAlways(world: World): void {
  for (const { name, units } of world.skus) {
    const { figures, holds } = units;
    assertConserved(figures);
    const sold = holds.filter(({ state }) => state === "committed");
    if (unitsOf(sold) !== figures.sold || unitsOf(holds) !== figures.sold + figures.held)
      throw new Error(`the figures of ${name} are not those of its holds`);
    for (const hold of holds) {
      if (hold.state === "tentative") continue;
      const row = world.row(hold.orderId);
      if (row?.fingerprint !== hold.fingerprint || row.units === "settled")
        throw new Error(`${name} keeps ${hold.state} units for no order (${hold.orderId})`);
    }
    checkLimits(world, name, holds, units.terms?.purchaseLimit ?? null);
  }
  for (const row of world.rows()) checkUnits(world, row);
}

/** Nobody has more than may be had: by buyer and cart while unpaid, by buyer and card once sold, by network while unpaid. */
function checkLimits(
  { unpaidUnits }: World,
  sku: string,
  holds: readonly Hold[],
  limit: number | null,
): void {
  const check = (most: number | null, counted: readonly Hold[], by: (hold: Hold) => string | null) => {
    if (most === null) return;
    for (const [owner, own] of Map.groupBy(counted, by))
      if (owner !== null && unitsOf(own) > most)
        throw new Error(`${owner} has ${unitsOf(own)} units of ${sku}`);
  };
  if (limit === null && unpaidUnits === null) return;
  const sold = holds.filter(({ state }) => state === "committed");
  check(limit, holds, ({ buyer, cart }) => (cart === null ? null : `${buyer} in cart ${cart}`));
  check(limit, sold, ({ buyer }) => buyer);
  check(limit, sold, ({ payer }) => payer);
  check(
    unpaidUnits,
    holds.filter(({ state }) => state !== "committed"),
    ({ network }) => network,
  );
}

/** An order has its units until it gives them back, or until its deadline where it is not sold. */
function checkUnits(world: World, row: OrderState): void {
  // Nobody was promised the later deadline while the holds are still being extended.
  const deadline = row.payment?.phase === "extending" ? row.holdExpiresAt : deadlineOf(row);
  const isSold = row.units === "committed";
  if (!isSold && !(row.units === "held" && world.now < deadline)) return;
  for (const { sku, quantity } of row.lines) {
    const hold = world.sku(sku).units.hold(row.orderId);
    if (!isHeld(world.sku(sku), row, quantity) || (isSold && hold?.state !== "committed"))
      throw new Error(`order ${row.orderId} has lost its units of ${sku}`);
  }
}

/** Every unit that is held is some order's. @param exempt holds that need longer: their shard was away for long */
export function checkAccounted(world: World, exempt: ReadonlySet<string>): void {
  for (const { name, units } of world.skus)
    for (const { orderId } of units.holds)
      if (world.row(orderId) === null && !exempt.has(`${name} ${orderId}`))
        throw new Error(
          `two minutes after everything died ${name} still holds for ${orderId}, which is no order`,
        );
}

/** In the end every unit is sold or free. */
export function checkEnd(world: World): void {
  const rows = [...world.rows()];
  for (const { name, units } of world.skus) {
    const held = units.holds.filter(({ state }) => state !== "committed");
    if (held.length > 0)
      throw new Error(`${name} holds for ${held.map(({ orderId }) => orderId).join()} forever`);
    if (world.shardsAreGone) continue;
    const lines = rows.flatMap((row) => (row.units === "committed" ? row.lines : []));
    const sold = unitsOf(lines.filter(({ sku }) => sku === name));
    const isAllRead = !rows.some(({ orderId }) => world.isUnreadable(orderId));
    if (isAllRead && units.figures.sold !== sold)
      throw new Error(`${name} sold ${units.figures.sold}, orders have ${sold}`);
  }
  for (const { orderId, units } of rows)
    if (!world.shardsAreGone && !world.isUnreadable(orderId) && units !== "committed" && units !== "settled")
      throw new Error(`order ${orderId} stays ${units} forever`);
  for (const [key, own] of Map.groupBy(rows, ({ orderId }) => orderId.slice(2)))
    if (own.length > 1) throw new Error(`key ${key} has two orders`);
}

/** Whether the run has come to rest: nothing is held, and every order is sold or settled. */
export function isAtRest(world: World): boolean {
  if (!world.network.isQuiet) return false;
  if (world.skus.some(({ units }) => units.figures.held > 0)) return false;
  if (world.shardsAreGone) return true;
  return [...world.rows()].every(
    ({ orderId, units }) => units === "committed" || units === "settled" || world.isUnreadable(orderId),
  );
}
