/**
 * The rules of a SKU's units: `decide(view, command, now) → { outcome, changes }` for every command.
 *
 * Before any of these runs, the object frees what has lapsed (`releaseLapsed`), in bounded chunks: after a late alarm a
 * lapsed hold may still be found here, and is refused like one that is gone. Lapsed means lost: nothing is ever re-taken.
 */
import { backoffMs, type BackoffOptions } from "../backoff.ts";
import { overLimit, overLimitWhenSold, type AccountBuyer } from "./buyer-limit.ts";
import { tooManyUnpaid, type NetworkOfBuyer } from "./unpaid-limit.ts";
import type { Change, Decision, Hold, InventoryView, LedgerKind, Terms, UnitDeltas } from "./state.ts";

/** How long after its attempt began a tentative hold asks its shard whether there is an order. */
export const ASK_AFTER_MS = 60_000;
/** How soon a question that brought no answer is asked again. */
const ASK_AGAIN: BackoffOptions = { baseMs: 5_000, maxMs: 300_000 };
/** How long a tombstone refuses an order's late commands (design §4.3). */
export const TOMBSTONE_MS = 24 * 60 * 60 * 1000;

export interface Refusal<Reason extends string> {
  readonly ok: false;
  readonly reason: Reason;
}

const done = <Outcome>(outcome: Outcome, ...changes: Change[]): Decision<Outcome> => ({ outcome, changes });
const refused = <Reason extends string>(reason: Reason): Decision<Refusal<Reason>> =>
  done({ ok: false, reason });

function ledger(
  kind: LedgerKind,
  reference: string,
  deltas: UnitDeltas,
  reason: string | null = null,
): Change {
  return { type: "ledger.append", entry: { kind, reference, reason, deltas } };
}

/** An order, by its id and the fingerprint of its content. */
export interface OfOrder {
  readonly orderId: string;
  readonly fingerprint: string;
}

/**
 * The order's hold, or null where there is none or it has lapsed. A hold of other content under the same id is not the order's: an
 * instance that a deploy displaced may have made it after the order's own had lapsed.
 */
function aliveHold(view: InventoryView, { orderId, fingerprint }: OfOrder, now: number): Hold | null {
  const hold = view.hold(orderId);
  if (hold?.fingerprint !== fingerprint) return null;
  return hold.state === "committed" || now < hold.expiresAt ? hold : null;
}

const UNITS_OF_STATE = { tentative: "held", confirmed: "held", committed: "sold" } as const;

/** Units back from a hold to `available`. */
function giveBack(hold: Hold, kind: LedgerKind): Change {
  return ledger(kind, hold.orderId, {
    available: hold.quantity,
    [UNITS_OF_STATE[hold.state]]: -hold.quantity,
  });
}

// ---------------------------------------------------------------------------------------------------------- reserve

export interface Reserve {
  readonly orderId: string;
  readonly attempt: number;
  readonly fingerprint: string;
  readonly quantity: number;
  readonly buyer: string;
  readonly cart: string | null;
  /** Of a buyer who is signed in: `buyer` is then the account's key. Absent for a guest. */
  readonly account?: AccountBuyer;
  /** Where the request came from, and how many unpaid units its network may have; null where that is not counted. */
  readonly network: NetworkOfBuyer | null;
  /** All moments derive from the attempt's start by the shard's clock, epoch ms. */
  readonly askAt: number;
  readonly expiresAt: number;
  readonly latestExpiresAt: number;
}

export type ReserveOutcome =
  | {
      readonly ok: true;
      readonly unitAmountMinor: number;
      readonly currency: string;
    }
  | {
      readonly ok: false;
      /** `superseded`: a later attempt has the hold; `lapsed`: the attempt is older than a hold may be. */
      readonly reason: "not_configured" | "fingerprint_mismatch" | "settled" | "superseded" | "lapsed";
    }
  | {
      readonly ok: false;
      readonly reason: "sold_out";
      readonly available: number;
    }
  | { readonly ok: false; readonly reason: "not_on_sale"; readonly opensAt: number }
  | {
      readonly ok: false;
      readonly reason: "purchase_limit";
      /** What this buyer could still hold. */
      readonly available: number;
      /** The caller's own open order in the way (same account or cart), if there is one. */
      readonly orderId: string | null;
      /** True when only tentative holds are in the way: they may lapse within a minute. */
      readonly tentativeOnly: boolean;
    }
  | {
      readonly ok: false;
      readonly reason: "too_many_unpaid";
      /** What this network could still hold. */
      readonly available: number;
      /** The caller's own open orders (same account or cart). */
      readonly orderIds: readonly string[];
    };

