/**
 * From the cart to an order. The idempotency key derives from the cart and its revision, so a reload, a double click or
 * "back and again" meets the same order. An order that ended unpaid makes way for the next round of the same cart; one
 * that was paid empties the cart, which raises its revision.
 */
import { cartTag, idempotencyKeyFor, orderIdFor } from "../adapters/signing/index.ts";
import type { PlaceOrderBody, PlaceOrderInput } from "../contracts/orders.ts";
import type { Agreement } from "../domain/agreement.ts";
import type { OrderRecord } from "../domain/order/record.ts";
import type { OrderStatus } from "../domain/order/status.ts";
import type { AppContext } from "./app-env.ts";
import { servicesOf } from "./compose.ts";
import { forgetCheckout, guestCartIdOf, keepCheckout, keptCheckout, type KeptCheckout } from "./cookies.ts";
import { clientNetwork } from "./middleware/read-limit.ts";
import { mayUseOrder } from "./order-rights.ts";
import { cartIdOf } from "./own-cart.ts";
import type { PlacementRefusal } from "./placement/refusal.ts";
import { place } from "./placing.ts";

/** Orders of one cart revision that may end unpaid before the shopper has to change the cart. */
const MAX_ROUNDS = 10;

export const ENDED_UNPAID: readonly OrderStatus[] = ["expired", "cancelled"];
const OPEN: readonly OrderStatus[] = ["reserved", "authorised"];

export type CheckoutOutcome =
  | { readonly ok: true; readonly record: OrderRecord }
  | PlacementRefusal
  /** The cart's own order is open with other content, e.g. another address: pay for it or cancel it first. */
  | { readonly ok: false; readonly code: "open_order"; readonly orderId: string }
  /** Every round of this revision ended unpaid: any change of the cart begins anew. */
  | { readonly ok: false; readonly code: "cart_used_up" };

/**
 * Places the order of a cart, or finds the one it made.
 *
 * @param body as the schema made it
 * @param rawBody as the form said it
 * @param agreed of the same items
 */
export async function checkOut(
  c: AppContext,
  cart: { readonly cartId: string; readonly revision: number },
  body: PlaceOrderBody,
  rawBody: PlaceOrderInput,
  agreed: Agreement,
): Promise<CheckoutOutcome> {
  const { cartId, revision } = cart;
  const former = await openOrderOfFormerContent(c, { cart: cartTag(cartId), revision });
  if (former !== null) return { ok: false, code: "open_order", orderId: former.orderId };
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const idempotencyKey = idempotencyKeyFor(cartId, revision, round);
    const outcome = await place(c, {
      body,
      rawBody,
      idempotencyKey,
      network: clientNetwork(c),
      cartId,
      agreed,
    });
    if (!outcome.ok && outcome.code !== "idempotency_key_reused") return outcome;
    const record = outcome.ok ? outcome.record : await orderOfKey(c, body.email, idempotencyKey);
    // Another request of this cart, with other content, is under way: trying the next key beside it could hold twice.
    if (record === null) return { ok: false, code: "hold_expired", detail: "Please try again in a moment." };
    if (ENDED_UNPAID.includes(record.status)) continue;
    if (!outcome.ok && OPEN.includes(record.status)) {
      return { ok: false, code: "open_order", orderId: record.orderId };
    }
    keepCheckout(c, { orderId: record.orderId, cart: cartTag(cartId), revision, merged: false });
    return { ok: true, record };
  }
  return { ok: false, code: "cart_used_up" };
}

/**
 * The order this browser placed from the cart before the cart was changed, or became part of the account's, where it still
 * holds its units unpaid: the shopper pays or cancels it first, so that a change of mind does not hold twice.
 */
async function openOrderOfFormerContent(
  c: AppContext,
  now: Pick<KeptCheckout, "cart" | "revision">,
): Promise<OrderRecord | null> {
  const kept = keptCheckout(c);
  const isUnchanged = kept?.cart === now.cart && kept.revision === now.revision && !kept.merged;
  return isUnchanged ? null : await openOrderOfCart(c);
}

/** The order this browser last placed from its cart, where it still holds its units unpaid. */
export async function openOrderOfCart(c: AppContext): Promise<OrderRecord | null> {
  const kept = keptCheckout(c);
  if (kept === null || !(await mayUseOrder(c, kept.orderId))) return null;
  const record = await servicesOf(c.env).orders.of(kept.orderId).read();
  return record?.status === "reserved" ? record : null;
}

/** The order made under a key with other content. */
async function orderOfKey(c: AppContext, email: string, idempotencyKey: string): Promise<OrderRecord | null> {
  const { current, former } = orderIdFor(servicesOf(c.env).signing, email, idempotencyKey);
  const record = await servicesOf(c.env).orders.of(current).read();
  return record ?? (former === null ? null : await servicesOf(c.env).orders.of(former).read());
}

/** Takes a now paid order's items out of the cart it was placed from, unless the cart has changed since. */
export async function emptyOrderedCart(c: AppContext, record: OrderRecord): Promise<void> {
  const checkout = keptCheckout(c);
  if (checkout?.orderId !== record.orderId || OPEN.includes(record.status)) return;
  const cartId = ENDED_UNPAID.includes(record.status) ? null : await cartWithTag(c, checkout.cart);
  if (cartId !== null) {
    const ordered = record.lines.map(({ sku, quantity }) => ({ sku, quantity }));
    await c.env.CART.getByName(cartId).clear(checkout.revision, checkout.merged ? ordered : undefined);
  }
  forgetCheckout(c);
}

/** The guest's cart first: what was paid for leaves it before it becomes part of the account's. */
async function cartWithTag(c: AppContext, tag: string): Promise<string | null> {
  const guest = guestCartIdOf(c, servicesOf(c.env).signing);
  if (guest !== null && cartTag(guest) === tag) return guest;
  const cartId = await cartIdOf(c);
  return cartId !== null && cartTag(cartId) === tag ? cartId : null;
}
