/** A SKU's units and who has them: the state the inventory rules work on, and the changes they answer. */

export type HoldState = "tentative" | "confirmed" | "committed";

/** Units set aside for an order, or sold to it (`committed`). One per order and SKU. */
export interface Hold {
  readonly orderId: string;
  /** The placement attempt that made or last took over the hold while it was tentative (attempt.ts). */
  readonly attempt: number;
  /** Fingerprint of the order's content. */
  readonly fingerprint: string;
  readonly quantity: number;
  readonly unitAmountMinor: number;
  readonly currency: string;
  /** HMAC of the buyer's account, or of a guest's address. */
  readonly buyer: string;
  /** HMAC of the card that paid for sold units; null until it is known. */
  readonly payer: string | null;
  /** Units one buyer may have, at the moment of the hold; null for no limit. */
  readonly purchaseLimit: number | null;
  /** HMAC of the cart the order came from, or null. */
  readonly cart: string | null;
  /** HMAC of the network the order came from, or null where it is not counted. */
  readonly network: string | null;
  readonly state: HoldState;
  /** Epoch milliseconds. */
  readonly bornAt: number;
  /** From this moment (epoch ms) a hold that is not committed has lapsed. */
  readonly expiresAt: number;
  /** No extension goes beyond this moment (epoch ms). */
  readonly latestExpiresAt: number;
  /** A tentative hold asks its order's shard from this moment on (epoch ms) whether there is an order. */
  readonly askAt: number;
  /** How often it asked without an answer. */
  readonly asked: number;
}

/** `available + held + sold = received + adjusted`, and none of the first three is ever negative. */
export interface Figures {
  readonly available: number;
  readonly held: number;
  readonly sold: number;
  readonly received: number;
  readonly adjusted: number;
  readonly ledgerSequence: number;
}

export const EMPTY_FIGURES: Figures = {
  available: 0,
  held: 0,
  sold: 0,
  received: 0,
  adjusted: 0,
  ledgerSequence: 0,
};

/** What applies at the moment of the hold; the catalog's, pushed with a version that only rises. */
export interface Terms {
  readonly version: number;
  readonly unitAmountMinor: number;
  readonly currency: string;
  /** Units one buyer may hold and own, or null. */
  readonly purchaseLimit: number | null;
  /** Epoch milliseconds at which the sale opens, or null when it is open. */
  readonly opensAt: number | null;
}

/** How long a command of ops or of a return may be repeated without another effect, ms: nobody retries one for a year. */
export const COMMAND_MEMORY_MS = 365 * 24 * 60 * 60 * 1000;

/** Left by `settle`: refuses late commands of the order until then (epoch ms). */
export interface Tombstone {
  readonly orderId: string;
  readonly until: number;
}

export type LedgerKind =
  | "received"
  | "adjusted"
  | "held"
  | "released"
  | "expired"
  | "committed"
  | "settled"
  | "taken_back"
  | "returned";

export interface UnitDeltas {
  readonly available?: number;
  readonly held?: number;
  readonly sold?: number;
  readonly received?: number;
  readonly adjusted?: number;
}

/** One line of the ledger before it has its sequence number. */
export interface LedgerChange {
  readonly kind: LedgerKind;
  readonly reference: string;
  readonly reason: string | null;
  readonly deltas: UnitDeltas;
}

export type Change =
  | { readonly type: "hold.put"; readonly hold: Hold }
  | { readonly type: "hold.delete"; readonly orderId: string }
  | { readonly type: "tombstone.put"; readonly tombstone: Tombstone }
  | { readonly type: "ledger.append"; readonly entry: LedgerChange }
  | { readonly type: "terms.put"; readonly terms: Terms }
  /** Remember a command's id, so that its repetition changes nothing: for `COMMAND_MEMORY_MS`, or for good. */
  | {
      readonly type: "command.put";
      readonly id: string;
      readonly effect: number;
      readonly isKept?: true;
    };

/** What the rules may look at. Implemented over SQL rows by the object and over maps by the simulator. */
export interface InventoryView {
  readonly figures: Figures;
  readonly terms: Terms | null;
  hold(orderId: string): Hold | null;
  tombstone(orderId: string): Tombstone | null;
  /** All holds of a buyer, committed ones included; with those of a second one where that is named. */
  holdsOf(buyer: string, another?: string): readonly Hold[];
  /** All holds paid for with a card. */
  holdsPaidBy(payer: string): readonly Hold[];
  /** Holds that are not committed and whose `expiresAt` is at or before `now`, oldest first, at most `limit`. */
  lapsed(now: number, limit: number): readonly Hold[];
  /** Tentative holds whose `askAt` is at or before `now`, oldest first, at most `limit`. */
  asking(now: number, limit: number): readonly Hold[];
  /** Units held and not paid for by orders from a network. */
  unpaidUnitsOf(network: string): number;
  /** The units a remembered command changed, or null when the id is unknown. */
  command(id: string): number | null;
}

export interface Decision<Outcome> {
  readonly outcome: Outcome;
  readonly changes: readonly Change[];
}

/**
 * The figures after a ledger entry.
 *
 * @throws Error when the entry would break conservation: that is a fault in the rules, never a refusal.
 */
export function applyDeltas(figures: Figures, deltas: UnitDeltas): Figures {
  const next: Figures = {
    available: figures.available + (deltas.available ?? 0),
    held: figures.held + (deltas.held ?? 0),
    sold: figures.sold + (deltas.sold ?? 0),
    received: figures.received + (deltas.received ?? 0),
    adjusted: figures.adjusted + (deltas.adjusted ?? 0),
    ledgerSequence: figures.ledgerSequence + 1,
  };
  assertConserved(next);
  return next;
}

/** @throws Error when the first promise (conservation) does not hold. */
export function assertConserved(figures: Figures): void {
  const { available, held, sold, received, adjusted } = figures;
  if (available < 0 || held < 0 || sold < 0 || available + held + sold !== received + adjusted) {
    throw new Error(`units not conserved: ${JSON.stringify(figures)}`);
  }
}