/** Sets units aside, tentatively. Price, purchase limit and opening time are judged in this same step. */
export function reserve(view: InventoryView, command: Reserve, now: number): Decision<ReserveOutcome> {
  const { terms, figures } = view;
  if (terms === null) return refused("not_configured");
  if (command.expiresAt <= now) return refused("lapsed");
  const tombstone = view.tombstone(command.orderId);
  if (tombstone !== null && tombstone.until > now) return refused("settled");
  const found = view.hold(command.orderId);
  const lapsed = found !== null && found.state !== "committed" && found.expiresAt <= now;
  if (found !== null && !lapsed) {
    const again = reserveAgain(found, command);
    if (again !== null) return again;
  }
  // What is left of an earlier attempt makes room for this one, in the same step.
  const replaced = found;
  if (terms.opensAt !== null && now < terms.opensAt)
    return done({ ok: false, reason: "not_on_sale", opensAt: terms.opensAt });
  const available = figures.available + (replaced?.quantity ?? 0);
  // Before the buyer's limit: in a rush this is the answer most buyers get, and it needs no look at their holds.
  if (available < command.quantity) return done({ ok: false, reason: "sold_out", available });
  const limited = overLimit(view, terms, command, available) ?? tooManyUnpaid(view, command, replaced);
  if (limited !== null) return done(limited);

  const hold: Hold = {
    orderId: command.orderId,
    attempt: command.attempt,
    fingerprint: command.fingerprint,
    quantity: command.quantity,
    unitAmountMinor: terms.unitAmountMinor,
    currency: terms.currency,
    buyer: command.buyer,
    payer: null,
    purchaseLimit: terms.purchaseLimit,
    cart: command.cart,
    network: command.network?.key ?? null,
    state: "tentative",
    bornAt: now,
    expiresAt: command.expiresAt,
    latestExpiresAt: command.latestExpiresAt,
    askAt: command.askAt,
    asked: 0,
  };
  return done(
    { ok: true, unitAmountMinor: hold.unitAmountMinor, currency: hold.currency },
    ...(replaced === null ? [] : freed(replaced, lapsed ? "expired" : "released")),
    { type: "hold.put", hold },
    ledger("held", command.orderId, { available: -command.quantity, held: command.quantity }),
  );
}

/** The order has a hold that lives: its own again, adopted, or refused; null where a later attempt with other content replaces it. */
function reserveAgain(hold: Hold, command: Reserve): Decision<ReserveOutcome> | null {
  const { unitAmountMinor, currency } = hold;
  const held = { ok: true, unitAmountMinor, currency } as const;
  const sameContent = hold.fingerprint === command.fingerprint;
  if (hold.state !== "tentative") return sameContent ? done(held) : refused("fingerprint_mismatch");
  if (command.attempt < hold.attempt) return refused("superseded");
  if (command.attempt === hold.attempt) return done(held);
  if (!sameContent || hold.quantity !== command.quantity) return null;
  const { attempt, askAt, expiresAt, latestExpiresAt } = command;
  return done(held, {
    type: "hold.put",
    hold: { ...hold, attempt, askAt, expiresAt, latestExpiresAt, asked: 0 },
  });
}

const freed = (hold: Hold, kind: LedgerKind): Change[] => [
  { type: "hold.delete", orderId: hold.orderId },
  giveBack(hold, kind),
];

// --------------------------------------------------------------------------------------------- the order's commands

export type ConfirmOutcome = { readonly ok: true } | Refusal<"lapsed">;

/**
 * Makes a tentative hold the order's own. The hold has the order's quantity, price and deadlines already: the order was made of what
 * its reserve was answered. Repeats are harmless; a hold that has lapsed, or is of other content, is refused.
 */
export function confirm(view: InventoryView, order: OfOrder, now: number): Decision<ConfirmOutcome> {
  const hold = aliveHold(view, order, now);
  if (hold === null) return refused("lapsed");
  if (hold.state !== "tentative") return done({ ok: true });
  return done({ ok: true }, { type: "hold.put", hold: { ...hold, state: "confirmed" } });
}

export interface Extend extends OfOrder {
  readonly expiresAt: number;
}
export type ExtendOutcome = { readonly ok: true; readonly expiresAt: number } | Refusal<"lapsed">;

