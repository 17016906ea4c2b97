/** The object that owns one shopper's cart. It goes away after 30 days without use. */
import { DurableObject } from "cloudflare:workers";
import {
  EMPTY_CART,
  emptyCart,
  removeLine,
  setLine,
  type CartOutcome,
  type CartState,
} from "../../domain/cart.ts";

/** Use is noted, and the alarm moved, no more often than this, ms. */
const TOUCH_EVERY_MS = 24 * 60 * 60 * 1000;
/**
 * A cart nobody used for this long is deleted, ms: 30 days, and the day by which use may be noted late. It must not go
 * before the cookie that leads to it: revisions would start anew, and with them the keys of its orders.
 */
const IDLE_MS = 30 * 24 * 60 * 60 * 1000 + TOUCH_EVERY_MS;

const CART = "cart";

interface StoredCart extends CartState {
  readonly v: 1;
  /** Epoch ms of the last use that was noted; the alarm was set then. */
  readonly touchedAt: number;
}

export class Cart extends DurableObject<Env> {
  read(): CartState {
    return this.#load();
  }

  setLine(sku: string, quantity: number): CartOutcome {
    const outcome = setLine(this.#load(), sku, quantity);
    if (outcome.ok) this.#save(outcome.cart);
    return outcome;
  }

  removeLine(sku: string): CartState {
    return this.#save(removeLine(this.#load(), sku));
  }

  /** Empties the cart that an order was placed from; a cart changed since keeps its lines. */
  clear(expectedRevision: number): CartState {
    return this.#save(emptyCart(this.#load(), expectedRevision));
  }

  override async alarm(): Promise<void> {
    const stored = this.ctx.storage.kv.get<StoredCart>(CART);
    if (stored === undefined) return;
    const idleAt = stored.touchedAt + IDLE_MS;
    if (Date.now() < idleAt) await this.ctx.storage.setAlarm(idleAt);
    else await this.ctx.storage.deleteAll();
  }

  #load(): CartState {
    const stored = this.ctx.storage.kv.get<StoredCart>(CART);
    return stored === undefined ? EMPTY_CART : { revision: stored.revision, lines: stored.lines };
  }

  #save(cart: CartState): CartState {
    const stored = this.ctx.storage.kv.get<StoredCart>(CART);
    const now = Date.now();
    const due = stored === undefined || now - stored.touchedAt >= TOUCH_EVERY_MS;
    const changed = cart.revision !== (stored?.revision ?? 0);
    if (!changed && (stored === undefined || !due)) return cart;
    this.ctx.storage.kv.put<StoredCart>(CART, { v: 1, ...cart, touchedAt: due ? now : stored.touchedAt });
    // Not awaited on purpose: it joins the write above in one transaction.
    if (due) void this.ctx.storage.setAlarm(now + IDLE_MS);
    return cart;
  }
}
