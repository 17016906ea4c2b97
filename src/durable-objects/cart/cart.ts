/**
 * The object that owns one shopper's cart, a guest's or an account's. A guest's goes away after 30 days without use; an
 * account's is emptied then.
 *
 * A guest's cart becomes part of the account's in three steps, each of which may be repeated: the guest's hands its lines over
 * and keeps them aside, the account's takes them in once, the guest's forgets them.
 */
import { DurableObject } from "cloudflare:workers";
import { isAccountCartId } from "../../adapters/signing/index.ts";
import {
  EMPTY_CART,
  mergeLines,
  removeLine,
  setLine,
  takeOutOrdered,
  type CartLine,
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
/** Merges remembered, newest last. One is asked for again only until it was acknowledged, which the next request does. */
const MAX_REMEMBERED_MERGES = 20;

const CART = "cart";
const HANDED_OVER = "handed-over";
const MERGED = "merged";

interface StoredCart extends CartState {
  readonly v: 1;
  /** Epoch ms of the last use that was noted; the alarm was set then. */
  readonly touchedAt: number;
}

/** What a cart gave up to become part of another. */
export interface HandedOver {
  /** The revision that had these lines. */
  readonly revision: number;
  readonly lines: readonly CartLine[];
}

interface Merge {
  readonly from: string;
  readonly revision: number;
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

  /** Takes out what was ordered from the cart at that revision; a cart changed since keeps its lines. */
  clear(expectedRevision: number, ordered?: readonly CartLine[]): CartState {
    return this.#save(takeOutOrdered(this.#load(), expectedRevision, ordered));
  }

  /** Empties the cart for another to take in what was in it; the same answer until `forgetHandedOver`. Null: nothing was in it. */
  handOver(): HandedOver | null {
    const { kv } = this.ctx.storage;
    const kept = kv.get<HandedOver>(HANDED_OVER);
    if (kept !== undefined) return kept;
    const { revision, lines } = this.#load();
    if (lines.length === 0) return null;
    const handedOver = { revision, lines };
    kv.put<HandedOver>(HANDED_OVER, handedOver);
    this.#save({ revision: revision + 1, lines: [] });
    return handedOver;
  }

  /** Takes in what another cart handed over, once, whatever is repeated. @param from that cart, as `cartTag` names it */
  takeIn(from: string, { revision, lines }: HandedOver): CartState {
    const { kv } = this.ctx.storage;
    const merges = kv.get<readonly Merge[]>(MERGED) ?? [];
    if (merges.some((merge) => merge.from === from && merge.revision >= revision)) return this.#load();
    const others = merges.filter((merge) => merge.from !== from);
    kv.put<readonly Merge[]>(MERGED, [...others, { from, revision }].slice(-MAX_REMEMBERED_MERGES));
    return this.#save(mergeLines(this.#load(), lines));
  }

  /** Once another cart has taken in what this one handed over. */
  forgetHandedOver(revision: number): void {
    const { kv } = this.ctx.storage;
    if (kv.get<HandedOver>(HANDED_OVER)?.revision === revision) kv.delete(HANDED_OVER);
  }

  /** Its account is gone, and nobody will ask for it again. */
  async forget(): Promise<void> {
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }

  override async alarm(): Promise<void> {
    const stored = this.ctx.storage.kv.get<StoredCart>(CART);
    if (stored === undefined) return;
    const idleAt = stored.touchedAt + IDLE_MS;
    if (Date.now() < idleAt) await this.ctx.storage.setAlarm(idleAt);
    else if (isAccountCartId(this.ctx.id.name ?? "")) this.#startOver(stored);
    else await this.ctx.storage.deleteAll();
  }

  #startOver(stored: StoredCart): void {
    // The way to an account's cart does not end: were its revisions to start anew, its next order would meet a former one.
    const { kv } = this.ctx.storage;
    kv.put<StoredCart>(CART, { ...stored, revision: stored.revision + 1, lines: [], waiting: [] });
    kv.delete(MERGED);
  }

  #load(): CartState {
    const stored = this.ctx.storage.kv.get<StoredCart>(CART);
    if (stored === undefined) return EMPTY_CART;
    const { revision, lines, waiting = [] } = stored;
    return { revision, lines, ...(waiting.length === 0 ? {} : { waiting }) };
  }

  #save(cart: CartState): CartState {
    const stored = this.ctx.storage.kv.get<StoredCart>(CART);
    const now = Date.now();
    const due = stored === undefined || now - stored.touchedAt >= TOUCH_EVERY_MS;
    const changed = cart.revision !== (stored?.revision ?? 0);
    if (!changed && (stored === undefined || !due)) return cart;
    // Fields that this code does not know are kept: the build after it may have added them.
    this.ctx.storage.kv.put<StoredCart>(CART, {
      ...stored,
      v: 1,
      waiting: [],
      ...cart,
      touchedAt: due ? now : stored.touchedAt,
    });
    // Not awaited on purpose: it joins the write above in one transaction.
    if (due) void this.ctx.storage.setAlarm(now + IDLE_MS);
    return cart;
  }
}