/** Moves a hold's deadline out, never in and never beyond its cap. Only an order extends, so a tentative hold is confirmed by it. */
export function extend(view: InventoryView, command: Extend, now: number): Decision<ExtendOutcome> {
  const hold = aliveHold(view, command, now);
  if (hold === null) return refused("lapsed");
  if (hold.state === "committed") return done({ ok: true, expiresAt: hold.expiresAt });
  const expiresAt = Math.max(hold.expiresAt, Math.min(command.expiresAt, hold.latestExpiresAt));
  if (expiresAt === hold.expiresAt && hold.state === "confirmed") return done({ ok: true, expiresAt });
  return done(
    { ok: true, expiresAt },
    { type: "hold.put", hold: { ...hold, state: "confirmed", expiresAt } },
  );
}

export type CommitOutcome =
  | {
      readonly ok: true;
      /** There where the units are limited and the card is not known yet: it is to be named by another `commit` before it is charged. */
      readonly payerWanted?: true;
    }
  | Refusal<"lapsed" | "purchase_limit">;

/**
 * Sells the held units to the order. A repetition that names the card has that judged too; the units stay sold until the order, where
 * it is refused, settles them.
 *
 * @param payer the key of the card that pays, or null where it is not known
 */
export function commit(
  view: InventoryView,
  order: OfOrder,
  payer: string | null,
  now: number,
): Decision<CommitOutcome> {
  const hold = aliveHold(view, order, now);
  if (hold === null) return refused("lapsed");
  const known = hold.payer ?? payer;
  if (hold.state === "committed" && known === hold.payer) return done(sold(hold));
  if (overLimitWhenSold(view, hold, payer)) return refused("purchase_limit");
  const committed: Hold = { ...hold, payer: known, state: "committed" };
  const changes: Change[] = [{ type: "hold.put", hold: committed }];
  if (hold.state !== "committed")
    changes.push(ledger("committed", hold.orderId, { held: -hold.quantity, sold: hold.quantity }));
  return { outcome: sold(committed), changes };
}

function sold({ purchaseLimit, payer }: Hold): CommitOutcome {
  return purchaseLimit !== null && payer === null ? { ok: true, payerWanted: true } : { ok: true };
}

export type ReleaseOutcome = { readonly ok: true; readonly released: boolean };

/** Frees a tentative hold of this very attempt; anything else stays as it is. */
export function release(view: InventoryView, orderId: string, attempt: number): Decision<ReleaseOutcome> {
  const hold = view.hold(orderId);
  if (hold === null || hold.state !== "tentative" || hold.attempt !== attempt)
    return done({ ok: true, released: false });
  return done({ ok: true, released: true }, ...freed(hold, "released"));
}

export type SettleOutcome = { readonly ok: true; readonly freed: number };

function tombstoneFor(orderId: string, now: number): Change {
  return { type: "tombstone.put", tombstone: { orderId, until: now + TOMBSTONE_MS } };
}

/** Undo: frees a hold, takes back committed units, and refuses every late command of the order for a day. */
export function settle(view: InventoryView, orderId: string, now: number): Decision<SettleOutcome> {
  const hold = view.hold(orderId);
  const tombstone = tombstoneFor(orderId, now);
  if (hold === null) return done({ ok: true, freed: 0 }, tombstone);
  const kind = hold.state === "committed" ? "taken_back" : "settled";
  return done({ ok: true, freed: hold.quantity }, ...freed(hold, kind), tombstone);
}

/** Frees what has lapsed, at most `limit` holds: the caller repeats while something is due. */
export function releaseLapsed(view: InventoryView, now: number, limit: number): Decision<readonly Hold[]> {
  const lapsed = view.lapsed(now, limit);
  return { outcome: lapsed, changes: lapsed.flatMap((hold) => freed(hold, "expired")) };
}

// ------------------------------------------------------------------------ tentative holds that ask (crash recovery)

/** What a tentative hold asks its shard about. */
export interface HoldQuestion {
  readonly orderId: string;
  readonly fingerprint: string;
  readonly attempt: number;
}

/** `open`: there is an order with this content and its units; `unknown`: there is none, and no attempt is in flight. */
export type HoldAnswer = "open" | "unknown" | "in_flight";

