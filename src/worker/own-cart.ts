/**
 * Which cart is the shopper's: the account's where somebody is signed in, else this browser's. The first request after a
 * sign-in, however that was done, makes this browser's cart part of the account's.
 */
import { accountCartId, cartTag } from "../adapters/signing/index.ts";
import { signedInOf } from "./accounts/session.ts";
import type { AppContext } from "./app-env.ts";
import { servicesOf } from "./compose.ts";
import { forgetCart, guestCartIdOf, keepCheckout, keptCheckout } from "./cookies.ts";

/** What another tab puts in meanwhile is handed over too; after so many rounds the next request goes on. */
const MAX_HANDOVERS = 3;

/** Found once a request. */
const found = new WeakMap<Request, Promise<string | null>>();

/**
 * The id of the shopper's cart, or null for a guest's browser that has none.
 *
 * @throws what an unreachable cart threw; a merge that was begun is finished by the next request
 */
export function cartIdOf(c: AppContext): Promise<string | null> {
  let cartId = found.get(c.req.raw);
  if (cartId === undefined) {
    cartId = findCart(c);
    found.set(c.req.raw, cartId);
  }
  return cartId;
}

async function findCart(c: AppContext): Promise<string | null> {
  const { signing } = servicesOf(c.env);
  const guest = guestCartIdOf(c, signing);
  const signedIn = await signedInOf(c);
  if (signedIn === null) return guest;
  const own = accountCartId(signing, signedIn.userId);
  if (guest !== null) await merge(c, guest, own);
  return own;
}

/** Each step may be repeated; the cookie goes last, so that a request that dies on the way loses nothing. */
async function merge(c: AppContext, guest: string, own: string): Promise<void> {
  const from = cartTag(guest);
  const guestCart = c.env.CART.getByName(guest);
  for (let round = 0; round < MAX_HANDOVERS; round++) {
    const handedOver = await guestCart.handOver();
    if (handedOver === null) {
      forgetCart(c);
      return;
    }
    const { revision } = await c.env.CART.getByName(own).takeIn(from, handedOver);
    carryCheckoutOver(c, { cart: from, revision: handedOver.revision }, { cart: cartTag(own), revision });
    await guestCart.forgetHandedOver(handedOver.revision);
  }
}

interface CartAt {
  readonly cart: string;
  readonly revision: number;
}

/** The order that the guest's cart had become is the account's to pay; once it is paid, its items leave the account's cart. */
function carryCheckoutOver(c: AppContext, before: CartAt, after: CartAt): void {
  const kept = keptCheckout(c);
  if (kept?.cart !== before.cart || kept.revision !== before.revision) return;
  keepCheckout(c, { orderId: kept.orderId, ...after, merged: true });
}