/** The tentative holds that are to ask now. Their next question is put off first, so that a shard that is away is asked with backoff. */
export function ask(
  view: InventoryView,
  now: number,
  limit: number,
  random: () => number,
): Decision<readonly HoldQuestion[]> {
  const asking = view.asking(now, limit);
  return {
    outcome: asking.map(({ orderId, fingerprint, attempt }) => ({ orderId, fingerprint, attempt })),
    changes: asking.map((hold) => ({
      type: "hold.put",
      hold: { ...hold, asked: hold.asked + 1, askAt: now + backoffMs(hold.asked + 1, ASK_AGAIN, random()) },
    })),
  };
}

/** Takes a shard's answer. `unknown` frees a hold only if it is still tentative and of the attempt that was asked about. */
export function answered(
  view: InventoryView,
  { orderId, attempt }: HoldQuestion,
  answer: HoldAnswer,
): Decision<{ readonly ok: true }> {
  if (answer === "in_flight") return done({ ok: true });
  if (answer === "unknown")
    return { outcome: { ok: true }, changes: release(view, orderId, attempt).changes };
  const hold = view.hold(orderId);
  if (hold === null || hold.state !== "tentative") return done({ ok: true });
  return done({ ok: true }, { type: "hold.put", hold: { ...hold, state: "confirmed" } });
}

// --------------------------------------------------------------------------------------------------- ops' commands

export interface Adjust {
  readonly id: string;
  readonly delta: number;
  readonly reason: string;
}
export type AdjustOutcome =
  | { readonly ok: true; readonly repeated: boolean }
  | { readonly ok: false; readonly reason: "below_committed"; readonly available: number }
  | Refusal<"not_configured" | "id_reused">;

/** Corrects the stock by a delta; refused where it would go below what is held and sold. */
export function adjust(view: InventoryView, command: Adjust): Decision<AdjustOutcome> {
  if (view.terms === null) return refused("not_configured");
  const known = view.command(command.id);
  if (known !== null)
    return known === command.delta ? done({ ok: true, repeated: true }) : refused("id_reused");
  if (view.figures.available + command.delta < 0) {
    return done({ ok: false, reason: "below_committed", available: view.figures.available });
  }
  return done(
    { ok: true, repeated: false },
    ledger("adjusted", command.id, { available: command.delta, adjusted: command.delta }, command.reason),
    { type: "command.put", id: command.id, effect: command.delta },
  );
}

export interface ReturnUnits {
  readonly id: string;
  readonly orderId: string;
  readonly quantity: number;
}
export type ReturnOutcome =
  { readonly ok: true; readonly repeated: boolean } | Refusal<"not_sold" | "id_reused">;

/**
 * Puts sold units back on sale (ops restock a return); the rest of the order's units stays sold. Once none is left, a
 * tombstone keeps a late retry of the order's request from taking units again.
 */
export function returnUnits(view: InventoryView, command: ReturnUnits, now: number): Decision<ReturnOutcome> {
  const known = view.command(command.id);
  if (known !== null)
    return known === command.quantity ? done({ ok: true, repeated: true }) : refused("id_reused");
  const hold = view.hold(command.orderId);
  if (hold === null || hold.state !== "committed" || hold.quantity < command.quantity)
    return refused("not_sold");
  const { orderId } = command;
  const rest = hold.quantity - command.quantity;
  const left: Change[] =
    rest > 0
      ? [{ type: "hold.put", hold: { ...hold, quantity: rest } }]
      : [{ type: "hold.delete", orderId }, tombstoneFor(orderId, now)];
  return done(
    { ok: true, repeated: false },
    ...left,
    ledger("returned", command.id, { available: command.quantity, sold: -command.quantity }, orderId),
    { type: "command.put", id: command.id, effect: command.quantity },
  );
}

export interface Configure {
  readonly terms: Terms;
  /** Units received with the SKU's first configuration, once by id. */
  readonly initialStock: { readonly id: string; readonly quantity: number };
}
export type ConfigureOutcome = { readonly ok: true; readonly changed: boolean };

/** Takes over the catalog's terms where they are newer, and the initial stock once. */
export function configure(view: InventoryView, command: Configure): Decision<ConfigureOutcome> {
  const changes: Change[] = [];
  if (view.terms === null || command.terms.version > view.terms.version) {
    changes.push({ type: "terms.put", terms: command.terms });
  }
  const { id, quantity } = command.initialStock;
  if (view.command(id) === null) {
    // Kept for good: every configuration names it again, for as long as the SKU is sold.
    changes.push({ type: "command.put", id, effect: quantity, isKept: true });
    if (quantity > 0) changes.push(ledger("received", id, { available: quantity, received: quantity }));
  }
  return { outcome: { ok: true, changed: changes.length > 0 }, changes };
}
